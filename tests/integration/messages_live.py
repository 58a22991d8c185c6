#!/usr/bin/env python3
"""Subscriptions, imports and limits of the surface `messages`. Usage: messages_live.py sqlite|postgres|memory"""
import gzip
import json
import os
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from messages import Client, Server, Subscription, check, quote, run, same, token_for, wait_for  # noqa: E402

KIND = sys.argv[1]
SETTINGS = ["messages.heartbeat=300ms", "messages.history=50", "messages.max_subscribers_per_namespace=5", "server.write_timeout=1s"]
server = Server(KIND, "live", SETTINGS)
client = server.namespace("live")


def poke(stream, written):
    return {"stream": stream, **written}


def subscribed(query, headers=None):
    """A subscription that waits for a place: one that was closed is given back a moment later."""
    found = []

    def there():
        found.append(Subscription(client, query, headers))
        return found[-1].status == 200
    wait_for("a place for a subscription", there)
    return found[-1]


def pokes():
    one = Subscription(client, "stream=sse-1")
    two = Subscription(client, "category=sse")
    everything = Subscription(client, "all=true")
    same("headers", ("text/event-stream", "no-cache", "*"),
         tuple(one.headers[name] for name in ("content-type", "cache-control", "access-control-allow-origin")))
    written = client.write("sse-1", {"a": 1})
    answered = time.monotonic()
    same("SSE-001 the poke is the result", [poke("sse-1", written)], one.wait(1))
    check("SSE-001 within 500 ms", one.times[0] - answered < 0.5, one.times[0] - answered)
    same("SSE-008 fields", ["globalPosition", "position", "stream"], sorted(one.pokes[0]))
    other = client.write("sse-2")
    client.write("ssh-1")
    same("SSE-002 category", [poke("sse-1", written), poke("sse-2", other)], two.wait(2))
    same("SSE-006 independent", ["sse-1", "sse-2", "ssh-1"], [p["stream"] for p in everything.wait(3)])
    same("ids are global positions", [str(p["globalPosition"]) for p in everything.pokes], everything.ids)
    same("one line of JSON, a blank line", True, 'event: poke\ndata: {"stream":"sse-1","position":0,"globalPosition":' in one.body)
    one.close()
    client.write("sse-1")
    two.wait(3)
    same("SSE-010 a closed one gets nothing", 1, len(one.pokes))
    # From a position, beyond the end, and where it was left.
    later = Subscription(client, "stream=sse-1&position=1")
    same("SSE-003 from a position", [1], [p["position"] for p in later.wait(1)])
    beyond = Subscription(client, "stream=sse-1&position=100")
    again = subscribed("category=sse&position=%d" % other["globalPosition"])
    same("SSE-007 from where it was left", [other["globalPosition"]], [p["globalPosition"] for p in again.wait(2)][:1])
    for subscription in (two, later, again, everything):
        subscription.close()
    resumed = subscribed("all=true", {"Last-Event-ID": everything.ids[0]})
    same("Last-Event-ID", [int(i) for i in everything.ids[1:]], [p["globalPosition"] for p in resumed.wait(3)])
    wait_for("a heart-beat", lambda: beyond.comments.count("still here") >= 2)
    same("beyond the end nothing", [], beyond.pokes)
    beyond.close()
    resumed.close()


def consumers():
    members = [Subscription(client, "category=group&consumer=%d&size=3" % m) for m in range(3)]
    streams = ["group-%d" % n for n in range(20)] + ["group-5+copy", "group"]
    for stream in streams:
        client.write(stream)
    wait_for("all pokes", lambda: sum(len(m.pokes) for m in members) >= len(streams) - 1)
    told = [[p["stream"] for p in m.pokes] for m in members]
    same("SSE-009 each to one", sorted(set(streams) - {"group"}), sorted(sum(told, [])))
    for m, subscription in enumerate(members):
        read = client.call("category.get", "group", {"consumerGroup": {"member": m, "size": 3}})
        same("the same as reads", [r[1] for r in read], told[m])
        subscription.close()
        # What is stored is told by the same rule.
        backfill = Subscription(client, "category=group&consumer=%d&size=3" % m)
        backfill.wait(len(read))
        same("the same when read from the store", told[m], [p["stream"] for p in backfill.pokes])
        backfill.close()


def refusals():
    for query in ("", "stream=a&category=b", "all=true&stream=a", "stream=a&position=x", "category=a&consumer=x&size=2", "category=a&consumer=2&size=2",
                  "all=true&all=true", "stream=a&position=1&position=2", "stream=a&position=-1", "category=a&consumer=1", "category=a&size=2", "stream=a&consumer=0&size=1", "category=a&consumer=0&size=0"):
        status, body = client.request("GET", "/subscribe?" + query)
        same("status of %r" % query, 400, status)
        check("plain text", client.answer_headers["content-type"].startswith("text/plain") and not body.startswith("{"), body)
    if KIND != "memory":
        refused = Subscription(Client(server.port), "all=true")
        same("SSE-004 without a token", 401, refused.status)
    by_parameter = Subscription(Client(server.port), "all=true&token=" + quote(client.token))
    same("a token in the URL", 200, by_parameter.status)
    by_parameter.close()


def nothing_is_lost():
    """Between the subscription, the backfill and what comes there is no gap, and nothing comes twice."""
    stop = threading.Event()
    total = [0]

    def writer():
        own = Client(server.port, client.token)
        while not stop.is_set():
            own.write("busy-%d" % (total[0] % 5), {"n": total[0]})
            total[0] += 1
    thread = threading.Thread(target=writer)
    thread.start()
    wait_for("some messages", lambda: total[0] > 20)
    subscriptions = []
    for round in range(4):
        subscriptions.append(Subscription(client, "category=busy"))
        before = total[0]
        wait_for("some more", lambda: total[0] > before + 50)
    stop.set()
    thread.join()
    expected = [r[4] for r in client.call("category.get", "busy", {"batchSize": -1})]
    for subscription in subscriptions:
        subscription.wait(len(expected))
        same("everything once, in order", expected, [p["globalPosition"] for p in subscription.pokes])
        subscription.close()


def slow_subscriber():
    """Who does not read falls out of the history, is told so, and gets everything all the same."""
    inside = server.namespace("slow")
    slow = Subscription(inside, "category=slow")
    slow.paused.clear()
    name = "slow-" + "x" * 900
    inside.request("POST", "/import", "\n".join(line("%s%d" % (name, n % 8), n // 8, n + 1) for n in range(7000)))
    time.sleep(3)  # longer than server.write_timeout, which is not for subscribers
    slow.paused.set()
    expected = list(range(1, 7001))
    slow.wait(len(expected), 120)
    same("everything once, in order", expected, [p["globalPosition"] for p in slow.pokes])
    lagged = [c for c in slow.comments if c.startswith("lagged ")]
    check("it was told", lagged, slow.comments[-5:])
    check("with a place to resume from", 0 <= int(lagged[0].split()[1]) < 7000, lagged)
    later = inside.write("slow-later")
    slow.wait(len(expected) + 1)
    same("what comes later", later["globalPosition"], slow.pokes[-1]["globalPosition"])
    slow.close()


def limits():
    crowd = [Subscription(client, "all=true") for _ in range(5)]
    refused = Subscription(client, "all=true")
    same("too many of one namespace", 429, refused.status)
    wait_for("the answer", lambda: refused.ended)
    same("its code", "TOO_MANY_SUBSCRIPTIONS", json.loads(refused.body)["error"]["code"])
    crowd[0].close()

    def one_more():
        more = Subscription(client, "all=true", wait=False)
        more.close()
        return more.status == 200
    wait_for("a free place", one_more)
    for subscription in crowd[1:]:
        subscription.close()


def tokens_end():
    if KIND == "memory":
        return
    doomed = server.namespace("doomed")
    subscription = Subscription(doomed, "all=true")
    began = time.monotonic()
    server.admin().call("ns.delete", "doomed")
    wait_for("the end of the subscription", lambda: subscription.ended)
    check("within a second", time.monotonic() - began < 1.5, time.monotonic() - began)
    check("it says why", any(c.startswith("ended") for c in subscription.comments), subscription.comments)
    doomed.refused("AUTH_UNAUTHORIZED", "stream.version", "a")


def line(stream, pos, gpos, data='{"a":1.50}', meta="null", uuid=None):
    return '{"id":"%s","stream":"%s","type":"T","pos":%d,"gpos":%d,"data":%s,"meta":%s,"time":"2026-01-15T10:30:00.123456789Z"}' % (
        uuid or "00000000-0000-4000-8000-%012x" % gpos, stream, pos, gpos, data, meta)


def events(body):
    return [json.loads(event[6:]) for event in body.split("\n\n") if event.startswith("data: ")]


def imports():
    into = server.namespace("imports")
    status, body = into.request("POST", "/import", "")
    same("empty", [{"done": True, "imported": 0, "elapsed": events(body)[0]["elapsed"]}], events(body))
    same("an event stream", "text/event-stream", into.answer_headers["content-type"])
    told = Subscription(into, "all=true")
    lines = [line("imp-%d" % (n % 7), n // 7, 10 + 2 * n) for n in range(2500)]
    status, body = into.request("POST", "/import", "\n".join(lines) + "\n\n")
    same("progress", [(1000, 10 + 2 * 999), (2000, 10 + 2 * 1999)], [(e["imported"], e["gpos"]) for e in events(body)[:-1]])
    same("done", (True, 2500), (events(body)[-1]["done"], events(body)[-1]["imported"]))
    same("elapsed", "s", events(body)[-1]["elapsed"][-1])
    row = into.call("stream.get", "imp-1")[0]
    same("positions and time stay", [0, 12, {"a": 1.5}, None, "2026-01-15T10:30:00.123456789Z"], row[2:])
    same("pokes of an import", [10 + 2 * n for n in range(2500)], [p["globalPosition"] for p in told.wait(2500)])
    same("it goes on behind", 10 + 2 * 2499 + 1, into.write("imp-0")["globalPosition"])
    told.wait(2501)
    status, body = into.request("POST", "/import", line("imp-0", 0, 10, uuid="10000000-0000-4000-8000-000000000000"))
    same("taken", ("POSITION_EXISTS", 1), tuple(events(body)[0][k] for k in ("error", "line")))
    for query in ("force=banana", "resume=", "resume=yes"):
        status, body = into.request("POST", "/import?" + query, lines[0])
        same(query, (400, "INVALID_REQUEST"), (status, json.loads(body)["error"]["code"]))
    status, body = into.request("POST", "/import?resume=true", lines[0])
    same("the same again", 0, events(body)[-1]["imported"])
    for text, code, at in ((lines[0][:40], "INVALID_JSON", 1), ("[1]", "INVALID_RECORD", 1), ("%s\n\n{}" % line("new-1", 0, 9000), "INVALID_RECORD", 3),
                           (line("new-2", 0, 9001).replace('"T"', '""'), "INVALID_RECORD", 1), ("x" * 1200000, "READ_ERROR", 1)):
        status, body = into.request("POST", "/import", text)
        same("a bad line", (200, code, at), (status, events(body)[-1]["error"], events(body)[-1]["line"]))
    same("what came before it is stored", 0, into.call("stream.version", "new-1"))
    same("and told", 9000, told.wait(2502)[2501]["globalPosition"])
    # From the start again; with compression, and in chunks.
    packed = gzip.compress("\n".join(lines).encode())
    status, body = into.request("POST", "/import?force=true", packed, {"Content-Encoding": "gzip"})
    same("force", 2500, events(body)[-1]["imported"])
    same("counted anew", 2500, into.call("ns.info")["messageCount"])
    wait_for("what begins anew is told anew", lambda: len(told.pokes) >= 5002)
    same("in order", [10 + 2 * n for n in range(2500)], [p["globalPosition"] for p in told.pokes[2502:]])
    told.close()

    def pieces():
        for n in range(5000, 8000):
            yield (line("chunk-1", n - 5000, 2 * n) + "\n").encode()
    connection = into.connection
    connection.request("POST", "/import", pieces(), into.headers, encode_chunked=True)
    same("in chunks", 3000, events(connection.getresponse().read().decode())[-1]["imported"])
    same("the connection goes on", 2999, into.call("stream.version", "chunk-1"))


def import_is_streamed():
    """Progress comes while the body is sent, and a body of any length takes no memory."""
    into = server.namespace("streamed")
    end = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    end.sendall(("POST /import HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nTransfer-Encoding: chunked\r\n\r\n" % into.token).encode())

    def send(text):
        data = text.encode()
        end.sendall(b"%x\r\n%s\r\n" % (len(data), data))
    file = end.makefile("rb")
    heard = []
    threading.Thread(target=lambda: heard.extend(iter(file.readline, b"")), daemon=True).start()

    def memory():
        with open("/proc/%d/status" % server.process.pid) as status:
            return int([row for row in status if row.startswith("VmRSS")][0].split()[1])

    def send_thousands(first, count):
        for n in range(first, first + count):
            send("".join(line("big-%d" % (g % 3), g // 3, g + 1, '{"pad":"%s"}' % ("z" * 2000)) + "\n" for g in range(1000 * n, 1000 * n + 1000)))
    send_thousands(0, 1)
    wait_for("progress before the end", lambda: any(b'"imported":1000' in row for row in heard))
    if KIND != "memory":
        send_thousands(1, 9)
        wait_for("progress", lambda: any(b'"imported":10000' in row for row in heard))
        before = memory()
        send_thousands(10, 30)
        wait_for("progress", lambda: any(b'"imported":40000' in row for row in heard), 60)
        check("memory stays flat over 60 MB", memory() - before < 40_000, (before, memory()))
    end.sendall(b"0\r\n\r\n")
    wait_for("the end", lambda: any(b'"done":true' in row for row in heard))
    end.close()


def poke_latency():
    """A poke comes with the write's answer: within 10 ms, on a machine that has nothing else to do nearly always."""
    subscription = Subscription(client, "stream=latency-1")
    late = []
    for n in range(300):
        client.write("latency-1")
        answered = time.monotonic()
        subscription.wait(n + 1)
        late.append(max(0.0, subscription.times[n] - answered))
    late.sort()
    print("  poke after the answer: p50 %.2f ms, p99 %.2f ms" % (late[150] * 1000, late[296] * 1000))
    check("the middle one", late[150] < 0.010, late[-5:])
    subscription.close()


def rate_limit():
    if KIND == "memory":
        return
    limited = Server(KIND, "limited", ["messages.rps=1", "messages.burst=5", "messages.max_message_bytes=2000"])
    inside = limited.namespace("a")
    for _ in range(5):
        inside.call("sys.version")
    error = inside.refused("RATE_LIMITED", "sys.version")
    same("429", 429, error["status"])
    check("Retry-After", int(inside.answer_headers["retry-after"]) >= 1)
    limits = json.loads(inside.request("GET", "/limits")[1])["messages"]
    same("visible", (2000, 1, 5), tuple(limits[name] for name in ("max_message_bytes", "requests_per_second", "burst")))
    limited.stop()


def metrics():
    if KIND == "memory":
        return
    text = Client(server.ports[1]).request("GET", "/metrics")[1]
    for name in ('messagedb_requests_total{method="stream.write",status="200"}', "messagedb_request_duration_seconds_count{method=\"stream.write\"}",
                 "messagedb_messages_written_total", "messagedb_messages_imported_total", "messagedb_pokes_total", "messagedb_lagged_total"):
        value = [row for row in text.splitlines() if row.startswith(name)]
        check(name, value and float(value[0].split()[-1]) > 0, value)
    wait_for("no open subscription", lambda: "messagedb_sse_connections 0" in Client(server.ports[1]).request("GET", "/metrics")[1])


def held_namespace():
    """While another transaction holds the namespace, force removes nothing and says so."""
    if KIND != "postgres":
        return
    into = server.namespace("held")
    into.write("kept-1")
    psql = ["psql", "-qXAt", server.environment["LOGCTL_DATABASE_URL"]]
    holder = subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdin.write("BEGIN; SELECT id FROM message_namespaces WHERE id = 'held' FOR UPDATE;\n")
    holder.stdin.flush()
    same("it is held", "held", holder.stdout.readline().strip())
    status, body = into.request("POST", "/import?force=true", line("new-1", 0, 1))
    same("refused", (503, {"code": "BACKEND_ERROR", "message": "nothing was removed, another transaction holds the namespace; try again"}),
         (status, json.loads(body)["error"]))
    holder.communicate("ROLLBACK;\n")
    same("nothing is removed", [0, None], [into.call("stream.version", name) for name in ("kept-1", "new-1")])
    status, body = into.request("POST", "/import?force=true", line("new-1", 0, 1))
    same("then it is", (200, True, 1), (status, events(body)[-1]["done"], into.call("ns.info")["messageCount"]))


def two_daemons():
    """What one writes reaches the subscribers of the other; a token that is rotated there ends here."""
    if KIND != "postgres":
        return
    second = Server(KIND, "second", SETTINGS, share=server)
    far = Client(second.port, client.token)
    here = Subscription(client, "category=two")
    there = Subscription(far, "category=two")
    written = []
    for n in range(200):
        written.append((client if n % 2 else far).write("two-%d" % (n % 3))["globalPosition"])
    for subscription in (here, there):
        subscription.wait(200)
        same("everything once, in order", written, [p["globalPosition"] for p in subscription.pokes])
        subscription.close()
    made = server.namespace("fleeting")
    shared = Client(second.port, made.token)
    shared.write("a-1")
    ending = Subscription(shared, "all=true")
    began = time.monotonic()
    server.admin().call("ns.delete", "fleeting")
    wait_for("the end there", lambda: ending.ended)
    check("within a second", time.monotonic() - began < 1.5, time.monotonic() - began)

    def is_refused():
        status, _ = shared.request("POST", "/rpc", '["stream.version","a-1"]')
        return status == 403
    wait_for("the token's end", is_refused)
    check("within a second", time.monotonic() - began < 2, time.monotonic() - began)
    second.stop()


def stop():
    subscription = Subscription(client, "all=true")
    client.write("stop-1")
    subscription.wait(1)
    began = time.monotonic()
    server.stop()
    check("subscribers do not hold it up", time.monotonic() - began < 5, time.monotonic() - began)
    wait_for("the end", lambda: subscription.ended)
    check("it says why", "the server is stopping" in subscription.comments, subscription.comments)


run([pokes, consumers, refusals, nothing_is_lost, slow_subscriber, limits, tokens_end, imports, import_is_streamed, poke_latency,
     rate_limit, metrics, held_namespace, two_daemons, stop])

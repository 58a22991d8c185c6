#!/usr/bin/env python3
"""What a conforming server of streams must show, item by item, through HTTP. Usage: messages.py sqlite|postgres|memory"""
import json
import os
import re
import sys
import threading
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from messages import Client, Server, Subscription, check, run, same, token_for  # noqa: E402

KIND = sys.argv[1]
server = Server(KIND, "checklist")
client = server.namespace("checklist-1_%d" % os.getpid(), description="the checklist")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")


def write():
    c = client
    first = c.write("write1-1", {"a": 1})
    same("WRITE-001 position of the first", 0, first["position"])
    check("WRITE-001 global position", first["globalPosition"] >= 1)
    same("WRITE-001 fields", ["globalPosition", "position"], sorted(first))
    c.write("write2-1", {"a": 1}, metadata={"trace": "x", "n": [1, None]})
    same("WRITE-002 metadata", {"trace": "x", "n": [1, None]}, c.call("stream.get", "write2-1")[0][5])
    own = str(uuid.uuid4())
    c.write("write3-1", {"a": 1}, id=own)
    same("WRITE-003 id", own, c.call("stream.get", "write3-1")[0][0])
    c.write("write4-1")
    same("WRITE-004 expected version", 1, c.write("write4-1", expectedVersion=0)["position"])
    error = c.refused("STREAM_VERSION_CONFLICT", "stream.write", "write4-1", {"type": "T", "data": {}}, {"expectedVersion": 7})
    same("WRITE-005 conflict", (409, {"expected": 7, "actual": 1}), (error["status"], error["details"]))
    error = c.refused("STREAM_VERSION_CONFLICT", "stream.write", "write5-1", {"type": "T", "data": {}}, {"expectedVersion": 0})
    same("WRITE-005 missing stream", {"expected": 0, "actual": -1}, error["details"])
    written = [c.write("write6-1") for _ in range(5)]
    same("WRITE-006 positions", [0, 1, 2, 3, 4], [w["position"] for w in written])
    rising = [w["globalPosition"] for w in written]
    check("WRITE-006 global positions rise", rising == sorted(set(rising)), rising)
    same("WRITE-007 dashes", 0, c.write("write7-with-many-dashes-1")["position"])
    same("WRITE-008 empty data", 0, c.write("write8-1", {})["position"])
    c.write("write9-1", {}, metadata=None)
    same("WRITE-009 null metadata", None, c.call("stream.get", "write9-1")[0][5])
    # Idempotent: the same again is the same answer, anything else is refused.
    repeated = str(uuid.uuid4())
    once = c.write("write11-1", {"n": 1}, id=repeated)
    again = c.write("write11-1", {"n": 1}, id=repeated.upper())
    same("the same id again", once, again)
    error = c.refused("MESSAGE_ID_CONFLICT", "stream.write", "write11-1", {"type": "Tested", "data": {"n": 2}},
                      {"id": repeated})
    same("another message with this id", (409, once["position"]), (error["status"], error["details"]["position"]))
    same("nothing was written", 0, c.call("stream.version", "write11-1"))


def read():
    c = client
    same("READ-001", [], c.call("stream.get", "read-missing"))
    for n in range(10):
        c.write("read-1", {"n": n}, metadata={"m": n})
    rows = c.call("stream.get", "read-1")
    same("READ-002", 10, len(rows))
    same("READ-003 fields", {7}, {len(row) for row in rows})
    same("READ-004 ascending", list(range(10)), [row[2] for row in rows])
    rows = c.call("stream.get", "read-1", {"position": 5})
    same("READ-005", [5, 6, 7, 8, 9], [row[2] for row in rows])
    same("READ-006 global position", rows, c.call("stream.get", "read-1", {"globalPosition": rows[0][3]}))
    same("READ-007 batch", 10, len(c.call("stream.get", "read-1", {"batchSize": 10})))
    same("READ-007 smaller batch", 3, len(c.call("stream.get", "read-1", {"batchSize": 3})))
    same("READ-008 unlimited", 10, len(c.call("stream.get", "read-1", {"batchSize": -1})))
    same("READ-009", [({"n": n}, {"m": n}) for n in range(10)], [(r[4], r[5]) for r in c.call("stream.get", "read-1")])
    check("READ-010 time", TIME.fullmatch(rows[0][6]), rows[0][6])
    check("id", uuid.UUID(rows[0][0]).version == 7, rows[0][0])
    same("options of null", 10, len(c.call("stream.get", "read-1", None)))


def last_and_version():
    c = client
    same("LAST-001", None, c.call("stream.last", "last-missing"))
    for kind in ("A", "B", "A"):
        c.write("last-1", {"kind": kind}, type=kind)
    row = c.call("stream.last", "last-1")
    same("LAST-002", (7, "A", 2), (len(row), row[1], row[2]))
    row = c.call("stream.last", "last-1", {"type": "B"})
    same("LAST-003", ("B", 1, {"kind": "B"}), (row[1], row[2], row[4]))
    same("LAST-004", None, c.call("stream.last", "last-1", {"type": "C"}))
    same("VERSION-001", None, c.call("stream.version", "version-missing"))
    c.write("version-1")
    same("VERSION-002", 0, c.call("stream.version", "version-1"))
    c.write("version-1")
    same("VERSION-003", 1, c.call("stream.version", "version-1"))


def category():
    c = client
    for n in range(1, 5):
        for _ in range(2):
            c.write("account-%d" % n, {"n": n}, metadata={"correlationStreamName": "command-%d" % n} if n < 3 else None)
    c.write("account-5", {}, metadata={"correlationStreamName": "commander-5"})
    c.write("accounts-1")
    c.write("account")
    rows = c.call("category.get", "account")
    same("CATEGORY-001", {"account-1", "account-2", "account-3", "account-4", "account-5", "account"}, {r[1] for r in rows})
    same("CATEGORY-002 fields", {8}, {len(row) for row in rows})
    positions = [row[4] for row in rows]
    same("CATEGORY-003 ordering", sorted(positions), positions)
    same("CATEGORY-004 inclusive", positions[3:], [r[4] for r in c.call("category.get", "account", {"position": positions[3]})])
    same("globalPosition", positions[3:], [r[4] for r in c.call("category.get", "account", {"globalPosition": positions[3]})])
    same("CATEGORY-005 batch", 3, len(c.call("category.get", "account", {"batchSize": 3})))
    members = [c.call("category.get", "account", {"consumerGroup": {"member": m, "size": 2}}) for m in (0, 1)]
    # The hash of the ids 1, 3 and 5, 4 and 2: |hash64| mod 2 is 0, 0, 1, 1 for 1, 3, 2, 4 as published.
    groups = [{r[1] for r in member} for member in members]
    check("CATEGORY-006 1 and 3 for the first", {"account-1", "account-3"} <= groups[0], groups)
    check("CATEGORY-006 2 and 4 for the second", {"account-2", "account-4"} <= groups[1], groups)
    same("CATEGORY-006 disjoint", set(), groups[0] & groups[1])
    same("CATEGORY-006 no id, no member", False, "account" in groups[0] | groups[1])
    c.write("pair-123")
    c.write("pair-123+copy")
    same("one member for compound ids", [2, 0], sorted(
        (len(c.call("category.get", "pair", {"consumerGroup": {"member": m, "size": 2}})) for m in (0, 1)), reverse=True))
    same("CATEGORY-007 correlation", {"account-1", "account-2"},
         {r[1] for r in c.call("category.get", "account", {"correlation": "command"})})
    same("CATEGORY-008", [], c.call("category.get", "nothing"))
    everything = c.call("category.get", "", {"batchSize": -1})
    check("every stream", {"accounts-1", "read-1", "account-1"} <= {r[1] for r in everything})
    for group in ({"member": 0}, {"size": 2}, {"member": 2, "size": 2}, {"member": -1, "size": 2}, {"member": 0, "size": 0}):
        error = c.refused("INVALID_REQUEST", "category.get", "account", {"consumerGroup": group})
        same("status", 400, error["status"])


def namespaces():
    admin = server.admin()
    made = admin.call("ns.create", "ns-1", {"description": "words", "metadata": {"a": 1}})
    same("NS-001 fields", ["createdAt", "namespace", "token"], sorted(made))
    check("NS-001 token", re.fullmatch(r"ns_bnMtMQ_[0-9a-f]{64}", made["token"]), made["token"])
    check("NS-001 time", TIME.fullmatch(made["createdAt"]))
    # The base64url of this name has a `_` in it: the token is split at the last one.
    odd = "ns?-_%d" % 1234567890123456789
    check("a `_` within", "_" in token_for(odd)[3:-65])
    own = admin.call("ns.create", odd, {"token": token_for(odd)})
    same("NS-002 own token", token_for(odd), own["token"])
    same("NS-002 it works", 0, Client(server.port, own["token"]).write("a-1")["position"])
    error = admin.refused("INVALID_REQUEST", "ns.create", "ns-2", {"token": token_for("other")})
    same("a token of another namespace", 400, error["status"])
    same("NS-003 duplicate", 409, admin.refused("NAMESPACE_EXISTS", "ns.create", "ns-1")["status"])
    inside = Client(server.port, made["token"])
    for n in range(7):
        inside.write("a-%d" % (n % 3), {})
    inside.write("b", {})
    info = admin.call("ns.info", "ns-1")
    same("NS-007 counters", (8, 4, "words"), (info["messageCount"], info["streamCount"], info["description"]))
    check("lastActivity", TIME.fullmatch(info["lastActivity"]))
    same("its own", info, inside.call("ns.info", "ns-1"))
    listed = admin.call("ns.list")
    same("NS-006 list", (8, "words"), [(r["messageCount"], r["description"]) for r in listed if r["namespace"] == "ns-1"][0])
    check("newest first", [r["createdAt"] for r in listed] == sorted((r["createdAt"] for r in listed), reverse=True))
    same("streams", [("a-0", 2), ("a-1", 1), ("a-2", 1), ("b", 0)],
         [(r["stream"], r["version"]) for r in inside.call("ns.streams")])
    same("a prefix", ["a-0", "a-1"], [r["stream"] for r in inside.call("ns.streams", {"prefix": "a", "limit": 2})])
    same("a cursor", ["a-2", "b"], [r["stream"] for r in inside.call("ns.streams", {"cursor": "a-1"})])
    for limit in (0, 1001):
        inside.refused("INVALID_REQUEST", "ns.streams", {"limit": limit})
    same("categories", [{"category": "a", "streamCount": 3, "messageCount": 7}, {"category": "b", "streamCount": 1, "messageCount": 1}],
         inside.call("ns.categories"))
    same("other namespaces see nothing", [], client.call("stream.get", "b"))
    turned = admin.call("ns.rotateToken", "ns-1")
    same("a new token", 2, Client(server.port, turned["token"]).call("stream.version", "a-0"))
    if KIND != "memory":
        inside.refused("AUTH_UNAUTHORIZED", "stream.version", "a-0")
        inside = Client(server.port, turned["token"])
    gone = admin.call("ns.delete", "ns-1")
    same("NS-004 delete", ("ns-1", 8), (gone["namespace"], gone["messagesDeleted"]))
    check("NS-004 time", TIME.fullmatch(gone["deletedAt"]))
    same("NS-005", 404, admin.refused("NAMESPACE_NOT_FOUND", "ns.delete", "ns-1")["status"])
    same("NS-005", 404, admin.refused("NAMESPACE_NOT_FOUND", "ns.info", "ns-1")["status"])
    admin.refused("INVALID_REQUEST", "ns.create", "")
    admin.refused("INVALID_REQUEST", "ns.create", "x" * 256)
    if KIND == "memory":
        return
    inside.refused("AUTH_UNAUTHORIZED", "stream.version", "a-0")
    # The token of a namespace acts in this one only.
    for call in (("ns.create", "x"), ("ns.delete", odd), ("ns.list",), ("ns.info", odd)):
        same("not for everybody", 403, client.refused("AUTH_UNAUTHORIZED", *call)["status"])
    # And an API key has none to act in.
    same("no namespace", 403, admin.refused("AUTH_UNAUTHORIZED", "stream.get", "a-1")["status"])


def encoding():
    c = client
    texts = ["Grüße, мир, 世界", "emoji 🎉👩‍👩‍👧", "quotes \" \\ / \b\f\n\r\t", ""]
    values = {"texts": texts, "yes": True, "no": False, "nothing": None, "whole": 42, "pi": 3.14159, "negative": -7, "zero": 0,
              "nested": {"a": {"b": {"c": [1, "x", None, [True, {}]]}}}, "mixed": [1, "a", None, False, {"k": []}], "": "empty name"}
    c.write("encoding-1", values)
    row = c.call("stream.get", "encoding-1")[0]
    same("ENCODING", json.dumps(values, sort_keys=True), json.dumps(row[4], sort_keys=True))
    c.write("test-stream_123.abc", {})
    same("ENCODING-003 names", 0, c.call("stream.version", "test-stream_123.abc"))
    c.write("täst-名前 x", {})
    same("names in UTF-8", 0, c.call("stream.version", "täst-名前 x"))
    large = {"text": "x" * 100_000}
    c.write("encoding-2", large)
    same("ENCODING-010", large, c.call("stream.get", "encoding-2")[0][4])
    # Numbers keep their digits, whatever their size.
    numbers = '{"a":1.0,"b":1e2,"c":12345678901234567890123,"d":0.1000,"e":-0,"f":1E-7}'
    status, body = c.request("POST", "/rpc", '["stream.write", "encoding-3", {"type":"T", "data": %s }]' % numbers.replace(",", " ,\n "))
    same("status", 200, status)
    status, body = c.request("POST", "/rpc", '["stream.get","encoding-3"]')
    check("byte for byte", numbers in body, body)
    for data in ('{"a":"\\u0000"}', '{"a":"\\ud800"}'):
        status, body = c.request("POST", "/rpc", '["stream.write","encoding-4",{"type":"T","data":%s}]' % data)
        same("what no store takes", (400, "INVALID_REQUEST"), (status, json.loads(body)["error"]["code"]))


def edges():
    c = client
    check("EDGE-001 batchSize 0", isinstance(c.call("stream.get", "read-1", {"batchSize": 0}), list))
    same("EDGE-002 negative position", 10, len(c.call("stream.get", "read-1", {"position": -5})))
    error = c.refused("INVALID_REQUEST", "stream.get", "read-1", {"batchSize": 10001})
    check("EDGE-003 names batchSize", "batchSize" in error["message"], error)
    c.refused("INVALID_REQUEST", "category.get", "read", {"batchSize": -2})
    for name in ("a", "a-b-c-d-e-f", "123-456", "UPPERCASE-STREAM"):
        same("EDGE-004 " + name, 0, c.write(name)["position"])
    done = []

    def one():
        done.append(Client(server.port, client.token).write("edge-many")["position"])
    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    same("EDGE-005 concurrent writes", list(range(10)), sorted(done))
    same("EDGE-006 beyond the end", [], c.call("stream.get", "read-1", {"position": 1000}))
    same("EDGE-007 -1 on a new stream", 0, c.write("edge-new", expectedVersion=-1)["position"])
    c.refused("STREAM_VERSION_CONFLICT", "stream.write", "edge-new", {"type": "T", "data": {}}, {"expectedVersion": -1})
    c.refused("STREAM_VERSION_CONFLICT", "stream.write", "edge-newer", {"type": "T", "data": {}}, {"expectedVersion": 0})
    for bad in ("", "x" * 1025, "a\0b", 5, None):
        c.refused("INVALID_REQUEST", "stream.write", bad, {"type": "T", "data": {}})
    same("longest name", 0, c.write("x" * 1024)["position"])
    # An import takes longer names, so reading does as well.
    same("the longest name that can be there", [], c.call("stream.get", "x" * 2048))
    same("its version", None, c.call("stream.version", "x" * 2048))
    same("its last", None, c.call("stream.last", "x" * 2048))
    error = c.refused("INVALID_REQUEST", "stream.get", "a", {"position": 0.5})
    check("names what it found", "0.5" in error["message"], error)
    status, body = c.request("POST", "/rpc", '["stream.get","a",{"position":}]')
    check("names the argument", "argument 2" in body, body)


def long_answers():
    c = client
    threads = [threading.Thread(target=lambda n=n: [Client(server.port, c.token).write("long-%d" % n, {"n": i, "pad": "y" * 500})
                                                    for i in range(350)]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for batch, count in ((-1, 2800), (1000, 1000), (2500, 2500), (10000, 2800)):
        rows = c.call("category.get", "long", {"batchSize": batch})
        positions = [r[4] for r in rows]
        same("batch %d" % batch, (count, sorted(set(positions))), (len(rows), positions))
    members = [[r[4] for r in c.call("category.get", "long", {"batchSize": -1, "consumerGroup": {"member": m, "size": 3}})] for m in range(3)]
    same("members share everything", positions, sorted(sum(members, [])))
    same("one stream", list(range(350)), [r[4]["n"] for r in c.call("stream.get", "long-3", {"batchSize": -1})])


def errors():
    c = client
    for body in ("", "nonsense", '{"a":1}', "[]", "[5]", "[null]", '["stream.get"', '["stream.get","a"] x', '["stream.get","a",{"x":tru}]'):
        status, answer = c.request("POST", "/rpc", body)
        same("status of %r" % body, 400, status)
        same("code of %r" % body, "INVALID_REQUEST", json.loads(answer)["error"]["code"])
    same("METHOD_NOT_FOUND", 404, c.refused("METHOD_NOT_FOUND", "stream.nothing", "a")["status"])
    for call in (("stream.write",), ("stream.write", "a"), ("stream.write", "a", {"data": {}}), ("stream.write", "a", {"type": "", "data": {}}),
                 ("stream.write", "a", {"type": "T"}), ("stream.write", "a", {"type": "T", "data": []}), ("stream.write", "a", {"type": "T", "data": "x"}),
                 ("stream.write", "a", {"type": "T", "data": {}, "metadata": 5}), ("stream.write", "a", {"type": "T", "data": {}}, {"id": "no"}),
                 ("stream.write", "a", {"type": "T", "data": {}}, {"expectedVersion": "1"}),
                 ("stream.write", "a", {"type": "T", "data": {}}, {"expectedVersion": -2}), ("stream.get", "a" * 2049), ("stream.get",), ("stream.get", "a", 5),
                 ("stream.get", "a", {"position": "x"}), ("stream.get", "a", {"position": 1.5}), ("category.get",), ("stream.version", 7)):
        same("status of %s" % (call,), 400, c.refused("INVALID_REQUEST", *call)["status"])
    for method in ("GET", "PUT", "DELETE"):
        status, answer = c.request(method, "/rpc")
        same("%s /rpc" % method, (405, "INVALID_REQUEST"), (status, json.loads(answer)["error"]["code"]))
    check("Allow", "POST" in c.answer_headers["allow"], c.answer_headers)
    status, answer = c.request("GET", "/nothing")
    same("another path", (404, "NOT_FOUND"), (status, json.loads(answer)["error"]["code"]))
    status, answer = c.request("GET", "/health")
    same("health", (200, {"status": "ok"}), (status, json.loads(answer)))
    check("sys.version", re.fullmatch(r"\d+\.\d+\.\d+.*", c.call("sys.version")), c.call("sys.version"))
    same("/version", c.call("sys.version"), json.loads(c.request("GET", "/version")[1])["version"])
    health = c.call("sys.health")
    same("sys.health", ("ok", KIND), (health["status"], health["backend"]))
    shown = json.loads(c.request("GET", "/limits")[1])["messages"]
    same("limits of names and the queue", (1024, 2048, 255, 33554432),
         tuple(shown[name] for name in ("max_name_bytes", "max_import_name_bytes", "max_namespace_name_bytes", "queue_bytes")))
    error = server.admin().refused("INVALID_REQUEST", "ns.create", "too-much", {"metadata": {"x": "y" * 1048576}})
    check("metadata of a namespace", "max_message_bytes" in error["message"], error)
    same("limits", 1048576, json.loads(c.request("GET", "/limits")[1])["messages"]["max_message_bytes"])
    error = c.refused("INVALID_REQUEST", "stream.write", "a", {"type": "T", "data": {"x": "y" * 1048576}})
    same("a message too large", 1048576, error["details"]["maxMessageBytes"])
    check("no token is sent back", not any("token" in name for name in c.answer_headers), c.answer_headers)


def authentication():
    if KIND == "memory":
        # Lenient: none, nonsense and unknown ones.
        same("no token", 0, Client(server.port).write("lenient-1")["position"])
        same("no Bearer", 1, Client(server.port, headers={"Authorization": "Basic eDp5"}).write("lenient-1")["position"])
        same("no token at all", 2, Client(server.port, "nonsense").write("lenient-1")["position"])
        # Nothing needs to have been written into it.
        for call, empty in ((("stream.get", "a"), []), (("stream.last", "a"), None), (("stream.version", "a"), None), (("category.get", "a"), []),
                            (("ns.streams",), []), (("ns.categories",), [])):
            same("%s in an unknown namespace" % call[0], empty, Client(server.port, token_for("unseen-" + call[0])).call(*call))
        same("its figures", 0, Client(server.port, token_for("unseen")).call("ns.info")["messageCount"])
        listening = Subscription(Client(server.port, token_for("unheard")), "all=true")
        same("subscribed to", 200, listening.status)
        written = Client(server.port, token_for("unheard")).write("lenient-1")
        same("and told", [written["globalPosition"]], [p["globalPosition"] for p in listening.wait(1)])
        listening.close()
        other = Client(server.port, token_for("made-up"))
        same("an unknown namespace", 0, other.write("lenient-1")["position"])
        same("it is a namespace", 0, Client(server.port, token_for("made-up", "b")).call("stream.version", "lenient-1"))
        return
    for headers, code in (({}, "AUTH_REQUIRED"), ({"Authorization": "Basic eDp5"}, "AUTH_REQUIRED"), ({"Authorization": "Bearer "}, "AUTH_REQUIRED"),
                          ({"Authorization": "Bearer nonsense"}, "AUTH_INVALID_TOKEN"), ({"Authorization": "Bearer ns_x_12"}, "AUTH_INVALID_TOKEN"),
                          ({"Authorization": "Bearer " + token_for("unknown")}, "AUTH_UNAUTHORIZED"),
                          ({"Authorization": "Bearer " + client.token[:-64] + "0" * 64}, "AUTH_UNAUTHORIZED")):
        for path, body in (("/rpc", '["sys.version"]'), ("/import", ""), ("/subscribe?all=true", None)):
            status, answer = Client(server.port, headers=headers).request("POST" if body is not None else "GET", path, body)
            same("%s of %s" % (path, headers), (403 if code == "AUTH_UNAUTHORIZED" else 401, code), (status, json.loads(answer)["error"]["code"]))
    error = json.loads(answer)["error"]
    check("names the namespace", error["details"]["namespace"].startswith("checklist"), error)
    status, answer = Client(server.port, "nonsense").request("POST", "/rpc?token=" + client.token, '["stream.version","read-1"]')
    same("the parameter goes first", (200, "9"), (status, answer))
    token = re.search(r"ns_ZGVmYXVsdA_[0-9a-f]{64}", server.log_text()).group(0)
    same("the token of default", 0, Client(server.port, token).write("auth-1")["position"])


def restart():
    if KIND == "memory":
        server.stop()
        left = [name for name in os.listdir(server.folder) if name != "log"]
        same("nothing is left", [], left)
        return
    before = client.call("stream.get", "read-1")
    shown = server.log_text().count("ns_ZGVmYXVsdA_")
    server.stop()
    wrong = token_for("default", "d")
    server.start("--token", wrong)
    client.connection = None
    client.port = server.port
    same("what was written is there", before, client.call("stream.get", "read-1"))
    same("no token is shown again", shown, server.log_text().count("ns_ZGVmYXVsdA_"))
    check("a token that does not work is named as such", "messages.token does not open" in server.log_text())
    Client(server.port, wrong).refused("AUTH_UNAUTHORIZED", "sys.version")
    server.stop()


run([write, read, last_and_version, category, namespaces, encoding, edges, long_answers, errors, authentication, restart])

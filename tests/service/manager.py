#!/usr/bin/env python3
"""The daemon under a service manager: what it reports, which sockets it takes, where secrets come from.

Usage: manager.py BINARY     plays systemd's part of sd_notify(3), sd_listen_fds(3) and credentials
"""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

binary = os.path.abspath(sys.argv[1])
work = tempfile.mkdtemp(prefix="logctl-manager-")
checks = 0


def same(what, expected, found):
    global checks
    checks += 1
    if expected != found:
        raise AssertionError("%s: expected %r, found %r" % (what, expected, found))


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("%s did not happen in %d s" % (what, seconds))


class Manager:
    """Starts a daemon and hears what it reports."""

    running = []

    def __init__(self, name, config="", sockets=(), variables=None, arguments=(), command="serve"):
        self.folder = os.path.join(work, name)
        os.makedirs(self.folder)
        self.config = os.path.join(self.folder, "config.yaml")
        self.write_config(config)
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(os.path.join(self.folder, "notify"))
        self.ear.settimeout(0.05)
        self.messages = []
        environment = {
            "PATH": "/usr/bin:/bin",
            "STATE_DIRECTORY": os.path.join(self.folder, "state"),
            "NOTIFY_SOCKET": os.path.join(self.folder, "notify"),
        }
        environment.update(variables or {})
        # The shell puts its own process id there, and becomes the daemon.
        script = 'export WATCHDOG_PID=$$; exec "$0" "$@"'
        if sockets:
            environment["LISTEN_FDS"] = str(len(sockets))
            script = "export LISTEN_PID=${OTHER_PID:-$$}; " + script
        self.log = os.path.join(self.folder, "log")

        def hand_over():
            # Above the numbers that they get, so that none is written over before its turn.
            kept = [os.dup2(s.fileno(), 100 + i) for i, s in enumerate(sockets)]
            for i, fd in enumerate(kept):
                os.dup2(fd, 3 + i, inheritable=True)
                os.close(fd)

        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["sh", "-c", script, binary, command, "--config", self.config, *arguments],
                env=environment, cwd=self.folder, stdout=log, stderr=log, close_fds=not sockets,
                preexec_fn=hand_over if sockets else None)
        Manager.running.append(self)

    def write_config(self, text):
        with open(self.config + ".new", "w") as file:
            file.write(text)
        os.replace(self.config + ".new", self.config)

    def log_text(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def hear(self):
        try:
            while True:
                self.messages.append(self.ear.recv(4096).decode())
        except (socket.timeout, BlockingIOError):
            pass

    def heard(self, pattern, since=0):
        """The position behind the first message from `since` on that matches."""
        self.hear()
        for i, message in enumerate(self.messages[since:]):
            if re.search(pattern, message):
                return since + i + 1
        if self.process.poll() is not None and "STOPPING" not in pattern:
            raise AssertionError("the daemon ended: " + self.log_text())
        return 0

    def wait_heard(self, pattern, since=0):
        return wait_for(pattern, lambda: self.heard(pattern, since))

    def address(self):
        return wait_for("an address", lambda: re.search(r"https?://127\.0\.0\.1:(\d+)", self.log_text())).group(0)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        same("exit status", 0, self.process.wait(30))


def get(url, **arguments):
    with urllib.request.urlopen(url, timeout=10, **arguments) as answer:
        return answer.read().decode()


def listener(address="127.0.0.1"):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((address, 0))
    server.listen(16)
    return server, server.getsockname()[1]


HOST = "server:\n  host: 127.0.0.1\n  port: 0\n"


def life():
    """READY once it serves, RELOADING with the time, WATCHDOG again and again, STOPPING with the time it takes."""
    daemon = Manager("life", HOST + "log:\n  level: info\n", variables={"WATCHDOG_USEC": "600000"})
    daemon.wait_heard(r"^EXTEND_TIMEOUT_USEC=\d+$|^STATUS=opening the store$")
    ready = daemon.wait_heard(r"^READY=1$")
    same("health after READY", "healthy", json.loads(get(daemon.address() + "/health"))["status"])
    daemon.wait_heard(r"^STATUS=serving$")
    place = ready
    for _ in range(4):
        place = daemon.wait_heard(r"^WATCHDOG=1$", place)

    # Reload: another log level holds, and says so before it is ready again.
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    get(daemon.address() + "/version")
    wait_for("the request in the log", lambda: "/version" in daemon.log_text())
    daemon.write_config(HOST + "log:\n  level: error\n")
    daemon.process.send_signal(signal.SIGHUP)
    place = daemon.wait_heard(r"^RELOADING=1\nMONOTONIC_USEC=\d+$", ready)
    told = int(re.search(r"MONOTONIC_USEC=(\d+)", daemon.messages[place - 1]).group(1))
    same("the time of the reload is now", True, before <= told <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
    place = daemon.wait_heard(r"^READY=1$", place)
    get(daemon.address() + "/limits")

    # A bad configuration changes nothing, and the daemon is ready again all the same.
    daemon.write_config("server:\n  prot: 1\n")
    daemon.process.send_signal(signal.SIGHUP)
    place = daemon.wait_heard(r"^RELOADING=1", place)
    place = daemon.wait_heard(r"^READY=1$", place)
    wait_for("the reason in the log", lambda: "server.prot" in daemon.log_text())
    same("a request below the new level", False, "/limits" in daemon.log_text())
    same("health afterwards", "healthy", json.loads(get(daemon.address() + "/health"))["status"])

    daemon.process.send_signal(signal.SIGTERM)
    daemon.wait_heard(r"^STOPPING=1\nEXTEND_TIMEOUT_USEC=75000000$", place)
    same("exit status", 0, daemon.process.wait(30))


def stopped_process_is_not_served():
    """A daemon that does nothing sends nothing."""
    daemon = Manager("frozen", HOST, variables={"WATCHDOG_USEC": "300000"})
    place = daemon.wait_heard(r"^READY=1$")
    place = daemon.wait_heard(r"^WATCHDOG=1$", place)
    daemon.process.send_signal(signal.SIGSTOP)
    wait_for("the stop", lambda: open("/proc/%d/stat" % daemon.process.pid).read().rsplit(") ", 1)[1][0] == "T")
    daemon.hear()
    place = len(daemon.messages)
    time.sleep(0.5)
    daemon.hear()
    same("messages of a stopped process", [], daemon.messages[place:])
    daemon.process.send_signal(signal.SIGCONT)
    daemon.wait_heard(r"^WATCHDOG=1$", place)
    daemon.stop()


def sockets_instead_of_host_and_port():
    first, first_port = listener()
    path = os.path.join(work, "activated.sock")
    second = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    second.bind(path)
    second.listen(16)
    daemon = Manager("sockets", "server:\n  port: 1\n", sockets=[first, second])
    daemon.wait_heard(r"^READY=1$")
    same("version over TCP", True, "version" in get("http://127.0.0.1:%d/version" % first_port))
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(path)
    client.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    same("version over the unix socket", True, client.recv(4096).startswith(b"HTTP/1.1 200"))
    daemon.stop()
    # Both are the manager's: they stay, and the next daemon takes them over with what waits in them.
    same("the file of the socket", True, os.path.exists(path))
    waiting = socket.create_connection(("127.0.0.1", first_port), timeout=20)
    waiting.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    again = Manager("sockets-again", "", sockets=[first, second])
    same("the request that waited", True, waiting.recv(4096).startswith(b"HTTP/1.1 200"))
    again.stop()


def sockets_for_listeners():
    server, port = listener()
    listeners = "server:\n  listeners: ['http://127.0.0.1:%d', 'http://127.0.0.1:0?surfaces=ops']\n" % port
    daemon = Manager("listeners", listeners, sockets=[server])
    daemon.wait_heard(r"^READY=1$")
    same("version", True, "version" in get("http://127.0.0.1:%d/version" % port))
    same("addresses", 2, len(re.findall(r"http://127\.0\.0\.1:\d+", daemon.log_text())))
    daemon.stop()

    other, other_port = listener()
    wrong = Manager("no-such-listener", listeners, sockets=[other])
    same("exit status", 78, wrong.process.wait(30))
    same("the message names the socket", True, "the socket 127.0.0.1:%d from the service manager fits no entry of "
         "server.listeners" % other_port in wrong.log_text())
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wrong = Manager("datagrams", "", sockets=[datagrams])
    same("exit status", 78, wrong.process.wait(30))
    same("the message", True, "descriptor 3 from the service manager is not a listening stream socket"
         in wrong.log_text())


def sockets_of_another_process():
    server, port = listener()
    daemon = Manager("other", HOST, sockets=[server], variables={"OTHER_PID": "1"})
    daemon.wait_heard(r"^READY=1$")
    same("listens where it was told", False, daemon.address().endswith(":%d" % port))
    daemon.stop()


def credentials():
    """A secret from LoadCredential=; a reload takes a changed one."""
    folder = os.path.join(work, "secrets")
    os.mkdir(folder)
    with open(folder + "/auth.api_keys", "w") as file:
        file.write("first-key-of-sixteen-or-more\n")
    daemon = Manager("credentials", HOST, variables={"CREDENTIALS_DIRECTORY": folder})
    daemon.wait_heard(r"^READY=1$")

    def status(key):
        request = urllib.request.Request(daemon.address() + "/api/v1/logs/recent", headers={"X-API-Key": key})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    same("with the key", 200, status("first-key-of-sixteen-or-more"))
    same("with another", 401, status("second-key-of-sixteen-or-more"))
    with open(folder + "/auth.api_keys", "w") as file:
        file.write("second-key-of-sixteen-or-more\n")
    place = daemon.heard(r"^READY=1$")
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_heard(r"^READY=1$", place)
    same("the new key", 200, status("second-key-of-sixteen-or-more"))
    same("the old key", 401, status("first-key-of-sixteen-or-more"))
    daemon.stop()


def limits():
    """A reload takes limits of requests and of keys; what only a restart changes is told and left."""
    def config(batch, rps, connections):
        return HOST + ("  max_connections: %d\nauth:\n  api_keys: [a-key-of-sixteen-or-more]\n"
                       "ingest:\n  max_batch_records: %d\nratelimit:\n  default_rps: %d\n  burst: %d\n"
                       % (connections, batch, rps, rps))

    daemon = Manager("limits", config(2, 500, 100))
    place = daemon.wait_heard(r"^READY=1$")

    def send(records):
        one = {"event_type": "error", "event_name": "n"}
        request = urllib.request.Request(
            daemon.address() + "/api/v1/batch-ingest", data=json.dumps({"logs": [one] * records}).encode(),
            headers={"X-API-Key": "a-key-of-sixteen-or-more", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers["X-RateLimit-Limit"]
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())["error"]

    same("two records", (201, "500"), send(2))
    same("three records", (400, "batch_too_large"), send(3))
    daemon.write_config(config(3, 600, 200))
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_heard(r"^READY=1$", place)
    same("three records after the reload", (201, "600"), send(3))
    same("four records after the reload", (400, "batch_too_large"), send(4))
    told = json.loads(get(daemon.address() + "/limits"))
    same("the limits that are told", [3, 600, 600],
         [told["batch"]["max_records"], told["rate_limit"]["default_rps"], told["rate_limit"]["burst"]])
    wait_for("the option that needs a restart", lambda: "server.max_connections" in daemon.log_text())
    daemon.stop()


def certificates():
    """A reload takes new certificates, and keeps the old ones when the new are bad."""
    folder = os.path.join(work, "tls")
    os.mkdir(folder)

    def make(name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-days", "30", "-subj", "/CN=" + name, "-keyout", folder + "/key",
                        "-out", folder + "/cert"], check=True, stderr=subprocess.DEVNULL)
        with open(folder + "/cert") as file:
            return ssl.PEM_cert_to_DER_cert(file.read())

    first = make("first")
    daemon = Manager("certificates", "server:\n  listeners: ['https://127.0.0.1:0?cert=%s/cert&key=%s/key']\n"
                     % (folder, folder))
    place = daemon.wait_heard(r"^READY=1$")
    port = int(daemon.address().rsplit(":", 1)[1])

    def served():
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", port), timeout=10) as plain:
            with context.wrap_socket(plain) as wrapped:
                return wrapped.getpeercert(binary_form=True)

    same("the first certificate", first, served())
    second = make("second")
    daemon.process.send_signal(signal.SIGHUP)
    place = daemon.wait_heard(r"^READY=1$", place)
    same("the second certificate", second, served())
    with open(folder + "/cert", "w") as file:
        file.write("nonsense")
    daemon.process.send_signal(signal.SIGHUP)
    daemon.wait_heard(r"^READY=1$", place)
    same("still the second certificate", second, served())
    same("told", True, "certificate not reloaded" in daemon.log_text())
    daemon.stop()


status = 0
try:
    for test in (life, stopped_process_is_not_served, sockets_instead_of_host_and_port, sockets_for_listeners,
                 sockets_of_another_process, credentials, limits, certificates):
        test()
        print("%s: fine" % test.__name__)
except BaseException as failure:  # the log of the daemon is what helps then
    status = 1
    print("FAILED: %s" % failure)
    if Manager.running:
        print("messages: %r\nlog:\n%s" % (Manager.running[-1].messages, Manager.running[-1].log_text()))
finally:
    for one in Manager.running:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
    shutil.rmtree(work, ignore_errors=True)
print("%d checks" % checks)
sys.exit(status)

"""A daemon that serves streams of messages, and a client that speaks its protocol: for the tests of the surface `messages`."""
import base64
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

LOGCTL = os.environ["LOGCTL"]
WORK = tempfile.mkdtemp(prefix="logctl-messages-")
checks = 0


def same(what, expected, found):
    global checks
    checks += 1
    if expected != found:
        raise AssertionError("%s: expected %.600s, found %.600s" % (what, repr(expected), repr(found)))


def check(what, condition, seen=""):
    same(what + (": %r" % (seen,) if seen != "" else ""), True, bool(condition))


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.005)
    raise AssertionError("%s did not happen in %d s" % (what, seconds))


def token_for(namespace, digit="a"):
    name = base64.urlsafe_b64encode(namespace.encode()).decode().rstrip("=")
    return "ns_%s_%s" % (name, digit * 64)


class Client:
    """Calls one server, with one token or none; one connection at a time, kept open."""

    def __init__(self, port, token=None, headers=None):
        self.port = port
        self.headers = dict(headers or {})
        if token is not None:
            self.headers["Authorization"] = "Bearer " + token
        self.token = token
        self.connection = None
        self.answer_headers = {}

    def request(self, method, path, body=None, headers=None):
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                self.connection.request(method, path, body, {**self.headers, **(headers or {})})
                answer = self.connection.getresponse()
                self.answer_headers = {k.lower(): v for k, v in answer.getheaders()}
                return answer.status, answer.read().decode()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise

    def call(self, *arguments):
        """The result; an error of the protocol is raised as Refused."""
        status, body = self.request("POST", "/rpc", json.dumps(arguments), {"Content-Type": "application/json"})
        if status != 200:
            raise Refused(status, json.loads(body)["error"])
        return json.loads(body)

    def write(self, stream, data=None, **options):
        message = {"type": options.pop("type", "Tested"), "data": {} if data is None else data}
        if "metadata" in options:
            message["metadata"] = options.pop("metadata")
        return self.call("stream.write", stream, message, options)

    def refused(self, code, *arguments):
        """The error with which a call is refused; it must have this code."""
        try:
            result = self.call(*arguments)
        except Refused as refusal:
            same("code of %s" % (arguments,), code, refusal.error["code"])
            refusal.error["status"] = refusal.status
            return refusal.error
        raise AssertionError("%s was not refused: %r" % (arguments, result))

    def close(self):
        if self.connection:
            self.connection.close()


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__("%d %s" % (status, error))
        self.status = status
        self.error = error


class Subscription:
    """One open GET /subscribe, read by a thread of its own."""

    def __init__(self, client, query, headers=None, wait=True):
        self.socket = socket.create_connection(("127.0.0.1", client.port), timeout=30)
        lines = ["GET /subscribe?%s HTTP/1.1" % query, "Host: x", "Connection: close"]
        lines += ["%s: %s" % item for item in {**client.headers, **(headers or {})}.items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        for line in iter(self.file.readline, b"\r\n"):
            name, _, value = line.decode().strip().partition(": ")
            self.headers[name.lower()] = value
        self.pokes = []
        self.ids = []
        self.times = []
        self.comments = []
        self.body = ""
        self.ended = False
        self.paused = threading.Event()
        self.paused.set()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()
        if wait and self.status == 200:
            wait_for("ready", lambda: "ready" in self.comments)

    def chunks(self):
        if "content-length" in self.headers:
            yield self.file.read(int(self.headers["content-length"]))
            return
        while True:
            self.paused.wait()
            size = int(self.file.readline() or b"0", 16)
            if size == 0:
                return
            piece = self.file.read(size)
            self.file.readline()
            yield piece

    def read(self):
        rest = ""
        try:
            for piece in self.chunks():
                now = time.monotonic()
                rest += piece.decode()
                self.body += piece.decode()
                *lines, rest = rest.split("\n")
                for line in lines:
                    if line.startswith("data: "):
                        self.times.append(now)
                        self.pokes.append(json.loads(line[6:]))
                    elif line.startswith("id: "):
                        self.ids.append(line[4:])
                    elif line.startswith(": "):
                        self.comments.append(line[2:])
        except (OSError, ValueError):
            pass
        self.ended = True

    def wait(self, count, seconds=20):
        wait_for("%d pokes (there are %d)" % (count, len(self.pokes)), lambda: len(self.pokes) >= count, seconds)
        return self.pokes

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(10)
        self.file.close()
        self.socket.close()


class Server:
    """A daemon on an empty store: sqlite, postgres, or memory (test mode)."""

    running = []

    def __init__(self, kind, name, settings=(), variables=None, share=None):
        self.kind = kind
        self.folder = os.path.join(WORK, name)
        os.makedirs(self.folder)
        self.environment = {"PATH": os.environ["PATH"], "LOGCTL_STORAGE_DATA_DIR": os.path.join(self.folder, "data")}
        self.environment["TMPDIR"] = self.folder
        if kind == "memory":
            self.environment = {"PATH": os.environ["PATH"], "TMPDIR": self.folder, "HOME": self.folder}
        if kind == "postgres":
            self.environment["LOGCTL_DATABASE_URL"] = share.environment["LOGCTL_DATABASE_URL"] if share else self.make_database(name)
        self.environment.update({name: text for name, text in os.environ.items() if name.endswith("SAN_OPTIONS")})
        self.environment.update(variables or {})
        self.settings = [word for setting in settings for word in ("--set", setting)]
        self.log = os.path.join(self.folder, "log")
        self.key = None
        self.start()

    def make_database(self, name):
        url = os.environ["LOGCTL_TEST_POSTGRES"]
        database = "m_%s_%d" % (re.sub("[^a-z0-9]", "", name), os.getpid())
        subprocess.run(["psql", "-qX", url, "-c", "CREATE DATABASE " + database], check=True)
        self.environment["LOGCTL_DATABASE_URL"] = url.rsplit("/", 1)[0] + "/" + database
        subprocess.run([LOGCTL, "migrate", "up"], env=self.environment, check=True, stdout=subprocess.DEVNULL)
        return self.environment["LOGCTL_DATABASE_URL"]

    def start(self, *arguments):
        command = [LOGCTL, "serve", "--set", "server.host=127.0.0.1", *self.settings, *arguments]
        if self.kind == "memory":
            command += ["--test-mode", "--port", "0"]
        elif not any("server.listeners" in word for word in command):
            command += ["--set", "server.listeners=http://127.0.0.1:0?surfaces=messages,http://127.0.0.1:0"]
        with open(self.log, "ab") as log:
            before = log.tell()
            self.process = subprocess.Popen(command, env=self.environment, cwd=self.folder, stdout=log, stderr=log)
        Server.running.append(self.process)
        self.ports = wait_for("listening", lambda: self.listening(before))
        self.port = self.ports[0]

    def listening(self, since):
        with open(self.log, errors="replace") as file:
            file.seek(since)
            text = file.read()
        if self.process.poll() is not None:
            raise AssertionError("the daemon ended: " + text)
        ports = [int(port) for port in re.findall(r"listening.*http://127\.0\.0\.1:(\d+)", text)]
        return ports if len(ports) == (1 if self.kind == "memory" else 2) else None

    def log_text(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    def admin_key(self):
        if self.key is None:
            made = subprocess.run([LOGCTL, "keys", "create", "--name", "test", "--scopes", "admin", "-o", "json"],
                                  env=self.environment, check=True, capture_output=True)
            self.key = json.loads(made.stdout)["key"]
        return self.key

    def admin(self):
        return Client(self.port, None if self.kind == "memory" else self.admin_key())

    def namespace(self, name, **options):
        """A client in a new namespace."""
        made = self.admin().call("ns.create", name, options)
        return Client(self.port, made["token"])

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        status = self.process.wait(30)
        if number == signal.SIGTERM:
            same("exit status of the daemon", 0, status)


def run(tests):
    """Runs the functions in order; ends what they left behind."""
    status = 0
    try:
        for test in tests:
            began = time.monotonic()
            test()
            print("%-40s %.2f s" % (test.__name__, time.monotonic() - began), flush=True)
        print("%d checks passed" % checks)
    except BaseException:
        status = 1
        import traceback
        traceback.print_exc()
        for folder in sorted(os.listdir(WORK)):
            log = os.path.join(WORK, folder, "log")
            if os.path.exists(log):
                with open(log, errors="replace") as file:
                    print("--- %s\n%s" % (folder, "".join(file.readlines()[-30:])), file=sys.stderr)
    finally:
        for process in Server.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(status)


quote = urllib.parse.quote

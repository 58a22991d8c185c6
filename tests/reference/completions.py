#!/usr/bin/env python3
"""Types at a real bash, zsh or fish, presses Tab, and compares the line that the shell made of it.

Usage: completions.py bash|zsh|fish BINARY SOURCE_DIR
"""
import json
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time

shell, binary, source = sys.argv[1], os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
work = tempfile.mkdtemp(prefix="logctl-completions-")
os.mkdir(work + "/bin")
os.symlink(binary, work + "/bin/logctl")
environment = {
    "PATH": work + "/bin:/usr/local/bin:/usr/bin:/bin",
    "HOME": work,
    "STATE_DIRECTORY": work + "/state",
    "TERM": "xterm",
    "LC_ALL": "C.UTF-8",
    "XDG_CONFIG_HOME": work + "/xdg",
}


def logctl(*arguments):
    done = subprocess.run([work + "/bin/logctl", *arguments], env=environment, cwd=work, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode()


START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"],
             "PS1='ready> '; bind 'set bell-style none'; source {script}\n"
             "bind -x '\"\\C-g\": printf %s \"$READLINE_LINE\" >{line}.new; mv {line}.new {line}'\n",
             "logctl.bash"),
    "zsh": (["zsh", "-f", "-i"],
            "PS1='ready> '; unsetopt beep zle_bracketed_paste; autoload -U compinit; compinit -u -D; source {script}\n"
            "tell() {{ print -rn -- \"$BUFFER\" >{line}.new; mv {line}.new {line} }}; zle -N tell; bindkey '^G' tell\n",
            "_logctl"),
    "fish": (["fish", "--no-config", "-i"],
             "function fish_prompt; echo 'ready> '; end; source {script}\n"
             "bind \\cg 'commandline >{line}.new; mv {line}.new {line}'\n",
             "logctl.fish"),
}


class Shell:
    def __init__(self):
        command, setup, script = START[shell]
        self.line = work + "/line"
        self.seen = b""
        pid, self.fd = pty.fork()
        if pid == 0:
            os.chdir(work)
            os.execvpe(command[0], command, environment)
        self.pid = pid
        for text in setup.format(script=source + "/completions/" + script, line=self.line).splitlines():
            self.type(text + "\r")
        # The shell is there when it answers the key.
        self.type("true")
        self.read_line(lambda text: text.endswith("true"))

    def type(self, text):
        os.write(self.fd, text.encode())
        self.drain()

    def drain(self, seconds=0.05):
        while select.select([self.fd], [], [], seconds)[0]:
            self.seen += os.read(self.fd, 65536)

    # Asks the shell for its line until it is as wanted; the last one when the time is over.
    def read_line(self, wanted, seconds=20):
        found = ""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if os.path.exists(self.line):
                os.remove(self.line)
            self.type("\x07")
            for _ in range(40):
                if os.path.exists(self.line):
                    break
                self.drain(0.05)
            else:
                continue
            with open(self.line) as file:
                found = file.read().rstrip("\n")
            if wanted(found):
                break
        return found

    def complete(self, typed, expected):
        self.type("\x15")  # empties the line
        self.type(typed)
        self.read_line(lambda text: text == typed)
        self.type("\t")
        return self.read_line(lambda text: text.rstrip(" ") == expected.rstrip(" "), 10)

    def end(self):
        os.close(self.fd)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


def main():
    # One key in the store of the environment, one in another that only a file names.
    here = json.loads(logctl("keys", "create", "--name", "here", "-o", "json"))["id"]
    with open(work + "/other.yaml", "w") as file:
        file.write("storage:\n  data_dir: %s/elsewhere\n" % work)
    there = json.loads(logctl("--config", "other.yaml", "keys", "create", "--name", "x", "-o", "json"))["id"]
    backup = json.loads(logctl("backup", "create", "-o", "json"))["id"]
    cases = [
        ("logctl vers", "logctl version"),
        ("logctl keys revo", "logctl keys revoke"),
        ("logctl keys create --sco", "logctl keys create --scopes"),
        ("logctl keys revoke --no-c", "logctl keys revoke --no-color"),
        ("logctl query -o cs", "logctl query -o csv"),
        ("logctl --output cs", "logctl --output csv"),
        ("logctl --set server.po", "logctl --set server.port="),
        ("logctl --config oth", "logctl --config other.yaml"),
        ("logctl help exit", "logctl help exit-codes"),
        ("logctl ingest --map a=b oth", "logctl ingest --map a=b other.yaml"),
        ("logctl keys revoke " + here[:7], "logctl keys revoke " + here),
        ("logctl --config other.yaml keys revoke " + there[:7],
         "logctl --config other.yaml keys revoke " + there),
        ("logctl keys revoke --config other.yaml " + there[:7],
         "logctl keys revoke --config other.yaml " + there),
        ("logctl backup verify " + backup[:6], "logctl backup verify " + backup),
        ("logctl backup drill lat", "logctl backup drill latest"),
        ("logctl backup create --type inc", "logctl backup create --type incremental"),
        ("logctl keys create --scopes ing", "logctl keys create --scopes ingest"),
        ("logctl keys create --scopes ingest,re", "logctl keys create --scopes ingest,read"),
        ("logctl keys create --only serv", "logctl keys create --only service="),
        # Nothing fits: nothing is added.
        ("logctl keys revoke zzzzzzzz", "logctl keys revoke zzzzzzzz"),
        ("logctl nosuch", "logctl nosuch"),
    ]
    terminal = Shell()
    failed = 0
    for typed, expected in cases:
        found = terminal.complete(typed, expected)
        if found.rstrip(" ") != expected:
            failed += 1
            print("%s: %r became %r, expected %r" % (shell, typed, found, expected))
    terminal.end()
    # Asking must not make a store.
    lonely = work + "/nothing"
    subprocess.run([work + "/bin/logctl", "complete", "keys"], env=dict(environment, STATE_DIRECTORY=lonely),
                   cwd=work, check=True)
    if os.path.exists(lonely):
        failed += 1
        print("completing ids made %s" % lonely)
    print("%s: %d cases, %d failed" % (shell, len(cases) + 1, failed))
    return failed == 0


try:
    good = main()
finally:
    shutil.rmtree(work, ignore_errors=True)
sys.exit(0 if good else 1)

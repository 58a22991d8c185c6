#!/usr/bin/env python3
"""Looks whether every command has a case of every kind that it can have.

Usage: coverage.py BINARY TRACE    TRACE: what run.sh noted of each call of the binary

The commands and their options are those of the binary itself. Kinds: its help, an answer as JSON, an unknown option, an
argument that is missing, a store without the right to use it, a store that was never made, a store that is down.
"""
import re
import subprocess
import sys

# Prints a form of its own, runs until it is stopped, or answers only beside a PostgreSQL (tests/integration/spool_drain.sh).
WITHOUT_JSON = {
    "completions bash", "completions zsh", "completions fish", "config example", "help", "spool drain", "streams tail",
    "systemd unit",
}
# Neither a store nor a file that rights could be missing for.
WITHOUT_STORE = {
    "completions bash", "completions zsh", "completions fish", "config show", "config check", "config example",
    "config path", "help", "systemd unit", "version",
}
# Needs no store to be told what is wrong with it: asks another place.
WITHOUT_SERVER = {
    "migrate create": "writes files only",
    "backup list": "reads the backup directory only",
    "backup verify": "reads the backup directory only",
    "backup prune": "reads the backup directory only",
    "rejects list": "reads the files of the daemon",
    "rejects show": "reads the files of the daemon",
    "rejects drop": "reads the files of the daemon",
    "spool status": "reads the spool",
    "spool verify": "reads the spool",
    "spool export": "reads the spool",
}

# Needs no store, or makes the one that is not there.
WITHOUT_ABSENT = {
    "doctor": "says what the store lacks",
    "health": "says what the store lacks",
    "index add": "may come before the first record",
    "index drop": "may come before the first record",
    "ingest": "makes it",
    "keys create": "makes it",
    "keys import": "makes it",
    "namespaces create": "makes it",
    "retention set": "may come before the first record",
    "serve": "makes it",
}
# The exit statuses of an answer: good, partly done, or what was found is not as it should be.
ANSWERED = {0, 3, 7, 8}


class Command:
    def __init__(self, path):
        self.path = path
        self.commands = []
        self.options = set()
        self.valued = set()  # options that take a value
        self.required = []  # options
        self.operands = 0  # that must be there


def call(binary, *arguments):
    return subprocess.run([binary, *arguments], capture_output=True, text=True, check=True).stdout


def read_commands(binary):
    """Off the completions, which are made from the definitions of the commands."""
    text = call(binary, "completions", "bash")
    commands = {}
    for found in re.finditer(r"    '([a-z -]*)'\)\n\s+_logctl_commands='([^']*)'\n\s+_logctl_options='([^']*)'", text):
        command = Command(found.group(1))
        command.commands = found.group(2).split()
        command.options = set(found.group(3).split())
        commands[command.path] = command
    for found in re.finditer(r"    '([a-z -]*):(--?[A-Za-z-]+)'\) _logctl_kind=", text):
        commands[found.group(1)].valued.add(found.group(2))
    for command in commands.values():
        if command.commands:
            continue
        for line in call(binary, *command.path.split(), "--help").splitlines():
            words = line.split()
            if "REQUIRED" not in words:
                continue
            names = [word.rstrip(",") for word in words if word.startswith("-")]
            if names:
                command.required.append(set(names) | {name for word in words for name in word.split(",") if name.startswith("-")})
            else:
                command.operands += 1
    return commands


class Call:
    """One call of the binary, as it was written in a case."""

    def __init__(self, line, commands):
        _, self.case, status, sealed, astray, url, *self.words = line.split("\x1f")
        path, operands, options = "", 0, set()
        self.unknown = self.cut = False
        words = iter(self.words)
        for word in words:
            command = commands[path]
            if word.startswith("-") and word != "-":
                name = word.split("=")[0]
                if not name.startswith("--") and len(name) > 2 and name[:2] in command.valued:
                    name, word = name[:2], name[:2] + "="
                options.add(name)
                if name not in command.options | {"--version", "-h", "--help"}:
                    self.unknown = True
                if name in command.valued and "=" not in word:
                    self.cut = next(words, None) is None
            elif word in command.commands and not operands:
                path = f"{path} {word}".strip()
            else:
                operands += 1
        command = commands[path]
        self.path = path
        kinds = set()
        if options & {"-h", "--help"}:
            kinds.add("help")
        if path == "help" and self.words[1:]:
            kinds.add("help")
        joined = " ".join(self.words)
        if re.search(r"(-o|--output)[ =]jsonl?\b", joined) and "help" not in kinds and int(status) in ANSWERED:
            kinds.add("json")
        if self.unknown:
            kinds.add("bad flag")
        elif self.cut or operands < command.operands or any(not options & names for names in command.required):
            kinds.add("missing argument")
        if sealed:
            kinds.add("no permission")
        if astray:
            kinds.add("no store")
        if re.search(r"127\.0\.0\.1:1(/|$|\s)", joined + " " + url):
            kinds.add("store down")
        self.kinds = kinds


def wanted(command):
    kinds = {"help", "bad flag"}
    if command.commands:
        return {"help"}
    own = command.valued - {"-o", "--output", "--config", "--set"}
    if own or command.operands or command.required:
        kinds.add("missing argument")
    if command.path not in WITHOUT_JSON:
        kinds.add("json")
    if command.path not in WITHOUT_STORE:
        kinds.add("no permission")
        if command.path not in WITHOUT_SERVER:
            kinds.add("store down")
        if command.path not in set(WITHOUT_SERVER) | set(WITHOUT_ABSENT):
            kinds.add("no store")
    return kinds


def main():
    binary, trace = sys.argv[1:]
    commands = read_commands(binary)
    found = {path: set() for path in commands}
    with open(trace, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            one = Call(line.rstrip("\n"), commands)
            found[one.path] |= one.kinds
    failed = False
    for excepted in WITHOUT_JSON | WITHOUT_STORE | set(WITHOUT_SERVER) | set(WITHOUT_ABSENT):
        if excepted not in commands:
            print(f"{excepted}: there is no such command any more")
            failed = True
    for path, command in commands.items():
        if not path:
            continue
        missing = sorted(wanted(command) - found[path])
        if missing:
            print(f"{path}: no case for {', '.join(missing)}")
            failed = True
    print(f"coverage: {len(commands) - 1} commands")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""A person who sits at a terminal."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
BETWEEN = re.compile(r"\s+")  # words, also where a line is wrapped


class Person:
    """A command at a terminal of 80 by 24, with a person who reads it and presses keys."""

    def __init__(self, clone, *command, **options):
        self.screen, self.theirs = os.openpty()
        fcntl.ioctl(self.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.modes = termios.tcgetattr(self.theirs)
        self.process = clone.start(
            *command,
            **{
                "stdin": self.theirs,
                "stdout": self.theirs,
                "stderr": subprocess.STDOUT,
                "env": clone.environment | {"TERM": "xterm-256color"},
                **options,
            },
        )
        self.seen = ""

    def read(self, words, seconds=20.0):
        """Wait for these words; what was drawn up to them is forgotten."""
        deadline = time.monotonic() + seconds
        while words not in self.seen:
            self.look()
            assert time.monotonic() < deadline, self.seen[-1500:]
        self.seen = self.seen[self.seen.index(words) + len(words) :]

    def look(self):
        readable, _, _ = select.select([self.screen], [], [], 0.1)
        if readable:
            drawn = self.seen + os.read(self.screen, 4096).decode(errors="replace")
            self.seen = BETWEEN.sub(" ", ESCAPES.sub("", drawn))

    def press(self, key):
        os.write(self.screen, key.encode())

    def leave(self, seconds=10.0):
        """The exit status, and the rest of what was drawn; the terminal is as it was."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            self.look()
        self.look()
        self.process.wait(1)
        assert termios.tcgetattr(self.theirs) == self.modes
        os.close(self.theirs)
        os.close(self.screen)
        return self.process.returncode, self.seen

"""A person with a serial terminal: text until a host says hello, and again when the host dies."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import pytest
from bridge import Bridge


class Terminal:
    """pyserial's miniterm at a port, with a pseudo-terminal as its screen and keyboard."""

    def __init__(self, port):
        self.screen, keyboard = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "serial.tools.miniterm", "--raw", "--eol", "LF", port, "115200"],
            stdin=keyboard,
            stdout=keyboard,
            stderr=keyboard,
            start_new_session=True,
        )
        os.close(keyboard)
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.write(self.screen, b"\x1d")  # Ctrl-]: quit
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.screen)

    def type(self, text):
        os.write(self.screen, text.encode())

    def wait_for(self, pattern, seconds=15.0):
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.seen):
            readable, _, _ = select.select([self.screen], [], [], 0.1)
            if readable:
                self.seen += os.read(self.screen, 4096).decode(errors="replace")
            assert time.monotonic() < deadline, self.seen[-500:]

    def forget(self):
        self.seen = ""


@pytest.fixture
def bridge(clone, board):
    with Bridge(clone.port(board, speed=1)) as bridge:
        yield bridge


def test_text_then_frames_then_text_again(clone, bridge):
    with Terminal(bridge.port) as terminal:
        terminal.wait_for("Miniterm on")
        terminal.type("?\r")
        terminal.wait_for("no model: record gestures with capture")
        terminal.type("csv\r")
        terminal.wait_for("aX,aY,aZ,gX,gY,gZ")
        terminal.forget()
        terminal.wait_for(r"\n(-?\d+\.\d{3},){5}-?\d+\.\d{3}\s")
        terminal.type("csv\r")
    with clone.start("tinygesture", "watch", "--port", bridge.port, "--json") as host:
        host.stderr.readline()  # it has said hello
        time.sleep(0.5)
        os.killpg(host.pid, signal.SIGKILL)
        host.communicate(timeout=10)
    with Terminal(bridge.port) as terminal:
        terminal.wait_for("no model: record gestures with capture")  # within 2 s, by itself
        terminal.forget()
        terminal.type("?\r")
        terminal.wait_for("this help")


def test_the_host_finds_the_board_that_a_terminal_used(clone, bridge, tmp_path):
    """Text on the line is no error, and bye brings the text back at once."""
    with Terminal(bridge.port) as terminal:
        terminal.wait_for("Miniterm on")
        terminal.type("csv\r")
        terminal.wait_for("aX,aY,aZ,gX,gY,gZ")
    done = clone.run(
        *("capture", "rest", "--count", "1", "--seconds", "0.5", "--countdown", "0", "--json"),
        *("--data", str(tmp_path / "d"), "--port", bridge.port),
    )
    assert done.status == 0, done.stderr
    assert done.json[0]["crc_errors"] == 0
    with Terminal(bridge.port) as terminal:
        terminal.wait_for("Miniterm on")
        terminal.type("?\r")
        terminal.wait_for("this help")


def test_gestures_are_lines_of_text(clone, swing, board):
    port = clone.port(board, "swing", perform="circle,circle,circle", subject=2, speed=1)
    with Bridge(port) as bridge, Terminal(bridge.port) as terminal:
        terminal.wait_for(r"circle [01]\.\d\d\s")

"""What a person sees: the commands on a terminal of 80 by 24."""

import fcntl
import os
import re
import struct
import subprocess
import termios
from contextlib import suppress

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(clone, *command, size=(24, 80)):
    """(exit status, everything that was drawn, without its colours)"""
    screen, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    environment = clone.environment | {"TERM": "xterm-256color"}
    with clone.start(
        *command, stdin=theirs, stdout=theirs, stderr=subprocess.STDOUT, env=environment
    ) as process:
        os.close(theirs)
        drawn = b""
        with suppress(OSError):  # until the last to hold the terminal has left
            while data := os.read(screen, 4096):
                drawn += data
    os.close(screen)
    return process.returncode, COLOUR.sub("", drawn.decode())


def test_capture(clone, board, tmp_path):
    status, drawn = on_terminal(
        clone,
        *("capture", "circle", "--count", "2", "--no-review", "--data", str(tmp_path / "d")),
        *("--port", clone.port(board)),
    )
    assert status == 0, drawn[-1000:]
    for words in ("get ready", "GO", "circle 2 of 2", "circle 1/2", "aX aY aZ", "±", "0 lost"):
        assert words in drawn
    assert "Done: 2 recordings saved" in drawn


def test_watch(clone, swing, board):
    status, drawn = on_terminal(
        clone,
        *("tinygesture", "watch", "--seconds", "6"),
        *("--port", clone.port(board, "swing", perform="circle,circle", subject=2)),
    )
    assert status == 0, drawn[-1000:]
    for words in ("model swing (gru)", "punch", "█", "inference", "circle", "began at"):
        assert words in drawn
    assert drawn.index("\x1b[?1049h") < drawn.index("\x1b[?1049l")  # the screen is given back


def test_watch_without_a_model(clone, board):
    watch = ("tinygesture", "watch", "--seconds", "2", "--port", clone.port(board))
    status, drawn = on_terminal(clone, *watch)
    assert status == 0, drawn[-1000:]
    assert "has no model" in drawn
    assert "gX gY gZ" in drawn

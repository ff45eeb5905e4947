"""docs/hardware-checklist.md: what it expects is what the same commands print on sim://cm4."""

import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import serial

from tinygesture.boards import VIRTUAL_BOARDS, Found
from tinygesture.cli import options
from tinygesture.cli.connection import Connection
from tinygesture.cli.trial import missing_tools
from tinygesture.errors import UserError
from tinygesture.link import Session

PAGE = Path(__file__).parents[2] / "docs" / "hardware-checklist.md"
ON_THE_VIRTUAL_BOARD = {
    "on nano33ble, IMU LSM9DS1": "on cm4, IMU virtual lsm9ds1",
    "model first": "model swing",
    "/dev/ttyACM0": "sim://cm4",
}


def expected():
    """Each indented line of output, as a pattern in which figures and … stand for any."""
    blocks = PAGE.read_text("utf-8").split("\n\n")
    for block in blocks:
        if not all(line.startswith(" " * 6) for line in block.splitlines()):
            continue
        for line in map(str.strip, block.splitlines()):
            for real, virtual in ON_THE_VIRTUAL_BOARD.items():
                line = line.replace(real, virtual)
            pattern = re.escape(line).replace("…", ".+")
            pattern = re.sub(r"[▁▂▃▄▅▆▇█]+", "[▁-█]+", pattern)
            yield line, re.sub(r"\d[\d.,\\]*(?=\D|$)", r"[\\d.,]+", pattern)


def text_of_the_board(port):
    """What it says to somebody who types `?`."""
    with serial.serial_for_url(port, timeout=0.2) as opened:
        opened.write(b"?\n")
        said, deadline = b"", time.monotonic() + 10
        while b"this help" not in said and time.monotonic() < deadline:
            said += opened.read(500)
    return said.decode()


def sentence(function):
    with pytest.raises(UserError) as raised:
        function()
    return str(raised.value)


class Unplugged(Connection):
    """A connection whose board does not come back."""

    def _connect(self):
        self.session = SimpleNamespace(close=lambda: None)

    def _connects(self):
        return False


def broken_link():
    """What watch says at a terminal when the cable is pulled."""
    said = []
    lost = Session._lost(SimpleNamespace(name="sim://cm4"), OSError("no device"))
    quits = SimpleNamespace(pressed=lambda *_: "q")
    Unplugged("sim://cm4", watched=True).make_anew(lost, said.append, quits)
    return "\n".join(said)


@pytest.fixture
def printed(clone, flashed, trained, swing, monkeypatch, tmp_path):
    """All that the checklist's commands print, on the emulated board."""
    if missing := missing_tools(VIRTUAL_BOARDS["cm4"]):
        pytest.skip(f"sim://cm4 needs {' and '.join(missing)}")
    there = [Found(name, "nano33ble", "") for name in ("COM3", "COM4")]
    watch, script = ("tinygesture", "watch", "--port"), "circle,punch,circle"
    record = ("capture", "circle", "--count", "1", "--seconds", "1.5", "--countdown", "0.3")
    commands = [
        ("tinygesture", "boards"),
        (*watch, clone.port("cm4"), "--seconds", "10"),
        (*watch, clone.port("cm4", "swing", perform=script, subject=2), "--seconds", "8"),
        (*record, "--data", str(tmp_path / "recorded"), "--port", clone.port("cm4")),
        ("tinygesture", "verify", "swing", "--port", clone.port("cm4", "swing")),
    ]
    said = [flashed[1]["cm4"].stderr, swing["cm4"].stderr, trained.stderr]
    said += [clone.run(*command, timeout=120).stdout for command in commands]
    said += [text_of_the_board(clone.port("cm4", "swing")), broken_link()]
    monkeypatch.setattr("tinygesture.boards.find", lambda: there)
    said.append(sentence(lambda: options.chosen_port(None)))
    return "\n".join(said)


def test_every_expected_line_is_printed(printed):
    lines = list(expected())
    assert len(lines) > 10
    assert [line for line, pattern in lines if not re.search(pattern, printed)] == []
    assert "sim://native and sim://cm4 compute exactly what TensorFlow Lite Micro" in printed
    assert "now runs the firmware with the model swing (" in printed

"""Two boards, and a cable pulled during flash, with USB and PlatformIO played by the test."""

import json

import pytest
from bridge import Bridge

PLAYED_USB = """
import json, os, sys
from pathlib import Path
from types import SimpleNamespace
from serial.tools import list_ports

usb = Path(os.environ["PLAYED_USB"])
played = json.loads(usb.read_text())
list_ports.comports = lambda *_: [
    SimpleNamespace(device=port, vid=0x2341, pid=pid, serial_number=serial, description="Nano")
    for port, pid, serial in json.loads(usb.read_text())["ports"]
]
if sys.orig_argv[1:4] == ["-m", "platformio", "run"]:  # it comes to the end of its play here
    uploads = "upload" in sys.orig_argv
    if uploads:
        usb.write_text(json.dumps({**played, "ports": played["after"]}))
        print(played["said"], flush=True)
    os._exit(1 if uploads and "failed" in played["said"] else 0)
"""
SKETCH, BOOTLOADER = 0x805A, 0x005A


@pytest.fixture
def computer(clone, tmp_path):
    """Runs a command on a computer with Nano 33 BLE at (port, product id, serial number).

    after: the ports after an upload, of which PlatformIO says `said`.
    """
    (tmp_path / "sitecustomize.py").write_text(PLAYED_USB)
    usb = tmp_path / "usb.json"

    def run(command, ports, after=(), said=""):
        usb.write_text(json.dumps({"ports": ports, "after": after, "said": said}))
        played = {"PYTHONPATH": str(tmp_path), "PLAYED_USB": str(usb)}
        return clone.run(*command, env=clone.environment | played)

    return run


def test_two_boards(clone, tmp_path, computer):
    with Bridge(clone.port("native")) as one, Bridge(clone.port("native")) as other:
        both = [(one.port, SKETCH, "A1"), (other.port, SKETCH, "B2")]
        watch = ("tinygesture", "watch", "--seconds", "1")
        for command in (
            watch,
            ("capture", "rest", "--data", str(tmp_path / "d")),
            ("tinygesture", "flash"),
        ):
            done = computer(command, both)
            assert done.status == 2
            named = ", ".join(sorted([one.port, other.port]))
            assert f"Several boards are connected ({named})" in done.stderr
            assert "--port" in done.stderr
        assert not (tmp_path / "d").exists()
        for command, ports in (((*watch, "--port", other.port), both), (watch, both[:1])):
            done = computer(command, ports)
            assert done.status == 0 and "Done" in done.stdout, done.stderr


def test_a_pulled_cable_during_flash(clone, computer):
    """A sentence, and after a double tap the same command works."""
    flash = ("tinygesture", "flash", "--json")
    pulled = "Write 91736 bytes to flash (23 pages)\n[==  ] 8%\nSAM-BA operation failed"
    with Bridge(clone.port("native")) as bridge:
        done = computer(flash, [(bridge.port, SKETCH, "A1")], after=[], said=pulled)
        assert done.status == 2 and done.stdout == ""
        assert f"{bridge.port} vanished during the upload; the cable was probably" in done.stderr
        assert "Traceback" not in done.stderr
        tapped, again = [(bridge.port, BOOTLOADER, "A1")], [(bridge.port, SKETCH, "A1")]
        done = computer(flash, tapped, after=again, said="Write 91736 bytes to flash (23 pages)")
    assert done.status == 0, done.stderr
    assert "now runs the firmware with no model" in done.stderr
    assert done.json[0]["model_id"] is None

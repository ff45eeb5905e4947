"""Firmware older and newer than the host, and hosts newer than the firmware (docs/protocol.md).

The other versions are built from this one's sources, with the changes that a version may make.
"""

import shutil

import pytest
from clone import ROOT, SPEED, Clone

from tinygesture.boards import connect
from tinygesture.link import messages as m
from tinygesture.link.frame import encode_frame

MINOR = ("lib/link/messages.h", f"kProtocolMinor = {m.PROTOCOL_MINOR}", "kProtocolMinor = {}")
MAJOR = ("lib/link/messages.h", "kProtocolMajor = 1", "kProtocolMajor = {}")
STATISTICS = """\
  message.u32(engine_.durations().minimum());
  message.u32(engine_.durations().median());
  message.u32(board_.micros());
  message.u32(board_.asleep_us());
  message.u32(board_.free_ram());
"""
MORE_STATISTICS = """\
  message.u32(2);
  Writer novelty(Message(0x8F));
  novelty.u32(77);
  send(novelty);
"""
LABELS = "info.text(m.labels[i]);\n"
VERSION = "  info.text(kFirmwareVersion);\n"


def version(template, number):
    file, old, new = template
    return file, old, new.format(number)


OLDER = [version(MINOR, 0), ("lib/app/app.cpp", STATISTICS, "")]
NEWER = [
    version(MINOR, 9),
    ("lib/app/app.cpp", STATISTICS, STATISTICS + MORE_STATISTICS),
    ("lib/app/app.cpp", LABELS, LABELS + '  info.text("more");\n'),
]
NEWER_MAJOR = [version(MAJOR, 2), ("lib/app/app.cpp", VERSION, "  info.u32(0xFFFFFFFF);\n")]
OLDER_MAJOR = [version(MAJOR, 0)]


@pytest.fixture
def flashed_with(tmp_path, board):
    """A clone whose board runs the firmware with these changes: (file, old text, new text)."""

    def flash(changes, *model):
        clone = Clone(tmp_path)
        (tmp_path / "firmware").unlink()
        shutil.copytree(ROOT / "firmware", tmp_path / "firmware")
        for file, old, new in changes:
            path = tmp_path / "firmware" / file
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, old
            path.write_text(text.replace(old, new), encoding="utf-8")
        if model:
            shutil.copytree(model[0], tmp_path / "models" / model[0].name)
        names = [folder.name for folder in model]
        done = clone.run("tinygesture", "flash", *names, "--board", board, timeout=120)
        assert done.status == 0, done.stderr
        return clone, f"sim://{board}?speed={SPEED[board]}"

    return flash


@pytest.mark.parametrize("changes", [OLDER, NEWER], ids=["older", "newer"])
def test_firmware_of_another_minor_version(flashed_with, changes):
    clone, port = flashed_with(changes)
    done = clone.run("tinygesture", "watch", "--port", port, "--seconds", "6")
    assert done.status == 0, done.stderr
    assert " 0 samples lost" in done.stdout
    rest = ("capture", "rest", "--count", "1", "--seconds", "0.5", "--countdown", "0", "--json")
    done = clone.run(*rest, "--port", port)
    assert done.status == 0, done.stderr
    assert (done.json[0]["drops"], done.json[0]["crc_errors"]) == (0, 0)


def test_older_firmware_with_a_model(flashed_with, clone, swing):
    """It computes the same, and is asked no more than it can say of itself."""
    older, port = flashed_with(OLDER, clone.root / "models" / "swing")
    done = older.run("tinygesture", "verify", "swing", "--port", port, "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    assert said["vectors"] == said["equal"] > 250
    assert said["inference_us_max"] > 0 and said["inference_us_median"] is None
    assert "older than this program" in done.stderr and "tinygesture flash" in done.stderr


@pytest.mark.parametrize(
    ("changes", "speaks", "remedy"),
    [
        (NEWER_MAJOR, f"speaks version 2.{m.PROTOCOL_MINOR} ", "Update tinygesture"),
        (OLDER_MAJOR, f"speaks version 0.{m.PROTOCOL_MINOR} ", "Flash the board again"),
    ],
    ids=["newer", "older"],
)
def test_firmware_of_another_major_version(flashed_with, changes, speaks, remedy):
    """Refused, whatever it says after its version."""
    clone, port = flashed_with(changes)
    for command in (("tinygesture", "watch"), ("capture", "rest", "--data", "never")):
        done = clone.run(*command, "--port", port)
        assert done.status == 2
        assert speaks in done.stderr and remedy in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert not (clone.root / "never").exists()


def say(session, message_type, *fields):
    session.port.write(b"\0" + encode_frame(bytes([message_type, *fields])))


def hear(session, kind):
    return next(message for message in session.messages() if isinstance(message, kind))


def test_a_host_of_a_newer_minor_version(clone, board):
    """Longer messages are taken, unknown ones answered with an error, and it goes on."""
    with connect(clone.port(board)) as session:
        say(session, m.Hello.TYPE, m.PROTOCOL_MAJOR, 9, 1, 2, 3)
        assert hear(session, m.Info) == session.info
        say(session, 0x0F, 1, 2, 3)
        assert hear(session, m.Error).code == 1
        say(session, m.Streams.TYPE, m.Stream.SAMPLES | 0x80, 5, 6)
        assert len(hear(session, m.Samples).t_us)
        assert (session.crc_errors, session.malformed) == (0, 0)


def test_a_host_of_another_major_version_learns_the_board_s(clone, board):
    with connect(clone.port(board)) as session:
        say(session, m.Hello.TYPE, m.PROTOCOL_MAJOR + 1, 0)
        info = hear(session, m.Info)
        assert (info.major, info.minor) == (m.PROTOCOL_MAJOR, m.PROTOCOL_MINOR)

"""Builds that fail, with PlatformIO played by the test: each cause has its sentence."""

import errno
from pathlib import Path
from types import SimpleNamespace

import pytest
from platformio.package.lockfile import LockFile, LockFileTimeoutError

from tinygesture import project
from tinygesture.boards import VIRTUAL_BOARDS, build, flash, platformio
from tinygesture.boards.kinds import NANO33BLE
from tinygesture.errors import UserError

CM4, NATIVE = VIRTUAL_BOARDS["cm4"], VIRTUAL_BOARDS["native"]


@pytest.fixture
def clone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(platformio, "build_folder", lambda *_: tmp_path)
    monkeypatch.setattr(project, "root", lambda: tmp_path)
    monkeypatch.setattr("shutil.which", lambda _: "there")
    return tmp_path


def test_drafts_of_one_name_are_built_apart():
    first, second = (Path(f".tinygesture/trial-{i}/swing") for i in "12")
    assert platformio.build_folder(first, "native") == Path(".tinygesture/trial-1/build")
    assert platformio.build_folder(second, "native") != platformio.build_folder(first, "native")


def test_a_build_is_locked_also_when_platformio_empties_its_folder(clone, monkeypatch):
    def emptied(*_):
        clone.rmdir()
        with pytest.raises(LockFileTimeoutError), LockFile(str(clone), timeout=0.01):
            pass
        return [], 0

    monkeypatch.setattr(platformio, "_communicate", emptied)
    assert platformio.run("native", None, lambda line: None) == ([], 0)


@pytest.mark.parametrize(
    ("kind", "engine", "line", "said"),
    [
        (CM4, "compiled", "firmware.elf section `.text' will not fit in region", "is too large"),
        (CM4, "compiled", "region `FLASH' overflowed by 5 bytes", "smaller model, or one with f"),
        (
            NANO33BLE,
            "compiled",
            "The program size (1000000 bytes) is greater than maximum allowed (983040 bytes)",
            "too large for the flash or RAM of nano33ble",
        ),
        (CM4, "compiled", "ModuleNotFoundError: No module named 'SCons'", ".venv/bin/tinygesture"),
        (CM4, "compiled", "HTTPClientError: ", "run ./setup, which prepares offline builds"),
        (NANO33BLE, "compiled", "HTTPClientError: ", "Go online and try again: it needs that once"),
        (CM4, "tflm", "InternetConnectionError: ", "Go online and try again: it needs that once"),
        (NANO33BLE, "tflm", "VCSBaseException: VCS", "--engine compiled, which needs no library"),
        (NATIVE, "compiled", "ld: final link failed: No space left on device", "disk is full"),
        (CM4, "tflm", "Please install Git client", "install git if it is missing"),
        (CM4, "compiled", "main.cpp:3:1: error: novelty", "(?s)could not be built.*novelty.*log"),
    ],
)
def test_why_a_build_failed(
    monkeypatch: pytest.MonkeyPatch, clone: Path, kind, engine: str, line: str, said: str
) -> None:
    monkeypatch.setattr(platformio, "run", lambda *_: (["Processing", line, ""], 1))
    with pytest.raises(UserError, match=said):
        build(kind, engine=engine)
    assert line in (clone / f"{kind.env(engine)}.log").read_text("utf-8")


def test_a_tool_that_does_not_say_that_the_disk_is_full(
    monkeypatch: pytest.MonkeyPatch, clone: Path
) -> None:
    line = "ar: unable to copy file 'libinference.a'; reason: Success"
    monkeypatch.setattr(platformio, "run", lambda *_: ([line], 1))
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=300_000))
    with pytest.raises(UserError, match="the disk is full"):
        build(NATIVE)


def test_a_disk_so_full_that_not_even_the_log_is_written(
    monkeypatch: pytest.MonkeyPatch, clone: Path
) -> None:
    def full(path: Path, text: str, encoding: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(platformio, "run", lambda *_: (["error"], 1))
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UserError, match=r"native.log: the disk is full. Free some space"):
        build(NATIVE)


def test_a_missing_compiler(monkeypatch: pytest.MonkeyPatch, clone: Path) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(UserError, match=r"arm-none-eabi-g\+\+ is not installed.*Run ./setup"):
        build(CM4)


def test_a_model_that_is_not_there(clone: Path) -> None:
    with pytest.raises(UserError, match=r"no model 'swing'.*train-and-export"):
        build(NATIVE, "swing")


def test_a_full_disk_leaves_the_board_as_it_was(
    monkeypatch: pytest.MonkeyPatch, clone: Path
) -> None:
    program = clone / "native" / NATIVE.program
    program.parent.mkdir()
    program.write_bytes(b"new")
    NATIVE.flashed().parent.mkdir(parents=True)
    NATIVE.flashed().write_bytes(b"old")

    def full(source: Path, target: Path) -> None:
        target.write_bytes(b"ne")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(platformio, "run", lambda *_: ([], 0))
    monkeypatch.setattr("shutil.copy2", full)
    with pytest.raises(UserError, match=r"No space left on device. The board keeps what it had"):
        flash(NATIVE)
    assert NATIVE.flashed().read_bytes() == b"old"
    assert [file.name for file in NATIVE.flashed().parent.iterdir()] == [NATIVE.flashed().name]

"""flash: which board and engine it builds for, and what it refuses before anything is built."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tinygesture import boards, project
from tinygesture.boards import platformio
from tinygesture.boards.build import build
from tinygesture.cli.commands.demo import command as demo
from tinygesture.cli.commands.flash import command
from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle


class Found:
    """A bundle that TensorFlow Lite Micro cannot run."""

    def check_tflm(self) -> None:
        raise UserError("TensorFlow Lite Micro on the board cannot run swing: SUB would round.")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--engine", "tflm"], "name the model too"),
        (["swing", "--board", "cm4", "--engine", "tflm"], "cannot run swing: SUB would round"),
        (["swing", "--engine", "tflm", "--port", "COM7"], "cannot run swing: SUB would round"),
        (["--port", "sim://cm5"], "no virtual board sim://cm5; there are sim://native, sim://cm4"),
        (["--board", "native", "--port", "sim://cm4"], "needs no --port: leave it out"),
    ],
)
def test_what_flash_refuses(monkeypatch, arguments, words):
    monkeypatch.setattr(Bundle, "find", classmethod(lambda *_: Found()))
    monkeypatch.setattr(platformio, "run", lambda *_: pytest.fail("it was built"))
    result = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert isinstance(result.exception, UserError)
    assert re.search(words, str(result.exception))


def test_a_virtual_board_may_be_named_by_its_port(monkeypatch):
    flashed = []

    def flash(kind, *_):
        flashed.append(kind)
        return boards.Firmware(Path("firmware.elf"), None, None)

    monkeypatch.setattr(boards, "flash", flash)
    result = CliRunner().invoke(command, ["--port", "sim://cm4?subject=2"])
    assert flashed == [boards.VIRTUAL_BOARDS["cm4"]]
    assert "sim://cm4 now runs the firmware with no model." in result.stdout


def test_a_process_of_this_computer_runs_compiled_models_only():
    with pytest.raises(UserError, match=r"native has no engine 'tflm', only compiled"):
        boards.VIRTUAL_BOARDS["native"].env("tflm")
    assert boards.VIRTUAL_BOARDS["cm4"].env("tflm") == "cm4_tflm"


def test_the_demo_refuses_what_it_could_not_play_to_the_end(monkeypatch):
    monkeypatch.setattr("tinygesture.cli.steps.Steps.run", lambda *_: pytest.fail("it began"))
    result = CliRunner().invoke(
        demo, ["--board", "native", "--engine", "tflm"], standalone_mode=False
    )
    assert isinstance(result.exception, UserError)
    assert "native has no engine 'tflm', only compiled" in str(result.exception)


def test_a_library_that_cannot_be_fetched_is_a_sentence(monkeypatch, tmp_path):
    said = ["fatal: Could not resolve host: github.com", "VCSBaseException: VCS: Could not process"]
    monkeypatch.setattr(platformio, "run", lambda *_: (said, 1))
    monkeypatch.setattr(platformio, "build_folder", lambda *_: tmp_path)
    monkeypatch.setattr(project, "root", lambda: tmp_path)
    monkeypatch.setattr("shutil.which", lambda _: "there")
    with pytest.raises(UserError, match=r"Go online, install git.*--engine compiled"):
        build(boards.VIRTUAL_BOARDS["cm4"], engine="tflm")
    assert "VCSBaseException" in (tmp_path / "cm4_tflm.log").read_text()

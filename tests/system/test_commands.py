"""Every command: its help, its imports, its exit status."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tinygesture.cli import COMMANDS

BIN = Path(sys.executable).parent


def test_help_answers_at_once():
    def measure() -> float:
        """Of the processor, since other tests run at the same time."""
        began = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([BIN / "tinygesture", "--help"], check=True, capture_output=True)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime

    assert min(measure() for _ in range(5)) < 0.3


def test_help_lists_every_command(clone):
    said = clone.run("tinygesture", "--help")
    assert said.status == 0
    for name, listed in COMMANDS.items():
        assert name in said.stdout
        assert listed.help.split()[0] in said.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(clone, name):
    said = clone.run("tinygesture", name, "--help")
    assert said.status == 0
    assert "Example" in said.stdout


@pytest.mark.parametrize("name", ["capture", "train-and-export"])
def test_short_names_are_the_same_commands(clone, name):
    short, long = clone.run(name, "--help"), clone.run("tinygesture", name, "--help")
    assert short.stdout.startswith(f"Usage: {name} ")
    assert short.stdout.partition("\n\n")[2] == long.stdout.partition("\n\n")[2]


@pytest.mark.parametrize(
    "command",
    [
        ("capture", "circle", "--count", "1", "--countdown", "0", "--data", "no-tensorflow"),
        ("tinygesture", "watch", "--seconds", "0.5"),
    ],
)
def test_capture_and_watch_never_import_tensorflow(clone, command):
    done = clone.run(
        *command,
        *("--port", clone.port("native")),
        env=clone.environment | {"PYTHONPROFILEIMPORTTIME": "1"},
    )
    assert done.status == 0, done.stderr
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "tinygesture.link" in imported
    assert not imported & {"tensorflow", "keras", "pandas", "tflite_micro"}


@pytest.mark.parametrize("json", [(), ("--json",)])
def test_a_reader_that_goes_away_is_no_trouble(clone, tmp_path, json):
    command = ("capture", "circle", "--countdown", "0", "--data", str(tmp_path / "d"))
    with clone.start(*command, "--port", clone.port("native"), *json) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 1
    assert "Traceback" not in said
    assert "Exception" not in said


def test_boards_lists_the_virtual_boards_with_their_firmware(clone):
    done = clone.run("tinygesture", "boards", "--json")
    assert done.status == 0
    found = {one["port"]: one for one in done.json}
    assert found["sim://native"]["board"] == "native"
    assert found["sim://native"]["runs"].startswith("firmware ")
    people = clone.run("tinygesture", "boards")
    assert "sim://cm4" in people.stdout

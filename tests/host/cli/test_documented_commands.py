"""The commands that the documentation tells people to type: each is understood as it stands."""

import re
import shlex
from pathlib import Path

import click
import pytest

from tinygesture.cli import group, load

DOCS = Path(__file__).parents[3] / "docs"
SHORT = {"capture": "capture", "train-and-export": "train_and_export"}
TYPED = re.compile(r"^ {4,}((?:tinygesture|capture|train-and-export) .*)$", re.MULTILINE)
QUOTED = re.compile(r"`((?:tinygesture|capture|train-and-export) [^`]*)`")


def typed(name: str) -> list[str]:
    text = (DOCS / name).read_text("utf-8")
    return [re.split("[#>]", line)[0] for line in TYPED.findall(text) + QUOTED.findall(text)]


def said_by_the_board(line: str) -> bool:
    return bool(re.match(r"tinygesture \d+\.\d+\.\d+ on ", line))


def understand(line: str) -> None:
    """Raises click.ClickException where the command line is none."""
    program, *arguments = shlex.split(line)
    command: click.Command = load(SHORT[program]) if program in SHORT else group
    while isinstance(command, click.Group) and arguments:
        program, *arguments = arguments
        found = command.get_command(click.Context(command), program)
        assert found is not None, line
        command = found
    command.make_context(program, arguments)


@pytest.mark.parametrize(
    "name",
    [
        "hardware-checklist.md",
        "arduino-ide.md",
        "performance.md",
        "engine.md",
        "explaining.md",
        "continuous.md",
    ],
)
def test_every_command_is_understood(name: str) -> None:
    lines = [line for line in typed(name) if not said_by_the_board(line)]
    assert lines
    for line in lines:
        understand(line)

"""Running the installed commands one after the other, shown as a user would type them."""

import shlex
import subprocess
import sys
from pathlib import Path

import click

from tinygesture.cli.output import Output
from tinygesture.errors import UserError


class Steps:
    """Commands run in `folder`. Raises UserError where one does not succeed."""

    def __init__(self, out: Output, folder: Path) -> None:
        self._out = out
        self._folder = folder
        self._number = 0

    def say(self, sentence: str) -> None:
        self._number += 1
        self._out.say(click.style(f"\n{self._number}. {sentence}", bold=True))

    def run(self, *command: str) -> None:
        self._start(command, None)

    def ask(self, *command: str, may_fail: bool = False) -> str:
        """What the command writes to stdout."""
        return self._start(command, subprocess.PIPE, may_fail)

    def _start(self, command: tuple[str, ...], stdout: int | None, may_fail: bool = False) -> str:
        line = shlex.join(command)
        click.secho(f"$ {line}", fg="cyan")  # in one line, to be copied
        program = Path(sys.executable).with_name(command[0])
        done = subprocess.run(
            [str(program), *command[1:]], cwd=self._folder, stdout=stdout, text=True, check=False
        )
        if done.returncode != 0 and not may_fail:
            raise UserError(
                f"`{line}` ended with status {done.returncode}, so the demo stops here."
            )
        return done.stdout or ""

"""Where a command's words go."""

import json
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console


class Output:
    """Text for people on stdout; with --json, JSON lines there and the text on stderr."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._text: TextIO = sys.stdout
        if as_json:  # a stderr of its own: training holds back what libraries write to the other
            self._text = os.fdopen(os.dup(sys.stderr.fileno()), "w", errors="replace")

    @property
    def on_terminal(self) -> bool:
        return self._text.isatty()

    def say(self, text: str, end: str = "\n") -> None:
        click.echo(text + end, file=self._text, nl=False)

    def emit(self, value: dict[str, Any]) -> None:
        """One JSON line, with --json."""
        if self.as_json:
            click.echo(json.dumps(value))

    def console(self) -> "Console":
        from rich.console import Console

        return Console(file=self._text, highlight=False)

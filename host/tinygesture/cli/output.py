"""Where a command's words go."""

import json
import os
import shutil
import sys
import textwrap
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from rich.console import Console


def wrapped(text: str, stream: TextIO) -> str:
    """On a terminal, lines that end between words."""
    if not stream.isatty():
        return text
    width = shutil.get_terminal_size().columns
    fill = partial(textwrap.fill, width=width, break_long_words=False, break_on_hyphens=False)
    return "\n".join(fill(line) if len(line) > width else line for line in text.split("\n"))


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
        click.echo(wrapped(text, self._text) + end, file=self._text, nl=False)

    def emit(self, value: dict[str, Any]) -> None:
        """One JSON line, with --json."""
        if self.as_json:
            click.echo(json.dumps(value))

    def console(self) -> "Console":
        from rich.console import Console

        return Console(file=self._text, highlight=False)

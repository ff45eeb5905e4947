"""An index as `data repair` reads it: whatever can be understood of every line."""

import csv as tables
from contextlib import suppress
from typing import Any, NamedTuple

from tinygesture.dataset import index
from tinygesture.dataset.index import COLUMNS, Entry
from tinygesture.errors import UserError

_OF_GIT = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")


class Line(NamedTuple):
    """A line that may name a recording.

    number: from 1; entry: None where the line is damaged, for a `reason`; known: the values of its
    columns that are possible.
    """

    number: int
    raw: bytes
    entry: Entry | None
    reason: str
    known: dict[str, Any]


class Lines(NamedTuple):
    """The lines of an index; problems: what else is wrong with it, one sentence each."""

    lines: list[Line]
    problems: list[str]


def read(data: bytes) -> Lines:
    """Columns are found by the header's names where it has some that an index has."""
    problems = []
    text = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if text != data:
        problems.append("the line ends or the encoding were not those of an index")
    *raw, torn = text.split(b"\n")
    if torn:
        raw.append(torn)
        problems.append("the last line was cut off")
    columns = _columns(raw[0]) if raw else None
    if columns != [*COLUMNS]:
        problems.append("the header was not that of an index")
    lines = []
    for number, line in enumerate(raw, start=1):
        if line.startswith(_OF_GIT):
            problems.append(f"line {number} was a conflict of git: both sides are kept")
        elif line.strip() and _columns(line) is None:
            lines.append(_line(number, line, columns or [*COLUMNS]))
        elif number > 1:
            problems.append(f"line {number} was empty or a second header")
    return Lines(lines, problems)


def _columns(line: bytes) -> list[str] | None:
    """The names in a header; None where the line is none."""
    cells = line.decode(errors="replace").split(",")
    return cells if {"label", "file"} <= {*cells} else None


def _line(number: int, raw: bytes, columns: list[str]) -> Line:
    known: dict[str, Any] = {}
    with suppress(tables.Error, StopIteration):
        row = next(tables.reader([raw.decode(errors="replace")]))
        for name, text in zip(columns, row, strict=False):
            with suppress(ValueError, KeyError, UserError):
                known[name] = index.parse_field(name, text)
    try:
        reordered = columns != [*COLUMNS] and known.keys() == COLUMNS.keys()
        entry = index.entry_of(known) if reordered else index.parse(raw)
        return Line(number, raw, entry, "", known)
    except (ValueError, tables.Error, UserError) as error:
        return Line(number, raw, None, str(error), known)

"""index.csv: one line for each recording of a data set, and all that is known of it."""

import csv as tables
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from tinygesture.dataset.files import clear_errors
from tinygesture.dataset.recording import Meta, check_name
from tinygesture.errors import UserError

NAME = "index.csv"
RECORDINGS = "recordings"  # folder of the gestures, one folder per label in it
CONTINUOUS = "continuous"  # folder of the recordings without a label, which have intervals
MAX_RATE_HZ = 100_000.0


@dataclass(frozen=True, kw_only=True)
class Entry(Meta):
    """A recording's line in the index; `file` is relative to the data set's folder.

    `marks` are the faults that it has (see `quality`), with a space between.
    `dataset` is the id of the data set in which it was recorded, which merging keeps: "s1" of two
    data sets is two people. A continuous recording has the label "" and its intervals in a file.
    """

    marks: str
    samples: int
    id: str
    file: str
    dataset: str

    @property
    def person(self) -> tuple[str, str]:
        """Who made the gesture, unique among data sets."""
        return self.dataset, self.subject

    @property
    def meta(self) -> Meta:
        return Meta(**{field.name: getattr(self, field.name) for field in fields(Meta)})


_COLUMNS = {field.name: field.type for field in fields(Entry)}
HEADER = (",".join(_COLUMNS) + "\n").encode()


class Damaged(NamedTuple):
    """A line that is no entry: its number from 1, its bytes without the line's end, and why."""

    number: int
    line: bytes
    reason: str


class Index(NamedTuple):
    """What an index holds: entries, lines that are none, and the rest of a line cut off."""

    entries: list[Entry]
    damaged: list[Damaged]
    torn: bytes


def encode(entries: list[Entry]) -> bytes:
    """The lines of entries. Text from a board loses its line breaks and control characters."""
    text = io.StringIO()
    writer = tables.writer(text, lineterminator="\n")
    writer.writerows([_clean(getattr(entry, name)) for name in _COLUMNS] for entry in entries)
    return text.getvalue().encode()


def _clean(value: object) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def read(path: Path) -> Index:
    """Raises UserError where the file cannot be read."""
    with clear_errors(path, "read"):
        whole, _, torn = path.read_bytes().rpartition(b"\n")
    entries: list[Entry] = []
    damaged: list[Damaged] = []
    seen: set[str] = set()
    for number, line in enumerate(whole.split(b"\n"), start=1):
        line = line.removesuffix(b"\r")
        if number == 1:
            if line + b"\n" != HEADER:
                damaged.append(Damaged(1, line, "the header is not that of an index"))
            continue
        try:
            entry = _parse(line)
            if entry.file in seen:
                raise ValueError(f"{entry.file} is named twice")
        except (ValueError, tables.Error, UserError) as error:
            damaged.append(Damaged(number, line, str(error)))
            continue
        seen.add(entry.file)
        entries.append(entry)
    return Index(entries, damaged, torn)


def _parse(line: bytes) -> Entry:
    """Raises ValueError, csv.Error or UserError."""
    [row] = tables.reader([line.decode()], strict=True)
    if len(row) != len(_COLUMNS):
        raise ValueError(f"{len(_COLUMNS)} fields are needed, not {len(row)}")
    values: dict[str, Any] = {
        name: _PARSE[type](text) for (name, type), text in zip(_COLUMNS.items(), row, strict=True)
    }
    entry = Entry(**values)
    if not _is_inside(entry):
        raise ValueError(f"{entry.file!r} is not where a recording of {entry.label!r} belongs")
    if entry.label:
        check_name(entry.label, "label")
    check_name(entry.subject, "subject")
    check_name(entry.session, "session")
    if min(entry.drops, entry.crc_errors, entry.clipped, entry.jitter_us, entry.rate_hz) < 0:
        raise ValueError("a negative count")
    if entry.samples < 1 or entry.rate_hz > MAX_RATE_HZ:
        raise ValueError(f"{entry.samples} samples at {entry.rate_hz:g} Hz are impossible")
    return entry


def _is_inside(entry: Entry) -> bool:
    folder = (RECORDINGS, entry.label) if entry.label else (CONTINUOUS,)
    parts = PurePosixPath(entry.file).parts
    name = parts[-1] if parts else ""
    return parts[:-1] == folder and name.endswith(".csv") and not set(name) & set('\0/\\:"')


def _parse_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a finite number")
    return value


def _parse_bool(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError(f"{text!r} is neither True nor False")
    return text == "True"


_PARSE: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: _parse_float,
    bool: _parse_bool,
}

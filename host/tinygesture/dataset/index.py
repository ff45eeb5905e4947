"""index.csv: one line for each recording of a data set, and all that is known of it."""

import csv as tables
import io
import math
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from tinygesture.dataset import intervals
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


COLUMNS = {field.name: field.type for field in fields(Entry)}
_NAMES = ("label", "subject", "session")
_COUNTS = ("jitter_us", "drops", "crc_errors", "clipped", "rate_hz")
_LEAST = dict.fromkeys(_COUNTS, 0) | {"samples": 1}
_MOST = dict.fromkeys(_LEAST, 10**12) | {"rate_hz": MAX_RATE_HZ}
_ID = re.compile("[0-9a-f]{12}")
_DATASET_ID = re.compile("[0-9a-f]{16}")  # as those have that tinygesture makes
HEADER = (",".join(COLUMNS) + "\n").encode()


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
    writer.writerows([_clean(getattr(entry, name)) for name in COLUMNS] for entry in entries)
    return text.getvalue().encode()


def _clean(value: object) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())


def read(path: Path) -> Index:
    """Raises UserError where the file cannot be read.

    A last line that only lacks its end, as some editors leave it, is as good as the others.
    """
    with clear_errors(path, "read"):
        if path.exists() and not path.is_file():
            raise UserError(f"{path} is no file. Move it away, and run `tinygesture data repair`.")
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
            entry = parse(line)
            if entry.file in seen:
                raise ValueError(f"{entry.file} is named twice")
        except (ValueError, tables.Error, UserError) as error:
            damaged.append(Damaged(number, line, str(error)))
            continue
        seen.add(entry.file)
        entries.append(entry)
    last = _whole(torn, {entry.dataset for entry in entries})
    if last and last.file not in seen:
        entries.append(last)
        torn = b""
    return Index(entries, damaged, torn)


def _whole(torn: bytes, datasets: set[str]) -> Entry | None:
    """The entry of a line without an end, if nothing is missing: its last field is an id."""
    with suppress(ValueError, tables.Error, UserError):
        entry = parse(torn)
        if _DATASET_ID.fullmatch(entry.dataset) or entry.dataset in datasets:
            return entry
    return None


def complete(path: Path) -> None:
    """Give a whole last line its end, so that lines can be appended. Raises OSError, UserError."""
    with path.open("r+b") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return
        file.seek(-1, os.SEEK_END)
        if file.read() != b"\n" and not read(path).torn:
            file.write(b"\n")


def parse(line: bytes) -> Entry:
    """Raises ValueError, csv.Error or UserError."""
    [row] = tables.reader([line.decode()], strict=True)
    if len(row) != len(COLUMNS):
        raise ValueError(f"{len(COLUMNS)} fields are needed, not {len(row)}")
    return entry_of(
        {name: parse_field(name, text) for name, text in zip(COLUMNS, row, strict=True)}
    )


def entry_of(values: dict[str, Any]) -> Entry:
    """The entry with these values of all columns. Raises ValueError."""
    entry = Entry(**values)
    *parents, name = entry.file.split("/")
    if parents != [RECORDINGS, entry.label] if entry.label else parents != [CONTINUOUS]:
        raise ValueError(f"{entry.file!r} is not where a recording of {entry.label!r} belongs")
    if not is_file_name(name):
        raise ValueError(f"{name!r} cannot be the name of a recording's file")
    return entry


def parse_field(name: str, text: str) -> Any:
    """The value of a column. Raises ValueError or UserError where it cannot be one."""
    value = _PARSE[COLUMNS[name]](text)
    if not text.isprintable():
        raise ValueError(f"{text!r} holds control characters")
    if name == "id" and not _ID.fullmatch(text):
        raise ValueError(f"{text!r} is no id: those have 12 hexadecimal digits")
    if name in _NAMES and (text or name != "label"):
        check_name(text, name)
    elif name in _LEAST and not _LEAST[name] <= value <= _MOST[name]:
        raise ValueError(f"{name} cannot be {value}")
    return value


def is_recording(name: str) -> bool:
    """Whether a file of this name holds samples; drafts and intervals do not."""
    return name.endswith(".csv") and not name.endswith(intervals.SUFFIX) and name[0] != "."


def is_file_name(name: str) -> bool:
    """Whether a recording's file can have this name on every system, and stand in an index."""
    return is_recording(name) and _clean(name) == name and not set(name) & set('/\\:"')


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

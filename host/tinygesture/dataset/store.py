"""A data set: a folder with dataset.json, index.csv and one CSV file per recording.

A recording is written whole before its line in the index is, so a crash at any moment leaves a
data set that holds every recording whose `add` returned.
"""

import csv as tables
import hashlib
import io
import json
import logging
import math
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from tinygesture.dataset import csv
from tinygesture.dataset.files import append_line, clear_errors, write_atomically
from tinygesture.dataset.recording import Meta, Recording, check_name
from tinygesture.errors import UserError

FORMAT = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry(Meta):
    """A recording's line in the index; `file` is relative to the data set's folder.

    `dataset` is the id of the data set: "s1" in two data sets is two people.
    """

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


class Dataset:
    """`Dataset.open`, `create` or `open_or_create` a folder, then `add` and `load` recordings."""

    def __init__(self, path: Path, id: str, about: str, entries: list[Entry]) -> None:
        self.path = path
        self.id = id
        self.about = about
        self.entries = entries
        self._numbers = Counter(entry.label for entry in entries)

    @classmethod
    def create(cls, path: Path | str, *, id: str | None = None, about: str = "") -> "Dataset":
        """A new data set in a folder that does not exist yet or is empty."""
        path = Path(path)
        with clear_errors(path, "make the folder"):
            path.mkdir(parents=True, exist_ok=True)
            strangers = sorted(p.name for p in path.iterdir() if not p.name.startswith("."))
        if strangers and (strangers != ["index.csv"] or _read_index(path, "")):
            raise UserError(
                f"{path} cannot become a data set: there is something in it already "
                f"({strangers[0]}). Name a new or empty folder."
            )
        id = id or secrets.token_hex(8)
        write_atomically(path / "index.csv", _line([field.name for field in _COLUMNS]))
        description = {"format": FORMAT, "id": id} | ({"about": about} if about else {})
        write_atomically(path / "dataset.json", (json.dumps(description) + "\n").encode())
        return cls(path, id, about, [])

    @classmethod
    def open(cls, path: Path | str) -> "Dataset":
        """The data set in a folder; UserError where there is none or its index is damaged."""
        path = Path(path)
        if not path.is_dir():
            raise UserError(
                f"There is no folder {path}. Check the name, or record gestures into it with "
                "`capture`."
            )
        if not (path / "dataset.json").exists():
            raise UserError(
                f"{path} is not a data set: it has no dataset.json. Name the folder that "
                "`capture` wrote to."
            )
        description = _read_description(path / "dataset.json")
        id = description["id"]
        return cls(path, id, str(description.get("about", "")), _read_index(path, id))

    @classmethod
    def open_or_create(cls, path: Path | str) -> "Dataset":
        path = Path(path)
        return cls.open(path) if (path / "dataset.json").exists() else cls.create(path)

    @property
    def labels(self) -> list[str]:
        """Every label that has a recording, sorted."""
        return sorted({entry.label for entry in self.entries})

    def require_recordings(self) -> None:
        """Raises UserError where the data set is empty."""
        if not self.entries:
            raise UserError(
                f"The data set {self.path} is empty. Record some gestures first: "
                f"`capture circle punch rest --data {self.path} --port PORT`."
            )

    def add(self, recording: Recording) -> Entry:
        """Save a recording; when this returns, it is on the disk. Takes the same time always."""
        meta = recording.meta
        for what in ("label", "subject", "session"):
            check_name(getattr(meta, what), what)
        data = csv.encode(recording.t_us, recording.counts)
        number = self._numbers[meta.label] + 1
        seed = json.dumps([number, asdict(meta)]).encode() + data
        id = hashlib.sha256(seed).hexdigest()[:12]
        file = PurePosixPath("recordings", meta.label, f"{number:04}-{id}.csv")
        entry = Entry(
            **asdict(meta), samples=len(recording.t_us), id=id, file=str(file), dataset=self.id
        )
        path = self.path / file
        with clear_errors(path.parent, "make the folder"):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)
        try:
            append_line(self.path / "index.csv", _line(_row(entry)))
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        self._numbers[meta.label] = number
        self.entries.append(entry)
        return entry

    def load(self, entry: Entry) -> Recording:
        """The recording of an entry; UserError where its file is missing or damaged."""
        path = self.path / entry.file
        if not path.exists():
            raise UserError(
                f"{self.path / 'index.csv'} names {entry.file}, which is missing. Restore the "
                "file, or delete its line from index.csv if the recording was deleted on purpose."
            )
        t_us, counts = csv.read(path)
        return Recording(t_us, counts, entry.meta)


def _read_description(path: Path) -> dict[str, Any]:
    with clear_errors(path, "read"):
        data = path.read_bytes()
    try:
        description = json.loads(data)
        known, id = description["format"], description["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        known, id = None, None
    if not isinstance(id, str) or not isinstance(known, int):
        raise UserError(
            f"{path} is damaged. Restore it, or replace its content by "
            f'{{"format": {FORMAT}, "id": "a name of your choice"}}.'
        )
    if known != FORMAT:
        raise UserError(
            f"{path} says format {known}, and this version of tinygesture reads format {FORMAT}. "
            "Update tinygesture."
        )
    return dict(description)


_COLUMNS = [field for field in fields(Entry) if field.name != "dataset"]


def _row(entry: Entry) -> list[str]:
    """The fields of a line in the index; text from a board loses its line breaks."""
    values = (getattr(entry, field.name) for field in _COLUMNS)
    return [" ".join(str(value).split()) for value in values]


def _line(row: list[str]) -> bytes:
    text = io.StringIO()
    tables.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue().encode()


def _read_index(path: Path, dataset: str) -> list[Entry]:
    index = path / "index.csv"
    with clear_errors(index, "read"):
        data = index.read_bytes()
    whole, _, torn = data.rpartition(b"\n")
    if torn:
        _log.warning("%s: the last line is cut off and was ignored.", index)
    lines = whole.split(b"\n")
    if lines[0].rstrip(b"\r") + b"\n" != _line([field.name for field in _COLUMNS]):
        raise UserError(
            f"{index}, line 1: the header is not that of an index. Restore the file, or record "
            "into a new folder."
        )
    return [_entry(line, number, index, dataset) for number, line in enumerate(lines[1:], start=2)]


def _entry(line: bytes, number: int, index: Path, dataset: str) -> Entry:
    try:
        [row] = tables.reader([line.decode()], strict=True)
        pairs = zip(_COLUMNS, row, strict=True)
        values: dict[str, Any] = {field.name: _PARSE[field.type](text) for field, text in pairs}
        entry = Entry(**values, dataset=dataset)
        if not _is_inside(entry.file):
            raise ValueError(f"{entry.file!r} is not in the folder recordings")
        for what in ("label", "subject", "session"):
            check_name(values[what], what)
    except (ValueError, tables.Error, UserError) as error:
        raise UserError(
            f"{index}, line {number}, is damaged ({error}). Correct the line or delete it."
        ) from error
    return entry


def _is_inside(file: str) -> bool:
    parts = PurePosixPath(file).parts
    return len(parts) == 3 and parts[0] == "recordings" and ".." not in parts and "\0" not in file


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

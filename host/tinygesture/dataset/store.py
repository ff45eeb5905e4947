"""A data set: a folder with dataset.json, index.csv and one CSV file per recording.

A recording is written to a draft, then named in the index, then given its name: after a crash at
any moment the data set holds every recording whose `add` returned, and none in part.
"""

import hashlib
import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock, Timeout

from tinygesture.dataset import csv, index, intervals, quality
from tinygesture.dataset.files import (
    appended,
    clear_errors,
    draft_of,
    remove_all,
    sync_files,
    sync_folder,
    write_atomically,
)
from tinygesture.dataset.index import Entry
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.recording import Recording, check_name
from tinygesture.errors import UserError

FORMAT = 1
DESCRIPTION = "dataset.json"
TRASH = "trash"  # a data set of its own, with what was removed
LOCK = ".lock"
LOCK_TIMEOUT_S = 10.0
# For git: two people's new lines of the index are both kept; line ends stay as they are.
_SIDE_FILES = {
    ".gitattributes": f"*.csv text eol=lf\n{index.NAME} merge=union\n",
    ".gitignore": f"{LOCK}\n.*.tmp\n",
}
_log = logging.getLogger(__name__)


class Dataset:
    """`Dataset.open`, `create` or `open_or_create` a folder, then `add` and `load` recordings.

    entries: the gestures; continuous: the long recordings, which have intervals.
    """

    def __init__(self, path: Path, id: str, about: str, entries: Iterable[Entry]) -> None:
        self.path = path
        self.id = id
        self.about = about
        self._take(entries)

    @classmethod
    def create(cls, path: Path | str, *, id: str | None = None, about: str = "") -> "Dataset":
        """A new data set in a folder that does not exist yet or is empty."""
        path = Path(path)
        with clear_errors(path, "make the folder"):
            path.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            if (path / DESCRIPTION).exists():
                raise UserError(f"{path} is a data set already.")
            strangers = [p.name for p in sorted(path.iterdir()) if not p.name.startswith(".")]
            if strangers and (strangers != [index.NAME] or index.read(path / index.NAME)[0]):
                raise UserError(
                    f"{path} cannot become a data set: there is something in it already "
                    f"({strangers[0]}). Name a new or empty folder."
                )
            id = id or secrets.token_hex(8)
            for name, text in _SIDE_FILES.items():
                write_atomically(path / name, text.encode())
            write_atomically(path / index.NAME, index.HEADER)
            description = {"format": FORMAT, "id": id} | ({"about": about} if about else {})
            write_atomically(path / DESCRIPTION, (json.dumps(description) + "\n").encode())
        return cls(path, id, about, [])

    @classmethod
    def open(cls, path: Path | str) -> "Dataset":
        """The data set in a folder; UserError where there is none or its index is damaged."""
        path = Path(path)
        id, about = read_description(path)
        entries, damaged, torn = index.read(path / index.NAME)
        if damaged:
            raise UserError(
                f"{path / index.NAME}, line {damaged[0].number}, is damaged "
                f"({damaged[0].reason}). Correct the line, or run `tinygesture data repair {path}`."
            )
        if torn:
            _log.warning("%s: the last line is cut off and was ignored.", path / index.NAME)
        _finish(path, entries)
        return cls(path, id, about, entries)

    @classmethod
    def open_or_create(cls, path: Path | str) -> "Dataset":
        path = Path(path)
        return cls.open(path) if (path / DESCRIPTION).exists() else cls.create(path)

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
        return self.add_all([recording])[0]

    def add_all(self, recordings: Iterable[Recording]) -> list[Entry]:
        """Save many recordings at once: all of them are on the disk then, or none is."""
        return self._save((None, _labelled(recording)) for recording in recordings)

    def add_continuous(self, recording: Recording, found: Sequence[Interval] = ()) -> Entry:
        """Save a recording with the label "" and what happened in it."""
        if recording.meta.label:
            raise ValueError(f"a continuous recording has no label {recording.meta.label!r}")
        return self._save([(None, recording)], [*found])[0]

    def adopt(self, entries: Iterable[Entry], source: "Dataset") -> list[Entry]:
        """Copy recordings of another data set: each keeps its id, and whose it is."""
        return self._save((entry, source.load(entry)) for entry in entries)

    def load(self, entry: Entry) -> Recording:
        """The recording of an entry; UserError where its file is missing or damaged."""
        path = self.path / entry.file
        if not path.exists():
            raise UserError(
                f"{self.path / index.NAME} names {entry.file}, which is missing. Restore the "
                f"file, or run `tinygesture data repair {self.path}` to take it out of the index."
            )
        t_us, counts = csv.read(path)
        return Recording(t_us, counts, entry.meta)

    def intervals(self, entry: Entry) -> list[Interval]:
        """What happened in a continuous recording; none where nobody has said it yet."""
        path = intervals.path_of(self.path / entry.file)
        return intervals.read(path) if path.exists() else []

    def set_intervals(self, entry: Entry, found: Sequence[Interval]) -> None:
        write_atomically(intervals.path_of(self.path / entry.file), intervals.encode([*found]))

    def remove(self, entries: Iterable[Entry]) -> None:
        """Move recordings to the folder `trash`, which is a data set: importing it undoes this."""
        gone = [*entries]
        trash = self.path / TRASH
        known = Dataset.open(trash) if trash.exists() else Dataset.create(trash, id=self.id)
        there = {entry.id for entry in known.every}
        for entry in gone:
            if entry.id not in there:
                copy = known.adopt([entry], self)[0]
                if found := self.intervals(entry):
                    known.set_intervals(copy, found)
        files = {entry.file for entry in gone}
        self._rewrite(lambda entry: None if entry.file in files else entry)
        paths = [self.path / file for file in files]
        remove_all([*paths, *map(intervals.path_of, paths)])

    def change(self, entries: Iterable[Entry], **meta: Any) -> None:
        """Correct what the index says of recordings, except their label: `subject="anna"`."""
        files = {entry.file for entry in entries}
        self._rewrite(lambda entry: replace(entry, **meta) if entry.file in files else entry)

    def relabel(self, entries: Iterable[Entry], label: str) -> list[Entry]:
        """Give gestures another label; they move to its folder and keep their ids."""
        check_name(label, "label")
        moved = [entry for entry in entries if entry.label != label]
        renamed = [replace(entry, label=label) for entry in moved]
        pairs = zip(renamed, moved, strict=True)
        new = self._save((e, replace(self.load(old), meta=e.meta)) for e, old in pairs)
        files = {entry.file for entry in moved}
        self._rewrite(lambda entry: None if entry.file in files else entry)
        remove_all(self.path / file for file in files)
        return new

    @property
    def every(self) -> list[Entry]:
        """All entries, gestures and continuous recordings, in the order of the index."""
        return self._entries

    def _take(self, entries: Iterable[Entry]) -> None:
        self._entries = [*entries]
        self.entries = [entry for entry in self._entries if entry.label]
        self.continuous = [entry for entry in self._entries if not entry.label]
        self._numbers = Counter(entry.label for entry in self._entries)

    def _save(
        self,
        recordings: Iterable[tuple[Entry | None, Recording]],
        found: Sequence[Interval] = (),
    ) -> list[Entry]:
        """Write recordings; those that come with an entry keep its id and data set."""
        numbers = self._numbers.copy()
        new: list[Entry] = []
        paths: list[Path] = []
        with _alone(self.path), clear_errors(self.path, "write"):
            try:
                for known, recording in recordings:
                    numbers[recording.meta.label] += 1
                    data = csv.encode(recording.t_us, recording.counts)
                    entry = self._entry(recording, data, numbers[recording.meta.label], known)
                    path = self.path / entry.file
                    paths.append(path)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    draft_of(path).write_bytes(data)
                    if found:
                        self.set_intervals(entry, found)
                    new.append(entry)
                sync_files([draft_of(path) for path in paths])
                with appended(self.path / index.NAME, index.encode(new)):
                    for path in paths:
                        draft_of(path).replace(path)
                sync_folder(*{path.parent for path in paths})
            except BaseException:
                beside = map(intervals.path_of, paths) if found else []
                remove_all([*map(draft_of, paths), *paths, *beside])
                raise
        self._take([*self._entries, *new])
        return new

    def _entry(self, recording: Recording, data: bytes, number: int, known: Entry | None) -> Entry:
        meta = recording.meta
        check_name(meta.subject, "subject")
        check_name(meta.session, "session")
        seed = json.dumps([number, asdict(meta)]).encode() + data
        id = known.id if known else hashlib.sha256(seed).hexdigest()[:12]
        folder = (index.RECORDINGS, meta.label) if meta.label else (index.CONTINUOUS,)
        return Entry(
            **asdict(meta),
            marks=quality.marks(quality.check(recording)),
            samples=len(recording.t_us),
            id=id,
            file=str(PurePosixPath(*folder, f"{number:04}-{id}.csv")),
            dataset=known.dataset if known else self.id,
        )

    def _rewrite(self, change: Callable[[Entry], Entry | None]) -> None:
        """Write the index anew, each entry as `change` says; None leaves it out."""
        with _alone(self.path):
            current, damaged, _ = index.read(self.path / index.NAME)
            if damaged:
                raise UserError(
                    f"{self.path / index.NAME}, line {damaged[0].number}, is damaged. Run "
                    f"`tinygesture data repair {self.path}` first."
                )
            kept = [changed for entry in current if (changed := change(entry)) is not None]
            write_atomically(self.path / index.NAME, index.HEADER + index.encode(kept))
        self._take(kept)


def _labelled(recording: Recording) -> Recording:
    check_name(recording.meta.label, "label")
    return recording


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold off other writers of the data set in this folder. Raises UserError."""
    lock = FileLock(path / LOCK)
    with clear_errors(path, "write"):
        try:
            lock.acquire(timeout=LOCK_TIMEOUT_S)
        except Timeout:
            raise UserError(
                f"Another program has been writing to {path} for {LOCK_TIMEOUT_S:g} s. Wait until "
                "it is done, and repeat the command."
            ) from None
    try:
        yield
    finally:
        lock.release()


def _finish(path: Path, entries: list[Entry]) -> None:
    """Give the drafts their names that a crash left behind after they were in the index."""
    for entry in reversed(entries):
        file = path / entry.file
        if file.exists() or not draft_of(file).exists():
            return
        with clear_errors(file, "write"):
            draft_of(file).replace(file)


def read_description(path: Path) -> tuple[str, str]:
    """Id and description of the data set in a folder. Raises UserError where there is none."""
    if not path.is_dir():
        raise UserError(
            f"There is no folder {path}. Check the name, or record gestures into it with `capture`."
        )
    file = path / DESCRIPTION
    if not file.exists():
        raise UserError(
            f"{path} is not a data set: it has no {DESCRIPTION}. Name the folder that "
            "`capture` wrote to."
        )
    with clear_errors(file, "read"):
        data = file.read_bytes()
    try:
        description = json.loads(data)
        known, id = description["format"], description["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        known, id = None, None
    if not isinstance(id, str) or not isinstance(known, int):
        raise UserError(
            f"{file} is damaged. Restore it, or replace its content by "
            f'{{"format": {FORMAT}, "id": "a name of your choice"}}.'
        )
    if known != FORMAT:
        raise UserError(
            f"{file} says format {known}, and this version of tinygesture reads format {FORMAT}. "
            "Update tinygesture."
        )
    return id, str(description.get("about", ""))

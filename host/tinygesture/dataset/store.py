"""A data set: a folder with dataset.json, index.csv and one CSV file per recording.

A recording is written to a draft, then named in the index, then given its name: after a crash at
any moment the data set holds every recording whose `add` returned, and none in part.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from tinygesture.dataset import csv, folder, index, intervals, quality
from tinygesture.dataset.files import (
    appended,
    clear_errors,
    draft_of,
    remove_all,
    remove_empty,
    sync_files,
    sync_folder,
    write_atomically,
)
from tinygesture.dataset.folder import DESCRIPTION, TRASH, AlreadyThere, alone
from tinygesture.dataset.index import Entry
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.opening import settled_entries, whole_index
from tinygesture.dataset.recording import Recording, check_name
from tinygesture.errors import UserError, typed

_NUMBER = re.compile("[0-9]{1,9}")


class Incoming(NamedTuple):
    """A recording on its way into a data set.

    id: made from the content where None; dataset: where it was recorded, here where None.
    """

    recording: Recording
    intervals: Sequence[Interval] = ()
    id: str | None = None
    dataset: str | None = None


class Dataset:
    """`Dataset.open`, `create` or `open_or_create` a folder, then `add` and `load` recordings.

    entries: the gestures; continuous: the long recordings, which have intervals; every: both, in
    the order of the index.
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
        return cls(path, *folder.create(path, id, about), [])

    @classmethod
    def open(cls, path: Path | str) -> "Dataset":
        """The data set in a folder; UserError where there is none or its index is damaged.

        Where index and files disagree otherwise, a warning is logged.
        """
        path = Path(path)
        id, about = folder.read_description(path)
        return cls(path, id, about, settled_entries(path))

    @classmethod
    def open_or_create(cls, path: Path | str) -> "Dataset":
        path = Path(path)
        if not (path / DESCRIPTION).exists():
            with suppress(AlreadyThere):  # another program makes it at this moment
                return cls.create(path)
        return cls.open(path)

    @property
    def labels(self) -> list[str]:
        """Every label that has a recording, sorted."""
        return sorted({entry.label for entry in self.entries})

    @property
    def trash(self) -> "Dataset | None":
        """The data set of what was removed from this one."""
        path = self.path / TRASH
        return Dataset.open(path) if (path / DESCRIPTION).exists() else None

    def require_recordings(self) -> None:
        """Raises UserError where the data set is empty."""
        if self.entries:
            return
        if self.path.name == TRASH and (self.path.parent / DESCRIPTION).exists():
            raise UserError(f"The trash {self.path} is empty: nothing was deleted or all is back.")
        raise UserError(
            f"The data set {self.path} is empty. Record some gestures first: "
            f"`capture circle punch rest --data {typed(self.path)} --port PORT`."
        )

    def add(self, recording: Recording) -> Entry:
        """Save a recording; when this returns, it is on the disk. Takes the same time always."""
        return self.add_all([recording])[0]

    def add_all(self, recordings: Iterable[Recording]) -> list[Entry]:
        """Save many recordings at once: all of them are on the disk then, or none is."""
        return self.save(Incoming(_labelled(recording)) for recording in recordings)

    def add_continuous(self, recording: Recording, found: Sequence[Interval] = ()) -> Entry:
        """Save a recording with the label "" and what happened in it."""
        if recording.meta.label:
            raise ValueError(f"a continuous recording has no label {recording.meta.label!r}")
        return self.save([Incoming(recording, found)])[0]

    def adopt(
        self, entries: Iterable[Entry], source: "Dataset", *, twice: bool = False
    ) -> list[Entry]:
        """Copy recordings of another data set: each keeps its id, and whose it is.

        Those that are here are left out, unless `twice` is true.
        """
        incoming = (
            Incoming(source.load(entry), source.intervals(entry), entry.id, entry.dataset)
            for entry in entries
        )
        return self.save(incoming, twice=twice)

    def load(self, entry: Entry) -> Recording:
        """The recording of an entry; UserError where its file is missing or damaged."""
        path = self.path / entry.file
        if not path.exists():
            raise UserError(
                f"{self.path / index.NAME} names {entry.file}, which is missing. Restore the file, "
                f"or run `tinygesture data repair --data {typed(self.path)}` to take it out of the "
                "index."
            )
        t_us, counts = csv.read(path)
        if len(t_us) != entry.samples:
            raise UserError(
                f"{path} has {len(t_us)} samples, and the index says {entry.samples}: it was cut "
                f"off or edited. `tinygesture data repair --data {typed(self.path)}` mends it."
            )
        return Recording(t_us, counts, entry.meta)

    def intervals(self, entry: Entry) -> list[Interval]:
        """What happened in a continuous recording; none where nobody has said it yet."""
        path = intervals.path_of(self.path / entry.file)
        return intervals.read(path) if path.exists() else []

    def intervals_within(self, entry: Entry, recording: Recording) -> list[Interval]:
        """The same, of the recording loaded; UserError where one of them is not in it."""
        path = intervals.path_of(self.path / entry.file)
        return intervals.within(path, self.intervals(entry), int(recording.t_us[-1]))

    def set_intervals(self, entry: Entry, found: Sequence[Interval]) -> None:
        write_atomically(intervals.path_of(self.path / entry.file), intervals.encode([*found]))

    def remove(self, entries: Iterable[Entry]) -> None:
        """Move recordings to the data set `trash`, from which `restore` brings them back."""
        gone = [*entries]
        ids = {entry.id for entry in gone}
        with alone(self.path):
            trash = self.trash or Dataset.create(self.path / TRASH, id=self.id)
            older = [entry for entry in trash.every if entry.id in ids]
            trash.adopt(gone, self, twice=True)  # an older copy is forgotten after that
            trash._forget(older)
            self._forget(gone)

    def restore(self, entries: Iterable[Entry]) -> list[Entry]:
        """Bring entries of the trash back, as they were."""
        back = [*entries]
        with alone(self.path):
            trash = self.trash
            assert trash is not None
            new = self.adopt(back, trash)
            trash._forget(back)
        return new

    def change(self, entries: Iterable[Entry], **meta: Any) -> None:
        """Correct what the index says of recordings, except their label: `subject="anna"`."""
        files = {entry.file for entry in entries}
        self._rewrite(lambda entry: replace(entry, **meta) if entry.file in files else entry)

    def relabel(self, entries: Iterable[Entry], label: str) -> list[Entry]:
        """Give gestures another label; they move to its folder and keep their ids."""
        check_name(label, "label")
        with alone(self.path):
            moved: dict[str, Entry] = {}
            for entry in entries:
                if entry.label != label:
                    recording = self.load(entry)
                    recording = replace(recording, meta=replace(recording.meta, label=label))
                    file = self._free_name(label, entry.id)
                    moved[entry.file] = replace(
                        entry, label=label, file=file, marks=quality.marks(quality.check(recording))
                    )
            with clear_errors(self.path, "write"):
                _rename(self.path, {old: new.file for old, new in moved.items()})
                try:
                    self._rewrite(lambda entry: moved.get(entry.file, entry))
                except BaseException:
                    _rename(self.path, {new.file: old for old, new in moved.items()})
                    raise
        return [*moved.values()]

    def save(self, incoming: Iterable[Incoming], *, twice: bool = False) -> list[Entry]:
        """Write recordings: all of them are on the disk then, or none is.

        Those that come with an id that the index has are left out, unless `twice` is true.
        """
        new: list[Entry] = []
        there: set[str] | None = None
        paths: list[Path] = []
        beside: list[Path] = []
        with alone(self.path), clear_errors(self.path, "write"):
            try:
                for one in incoming:
                    if one.id and not twice:
                        if there is None:  # another program may have saved it meanwhile
                            there = {entry.id for entry in whole_index(self.path).entries}
                        if one.id in there:
                            continue
                        there.add(one.id)
                    data = csv.encode(one.recording.t_us, one.recording.counts)
                    entry = self._entry(one, data)
                    new.append(entry)
                    self._spellings.setdefault(entry.label.lower(), entry.label)
                    paths.append(self.path / entry.file)
                    paths[-1].parent.mkdir(parents=True, exist_ok=True)
                    draft_of(paths[-1]).write_bytes(data)
                    if one.intervals:
                        beside.append(intervals.path_of(paths[-1]))
                        self.set_intervals(entry, one.intervals)
                sync_files([draft_of(path) for path in paths])
                index.complete(self.path / index.NAME)
                with appended(self.path / index.NAME, index.encode(new)):
                    for path in paths:
                        draft_of(path).replace(path)
                    sync_folder(*{path.parent for path in paths})
            except BaseException:
                remove_all([*map(draft_of, paths), *paths, *beside])
                self._take(self.every)
                raise
        self._append(new)
        return new

    def _take(self, entries: Iterable[Entry]) -> None:
        self.every: list[Entry] = []
        self.entries: list[Entry] = []
        self.continuous: list[Entry] = []
        self._numbers: dict[str, int] = {}  # the highest in the names of each label's files
        self._spellings = {"": ""}  # of labels, by their lower case
        self._append(entries)

    def _append(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.every.append(entry)
            (self.entries if entry.label else self.continuous).append(entry)
            number = _NUMBER.match(PurePosixPath(entry.file).name)
            if number and int(number[0]) > self._numbers.get(entry.label, 0):
                self._numbers[entry.label] = int(number[0])
            self._spellings.setdefault(entry.label.lower(), entry.label)

    def _entry(self, one: Incoming, data: bytes) -> Entry:
        """The line for a recording whose file will hold `data`."""
        meta = one.recording.meta
        check_name(meta.subject, "subject")
        check_name(meta.session, "session")
        number = self._numbers.get(meta.label, 0) + 1
        seed = json.dumps([number, asdict(meta)]).encode() + data
        id = one.id or hashlib.sha256(seed).hexdigest()[:12]
        return Entry(
            **asdict(meta),
            marks=quality.marks(quality.check(one.recording)),
            samples=len(one.recording.t_us),
            id=id,
            file=self._free_name(meta.label, id),
            dataset=one.dataset or self.id,
        )

    def _free_name(self, label: str, id: str) -> str:
        """The file for the next recording of a label."""
        self._check_spelling(label)
        parent = PurePosixPath(*((index.RECORDINGS, label) if label else (index.CONTINUOUS,)))
        while True:
            self._numbers[label] = number = self._numbers.get(label, 0) + 1
            file = str(parent / f"{number:04}-{id}.csv")
            if not (self.path / file).exists():
                return file

    def _check_spelling(self, label: str) -> None:
        """On Windows and macOS, "Circle" and "circle" would be one folder. Raises UserError."""
        known = self._spellings.get(label.lower(), label)
        if known != label:
            raise UserError(
                f"{self.path} has the label {known!r}, and {label!r} would be the same folder on "
                f"Windows and macOS: write {known!r}, or choose another name."
            )

    def _rewrite(self, change: Callable[[Entry], Entry | None]) -> None:
        """Write the index anew, each entry as `change` says; None leaves it out."""
        with alone(self.path):
            changed = map(change, whole_index(self.path).entries)
            kept = [entry for entry in changed if entry is not None]
            write_atomically(self.path / index.NAME, index.HEADER + index.encode(kept))
        self._take(kept)

    def _forget(self, entries: Iterable[Entry]) -> None:
        """Take recordings out of the index, then remove their files."""
        files = {entry.file for entry in entries}
        if files:
            self._rewrite(lambda entry: None if entry.file in files else entry)
            paths = [self.path / file for file in files]
            remove_all([*paths, *map(intervals.path_of, paths)])
            remove_empty(paths)


def _rename(path: Path, names: dict[str, str]) -> None:
    """Rename files of the data set in `path`, all or none. Raises OSError."""
    done: list[tuple[Path, Path]] = []
    try:
        for old, new in ((path / old, path / new) for old, new in names.items()):
            new.parent.mkdir(parents=True, exist_ok=True)
            old.replace(new)
            done.append((old, new))
        sync_folder(*{file.parent for pair in done for file in pair})
    except BaseException:
        for old, new in done:
            old.parent.mkdir(parents=True, exist_ok=True)
            new.replace(old)
        raise
    remove_empty(old for old, _ in done)


def _labelled(recording: Recording) -> Recording:
    check_name(recording.meta.label, "label")
    return recording

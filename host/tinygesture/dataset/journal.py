"""The continuous recording under way: what was sampled is on the disk, whatever happens next.

Four files in the folder `.unfinished` of the data set, of one name: ID.csv grows with the samples,
ID.labels.csv has the intervals, ID.json what is known of it, and ID.lock is held by the program
that records. `recover` makes whole recordings of those whose program has ended.
"""

import errno
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from tinygesture.contract import Int16, Int64
from tinygesture.dataset import csv, intervals
from tinygesture.dataset.files import (
    clear_errors,
    draft_of,
    remove_all,
    sync_folder,
    write_atomically,
)
from tinygesture.dataset.folder import UNFINISHED
from tinygesture.dataset.index import Entry
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.recording import Meta, Recording, check_name, measure
from tinygesture.dataset.store import Dataset, Incoming
from tinygesture.errors import UserError

SYNC_S = 1.0


class Journal:
    """`with Journal.begin(dataset, meta) as journal:` append samples, then finish or discard.

    Without either, as after an error, the files stay for `recover`.
    """

    def __init__(self, dataset: Dataset, meta: Meta, id: str, lock: FileLock) -> None:
        self._dataset = dataset
        self._meta = meta
        self._id = id
        self._lock = lock
        self._path = _path(dataset, id)
        self._origin_us = self._last_us = -1
        self._synced = time.monotonic()
        self._file = self._path.open("xb", buffering=0)
        self._write(f"{csv.HEADER}\n".encode())
        write_atomically(self._path.with_suffix(".json"), json.dumps(asdict(meta)).encode())

    @classmethod
    def begin(cls, dataset: Dataset, meta: Meta) -> "Journal":
        """Raises UserError where the folder cannot be written to."""
        if meta.label:
            raise ValueError(f"a continuous recording has no label {meta.label!r}")
        check_name(meta.subject, "subject")
        check_name(meta.session, "session")
        id = secrets.token_hex(6)
        path = _path(dataset, id)
        with clear_errors(path.parent, "write"):
            path.parent.mkdir(exist_ok=True)
            sync_folder(dataset.path)
            lock = _lock(path)
            lock.acquire(timeout=0)
            return cls(dataset, meta, id, lock)

    def append(self, t_us: Int64, counts: Int16) -> None:
        """Write t_us int64[n], microseconds that go on increasing, and counts int16[n, 6].

        When this returns they survive the end of this program; a power cut takes those since the
        last sync, SYNC_S ago at most. Raises UserError where they cannot be written.
        """
        if len(t_us) == 0:
            return
        if t_us[0] <= self._last_us or np.any(np.diff(t_us) <= 0):
            raise ValueError("times must increase")
        if self._origin_us < 0:
            self._origin_us = int(t_us[0])
        self._write(csv.encode(t_us - self._origin_us, counts).partition(b"\n")[2])
        self._last_us = int(t_us[-1])

    def set_intervals(self, found: Sequence[Interval]) -> None:
        """Write all that happened so far, on the clock of the samples; at once on the disk."""
        if found and self._origin_us < 0:
            raise ValueError("nothing can have happened before the first sample")
        moved = [
            Interval(label, max(start_us - self._origin_us, 0), end_us - self._origin_us)
            for label, start_us, end_us in found
        ]
        write_atomically(intervals.path_of(self._path), intervals.encode(moved))

    def finish(self, **changes: Any) -> Entry:
        """Make it a continuous recording of the data set; `changes` are of its meta.

        Raises UserError where nothing was recorded, or where it cannot be saved: then its files
        stay for `recover`.
        """
        meta = replace(self._meta, **changes)
        self._file.close()
        entry = _adopt(self._dataset, self._id, meta)
        self.discard()
        if entry is None:
            raise UserError("No sample arrived, so nothing was saved. Reset the board and repeat.")
        return entry

    def discard(self) -> None:
        """Remove what was recorded."""
        self._file.close()
        _remove(self._path)
        self._close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def _close(self) -> None:
        self._file.close()
        _release(self._lock, self._path)

    def _write(self, rows: bytes) -> None:
        with clear_errors(self._path, "write"):
            if self._file.write(rows) != len(rows):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if time.monotonic() - self._synced >= SYNC_S:
                os.fsync(self._file.fileno())
                self._synced = time.monotonic()


def recover(dataset: Dataset) -> list[Entry]:
    """Make whole recordings of what programs left behind that were killed while recording.

    A torn last line is cut off, and rate, jitter and clipping are measured; a journal without
    samples is removed, one whose program still runs is left alone. Raises UserError where a
    recording cannot be saved; its journal stays.
    """
    found = []
    for id in sorted({path.name.lstrip(".").partition(".")[0] for path in _files(dataset)}):
        path = _path(dataset, id)
        with _abandoned(path) as abandoned:
            if abandoned:
                saved = next((entry for entry in dataset.every if entry.id == id), None)
                entry = saved or _adopt(dataset, id, _meta(path))
                found += [entry] if entry else []
                _remove(path)
    return found


@contextmanager
def _abandoned(path: Path) -> Iterator[bool]:
    """Whether no program is writing this journal; none can begin to recover it meanwhile."""
    lock = _lock(path)
    with clear_errors(path, "read"):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            yield False
            return
    try:
        yield True
    finally:
        _release(lock, path)


def _lock(path: Path) -> FileLock:
    return FileLock(path.with_suffix(".lock"), thread_local=False)


def _release(lock: FileLock, path: Path) -> None:
    """Remove the lock's file too, where the journal is gone."""
    lock.release()
    if not path.exists():
        remove_all([path.with_suffix(".lock")])
        with suppress(OSError):
            path.parent.rmdir()


def _adopt(dataset: Dataset, id: str, meta: Meta) -> Entry | None:
    """Save the recording of a journal under the journal's id; None where it has no samples."""
    path = _path(dataset, id)
    samples = csv.salvage(path.read_bytes()) if path.exists() else None
    if samples is None:
        return None
    beside = intervals.path_of(path)
    marked = intervals.read(beside) if beside.exists() else []
    recording = Recording(*samples, replace(meta, **measure(*samples)))
    return dataset.save([Incoming(recording, marked, id)])[0]


def _meta(path: Path) -> Meta:
    with suppress(OSError, ValueError, TypeError):
        return Meta(**json.loads(path.with_suffix(".json").read_text("utf-8")))
    return Meta.unknown("")


def _remove(path: Path) -> None:
    beside = [path.with_suffix(".json"), intervals.path_of(path)]
    remove_all([*map(draft_of, beside), *beside, path])


def _files(dataset: Dataset) -> list[Path]:
    folder = dataset.path / UNFINISHED
    return [*folder.iterdir()] if folder.is_dir() else []


def _path(dataset: Dataset, id: str) -> Path:
    return dataset.path / UNFINISHED / f"{id}.csv"

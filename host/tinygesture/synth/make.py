"""A data set performed by the virtual hand."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tinygesture.contract import Int16, Int64
from tinygesture.dataset import Dataset, Interval, Meta, Recording, measure
from tinygesture.dataset.files import clear_errors
from tinygesture.dataset.folder import SYNTHETIC
from tinygesture.errors import UserError
from tinygesture.synth.hand import perform, record
from tinygesture.synth.person import Person
from tinygesture.synth.repertoire import check_label
from tinygesture.synth.script import Item, Script
from tinygesture.synth.sensor import make_part

Progress = Callable[[str, int, int], None]  # stage, done, total
SESSIONS = 2
_FIRST_DAY = datetime(2024, 1, 1, 9, tzinfo=UTC)  # times of recording are made up, too


def make_dataset(
    path: Path | str,
    labels: Sequence[str],
    subjects: Sequence[int],
    count: int,
    seed: int = 1,
    imu: str = "lsm9ds1",
    seconds: float = 1.5,
    progress: Progress = lambda stage, done, total: None,
) -> Dataset:
    """A new data set of `count` recordings per label and subject, in two sessions each.

    The same arguments give the same bytes. The folder appears when it is complete. Raises
    UserError for an unknown label or IMU, and where the folder is taken or cannot be written.
    """
    path = Path(path)
    _check(path, labels, subjects, count, seconds)
    arguments = [list(labels), list(subjects), count, seed, imu, seconds]
    id = hashlib.sha256(json.dumps(arguments).encode()).hexdigest()[:16]
    about = f"{SYNTHETIC}: performed by the virtual hand, not recorded from people."
    with clear_errors(path, "write"):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        dataset = Dataset.create(draft / "data", id=id, about=about)
        total = len(subjects) * len(labels) * count
        for subject in subjects:
            for recording in _recordings(labels, subject, count, seed, imu, seconds):
                dataset.add(recording)
                progress("performing", len(dataset.entries), total)
        with clear_errors(path, "write"):
            if path.exists():
                path.rmdir()
            dataset.path.rename(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Dataset.open(path)


def _check(
    path: Path, labels: Sequence[str], subjects: Sequence[int], count: int, seconds: float
) -> None:
    for label in labels:
        check_label(label)
    if not labels or not subjects or count < 1 or not 0 < seconds <= 60:
        raise UserError(
            "A synthetic data set needs labels, subjects, a count of 1 or more and 60 seconds at "
            "most for a recording."
        )
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise UserError(f"{path} exists already. Name a new or empty folder.")


def _recordings(
    labels: Sequence[str], subject: int, count: int, seed: int, imu: str, seconds: float
) -> Iterator[Recording]:
    """What one subject records with one board, in the order of time."""
    part = make_part(imu, seed, subject)
    for session in range(min(SESSIONS, count)):
        person = Person.of(subject).on_day(seed, subject, session + 1)
        begin = clock = _FIRST_DAY + timedelta(days=7 * session, hours=subject % 8)
        for label in labels:
            for number in range(session, count, SESSIONS):
                of_this = [seed, subject, number, *label.encode()]
                since = (clock - begin).total_seconds()
                made = record([Item(label, seconds)], person, part, of_this, since)
                inside = made.t_us < seconds * 1e6
                t_us, counts = made.t_us[inside], made.counts[inside]
                clock += timedelta(seconds=3)
                meta = _meta(label, subject, session + 1, imu, clock, t_us, counts)
                yield Recording(t_us, counts, meta)


def continuous_recording(
    script: Script, subject: int, seed: int, imu: str = "lsm9ds1", session: int = 1
) -> tuple[Recording, list[Interval]]:
    """A script as one recording, and when exactly what was performed. Raises UserError."""
    made = perform(script, subject, seed, imu, session)
    meta = _meta("", subject, session, imu, datetime.now(UTC), made.t_us, made.counts)
    meta = replace(meta, subject=f"virtual-{subject}")  # a data set may have a real s1, too
    return Recording(made.t_us, made.counts, meta), made.intervals


def _meta(
    label: str, subject: int, session: int, imu: str, at: datetime, t_us: Int64, counts: Int16
) -> Meta:
    return Meta(
        label=label,
        subject=f"s{subject}",
        session=str(session),
        board="virtual hand",
        imu=f"virtual {imu}",
        firmware="",
        drops=0,
        crc_errors=0,
        synthetic=True,
        recorded_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **measure(t_us, counts),
    )

"""Audacity's label tracks: a line for each label, `start<TAB>end<TAB>text`, times in seconds.

A line that begins with a backslash has the frequencies of the label before it.
"""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tinygesture.dataset.files import clear_errors
from tinygesture.dataset.intervals import LATE_US, Interval
from tinygesture.dataset.recording import check_name
from tinygesture.errors import UserError

MAX_S = 1e9
MAX_BYTES = 10_000_000  # of a track; a label has about thirty


class Track(NamedTuple):
    """intervals: by their beginning; notes: a sentence for each label that is none."""

    intervals: list[Interval]
    notes: list[str]


def read(path: Path, length_us: int) -> Track:
    """The labels of a file, for a recording of `length_us`, within which they are kept.

    Raises UserError, naming file and line, where one cannot be read or is beyond the recording.
    """
    intervals: dict[Interval, None] = {}
    notes: list[str] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if not line.strip() or line.startswith("\\"):
            continue
        start_us, end_us, label = _parse(path, number, line)
        if start_us >= length_us:
            raise _wrong(
                path,
                number,
                f"{label} begins at {start_us / 1e6:.3f} s, and the recording ends at "
                f"{length_us / 1e6:.3f} s. It is probably of another recording.",
            )
        if start_us == end_us:
            notes.append(
                f"{path}, line {number}: {label} at {start_us / 1e6:.3f} s is a point, which has "
                "no end: left out. Drag its edges apart in Audacity to keep it."
            )
            continue
        if end_us > length_us + LATE_US:
            notes.append(
                f"{path}, line {number}: {label} ends at {end_us / 1e6:.3f} s, and the recording "
                f"at {length_us / 1e6:.3f} s, where it was cut off. Is it of this recording?"
            )
        interval = Interval(label, start_us, min(end_us, length_us))
        if interval in intervals:
            notes.append(f"{path}, line {number}: the same label again: left out.")
            continue
        intervals[interval] = None
    return Track(sorted(intervals, key=lambda one: one.start_us), notes)


def _text(path: Path) -> str:
    with clear_errors(path, "read"):
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
            raise UserError(f"{path} is no file of labels. Name what Audacity exported.")
        return path.read_bytes().decode("utf-8-sig", errors="replace")


def encode(intervals: Sequence[Interval]) -> bytes:
    rows = (f"{i.start_us / 1e6:.6f}\t{i.end_us / 1e6:.6f}\t{i.label}\n" for i in intervals)
    return "".join(rows).encode()


def _parse(path: Path, number: int, line: str) -> tuple[int, int, str]:
    fields = line.split("\t")
    if len(fields) < 3 or not fields[2].strip():
        raise _wrong(
            path, number, "a label is its beginning, its end and its name, with a tab between them."
        )
    try:
        start_us, end_us = (_microseconds(field) for field in fields[:2])
    except ValueError:
        raise _wrong(
            path, number, f"{fields[0]!r} to {fields[1]!r} are no times in seconds."
        ) from None
    if not 0 <= start_us <= end_us:
        raise _wrong(path, number, "a label begins at 0 s or later and ends after that.")
    try:
        return start_us, end_us, check_name(fields[2].strip(), "label")
    except UserError as error:
        raise _wrong(path, number, str(error)) from None


def _microseconds(text: str) -> int:
    """Some languages write a decimal comma. Raises ValueError."""
    seconds = float(text.strip().replace(",", "."))
    if not abs(seconds) < MAX_S:
        raise ValueError
    return round(seconds * 1e6)


def _wrong(path: Path, line: int, what: str) -> UserError:
    return UserError(f"{path}, line {line}: {what} Correct it, or export the labels again.")

"""What happened when in a continuous recording: NAME.labels.csv, `start_us,end_us,label`."""

from pathlib import Path
from typing import NamedTuple

from tinygesture.dataset.files import clear_errors
from tinygesture.dataset.recording import check_name
from tinygesture.errors import UserError

HEADER = "start_us,end_us,label"
SUFFIX = ".labels.csv"
END_OF_TIME_US = 2**63  # the clock of the samples is int64
LATE_US = 1_000_000  # by so much an end may be too late: people set it by hand


class Interval(NamedTuple):
    """What was performed from start_us to end_us on the clock of the samples."""

    label: str
    start_us: int
    end_us: int


def path_of(recording: Path) -> Path:
    """The file of intervals beside a recording's."""
    return recording.with_suffix(SUFFIX)


def encode(intervals: list[Interval]) -> bytes:
    """Raises UserError where a label cannot be one, ValueError where times cannot."""
    if not all(0 <= one.start_us < one.end_us for one in intervals):
        raise ValueError("an interval begins at 0 or later and ends after that")
    rows = [f"{i.start_us},{i.end_us},{check_name(i.label, 'label')}" for i in intervals]
    return "\n".join([HEADER, *rows, ""]).encode()


def read(path: Path) -> list[Interval]:
    """In the order of the file. Raises UserError, naming file and line, where it is damaged."""
    with clear_errors(path, "read"):
        text = path.read_bytes().decode("utf-8-sig", errors="replace")  # spreadsheets mark it
    lines = text.splitlines()
    if not lines or lines[0].strip() != HEADER:
        raise UserError(
            f"{path} does not begin with the line {HEADER}, so it is no list of intervals. Put "
            "that line first, or move the file away and mark the recording again."
        )
    found: list[Interval] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            start, end, label = line.split(",")
            interval = Interval(check_name(label.strip(), "label"), int(start), int(end))
        except ValueError as error:
            what = f"{line!r} is no beginning and end in whole microseconds with a label"
            raise _damaged(path, number, what) from error
        except UserError as error:
            raise _damaged(path, number, str(error).removesuffix(".")) from error
        if not 0 <= interval.start_us < interval.end_us < END_OF_TIME_US:
            raise _damaged(path, number, "an interval begins at 0 or later and ends after that")
        found.append(interval)
    return found


def within(path: Path, found: list[Interval], length_us: int) -> list[Interval]:
    """What `read` found in `path`, for a recording that long.

    Raises UserError, naming the line, where one is not in it (ends may be LATE_US late), or there
    twice.
    """
    lines: dict[Interval, int] = {}
    for number, one in enumerate(found, start=2):
        if (first := lines.setdefault(one, number)) < number:
            raise _damaged(path, number, f"the interval of line {first} again")
        if one.start_us >= length_us or one.end_us > length_us + LATE_US:
            at = f"{one.label} is from {one.start_us / 1e6:.3f} to {one.end_us / 1e6:.3f} s"
            raise _damaged(path, number, f"{at}, and the recording ends at {length_us / 1e6:.3f} s")
    return found


def _damaged(path: Path, line: int, what: str) -> UserError:
    return UserError(f"{path}, line {line}: {what}. Correct the line or delete it.")

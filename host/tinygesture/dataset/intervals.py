"""What happened when in a continuous recording: NAME.labels.csv, `start_us,end_us,label`."""

from pathlib import Path
from typing import NamedTuple

from tinygesture.dataset.files import clear_errors
from tinygesture.dataset.recording import check_name
from tinygesture.errors import UserError

HEADER = "start_us,end_us,label"
SUFFIX = ".labels.csv"


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
        raise _damaged(path, 1, f"the header should be {HEADER}")
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
        if not 0 <= interval.start_us < interval.end_us:
            raise _damaged(path, number, "an interval begins at 0 or later and ends after that")
        found.append(interval)
    return found


def _damaged(path: Path, line: int, what: str) -> UserError:
    return UserError(f"{path}, line {line}: {what}. Correct the line or delete it.")

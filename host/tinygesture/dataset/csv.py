"""A recording as a CSV file: `t_us,aX,aY,aZ,gX,gY,gZ`, microseconds from 0, g and °/s.

Five and three decimals are finer than a third of a count, so reading gives the counts back.
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tinygesture.contract import CHANNELS, COUNTS_PER_UNIT, Float64, Int16, Int64, to_units
from tinygesture.dataset.files import clear_errors
from tinygesture.errors import UserError

HEADER = ",".join(("t_us", *CHANNELS))
_ROW = "%d" + ",%.5f" * 3 + ",%.3f" * 3 + "\n"
_ROWS = re.compile(rb"(?:\d{1,15}(?:,-?\d\.\d{5}){3}(?:,-?\d{1,4}\.\d{3}){3}\n)+")  # as _ROW writes
_ROW_LENGTH = 60  # about
_MANY_ROWS = 10_000  # at once: hours of samples need little memory beside what they are
_SCALE = np.array([1.0] + [1e5] * 3 + [1e3] * 3)


def encode(t_us: Int64, counts: Int16) -> bytes:
    """t_us int64[N] and counts int16[N, 6] -> the bytes of a CSV file."""
    parts = [f"{HEADER}\n".encode()]
    for start in range(0, len(t_us), _MANY_ROWS):
        some = slice(start, start + _MANY_ROWS)
        table = np.column_stack([t_us[some], to_units(counts[some])])
        parts.append("".join(_ROW % tuple(row) for row in table.tolist()).encode())
    return b"".join(parts)


def read(path: Path) -> tuple[Int64, Int16]:
    """A CSV file -> (t_us int64[N] from 0, counts int16[N, 6]).

    Raises UserError, naming file and line, for whatever is not a recording.
    """
    with clear_errors(path, "read"):
        data = path.read_bytes()
    table = _table(data)
    problem = _misshapen(data) if table is None else _impossible(table)
    if table is None or problem is not None:
        line, what = problem or (1, "this is not a table of numbers")
        raise UserError(
            f"{path}, line {line}: {what}. The file is damaged or was edited: restore it, or, "
            "where it is in a data set, `tinygesture data repair` takes it out."
        )
    return _samples(table)


def has_header(path: Path) -> bool:
    """Whether a file begins as a recording does, damaged or not. Raises UserError."""
    with clear_errors(path, "read"), path.open("rb") as file:
        return file.readline(len(HEADER) + 2).rstrip(b"\r\n") == HEADER.encode()


def whole(data: bytes) -> tuple[Int64, Int16] | None:
    """The bytes of a CSV file as `read` returns it; None where it is no recording."""
    table = _table(data)
    return None if table is None or _impossible(table) else _samples(table)


def salvage(data: bytes) -> tuple[Int64, Int16] | None:
    """What is left of a damaged CSV file, as `read` returns it: the whole rows; None without any.

    A row is left out where it cannot be one or its time does not lie after that of the row before.
    """
    whole = data[: data.rfind(b"\n") + 1]
    table = _table(whole)
    if table is not None and not _impossible(table):
        return _samples(table)
    header, lines = HEADER.encode(), whole.replace(b"\r\n", b"\n").split(b"\n")
    rows: list[Float64] = []
    for row in (_table(b"%s\n%s\n" % (header, line)) for line in lines):
        if row is not None and not _impossible(row) and (not rows or row[0, 0] > rows[-1][0, 0]):
            rows.append(row)
    return _samples(np.concatenate(rows)) if rows else None


def _samples(table: Float64) -> tuple[Int64, Int16]:
    t_us = table[:, 0].astype(np.int64)
    return t_us - t_us[0], np.rint(table[:, 1:] * COUNTS_PER_UNIT).astype(np.int16)


def _table(data: bytes) -> Float64 | None:
    """The numbers of a CSV file as float64[N, 7], or None where it is not N >= 1 rows of 7."""
    header, _, body = data.replace(b"\r\n", b"\n").partition(b"\n")
    if header != HEADER.encode():
        return None
    parts = [*_parts(body)]
    if all(map(_ROWS.fullmatch, parts)):  # as whole numbers, which is several times faster
        return np.concatenate([_as_written(part) for part in parts])
    rows = body.split(b"\n")
    if len(rows) < 2 or rows.pop() or any(row.count(b",") != 6 for row in rows):
        return None
    values = b",".join(rows).split(b",")
    if not all(map(_is_number, values)):
        return None
    return np.array([float(value) for value in values]).reshape(-1, 7)


def _parts(body: bytes) -> Iterator[bytes]:
    """Whole lines, some at a time; one part at least."""
    start = 0
    while True:
        end = body.find(b"\n", start + _MANY_ROWS * _ROW_LENGTH) + 1 or len(body)
        yield body[start:end]
        start = end
        if start == len(body):
            return


def _as_written(rows: bytes) -> Float64:
    """Rows that `encode` wrote -> float64[N, 7]."""
    digits = rows.replace(b".", b"").replace(b"\n", b",")[:-1]
    numbers: Int64 = np.fromstring(digits, np.int64, sep=",")
    table: Float64 = numbers.reshape(-1, 7) / _SCALE
    return table


def _impossible(table: Float64) -> tuple[int, str] | None:
    """The first line of a table of numbers that cannot be a sample, and why."""
    t_us = table[:, 0]
    rising = np.diff(t_us, prepend=-1.0) > 0
    counts = np.rint(table[:, 1:] * COUNTS_PER_UNIT)
    checks = {
        "the time is no whole number of microseconds": (t_us == np.floor(t_us)) & (t_us < 2**53),
        "the time does not increase": rising,
        "a value is beyond ±4 g or ±2000 °/s": ((counts >= -32768) & (counts <= 32767)).all(axis=1),
    }
    found = [(int(np.argmin(good)) + 2, what) for what, good in checks.items() if not good.all()]
    return min(found, default=None)


def _misshapen(data: bytes) -> tuple[int, str]:
    """The line at which a file stops being a CSV file of a recording, and why."""
    lines = data.split(b"\n")
    if not data.strip():
        return 1, "the file is empty"
    if lines[0].rstrip(b"\r") != HEADER.encode():
        return 1, f"the header should be {HEADER}"
    for number, line in enumerate(lines[1:], start=2):
        if number == len(lines):
            break
        values = line.split(b",")
        if len(values) != 7:
            return (
                number,
                f"7 values are needed, not {len(values)}" if line else "the line is empty",
            )
        for value in values:
            if not _is_number(value):
                return number, f"{value.decode(errors='replace')!r} is not a number"
    if lines[-1]:
        return len(lines), "the line is cut off"
    return 2, "there are no samples" if len(lines) == 2 else "the samples cannot be read"


def _is_number(value: bytes) -> bool:
    try:
        return math.isfinite(float(value)) and b"_" not in value
    except ValueError:
        return False

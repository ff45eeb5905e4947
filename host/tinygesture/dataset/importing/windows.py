"""Rows of one label -> where each recording begins and ends."""

import math
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tinygesture.contract import Float64, Int64
from tinygesture.dataset.importing.notices import Findings
from tinygesture.dataset.importing.table import Rows

ROWS = 119  # of a recording in Arduino's tutorial: one second
KNOWN = (ROWS, 140, 64, 50, 30, 26)  # met in public copies of the format
SHORTEST = 10  # rows; fewer are what a recording left over
LONGEST = 5 * ROWS  # rows of a gesture; more without a separator are a continuous recording
_LONG = 2 * ROWS - ROWS // 10  # rows from which a separator may have been forgotten
_APART = 2.0  # rows far apart differ at least so many times more than neighbours, where it is told


class Pieces(NamedTuple):
    """bounds: begin and end of each recording; how: what divides them, for people."""

    bounds: list[tuple[int, int]]
    how: str
    continuous: bool = False


def divide(rows: Rows, given: int | None, found: Findings) -> Pieces:
    """The recordings in rows; given: the rows of each where nothing divides them, if known."""
    count = len(rows.lines)
    begins = _begins(rows, found)
    if len(begins) > 1:
        return _separated([*begins.tolist(), count], rows, found)
    if given is None and count <= max(KNOWN):
        return Pieces([(0, count)], "one recording")
    size = given or _infer(rows.values)
    if size is None and count <= LONGEST:
        return Pieces([(0, count)], "one recording")
    if size is None:
        found.repair(
            int(rows.lines[0]),
            f"nothing divides {count:,} rows: taken as one continuous recording "
            "(--rows N cuts it into recordings of N rows)",
        )
        return Pieces([(0, count)], "continuous", continuous=True)
    return _blocks(count, size, rows.lines, found)


def _begins(rows: Rows, found: Findings) -> Int64:
    """Rows before which a separator stands; blank lines after every row are none."""
    inner = rows.blanks[1:]
    usual = int(np.median(inner)) if len(inner) else 0
    if usual:
        found.repair(int(rows.lines[0]) + 1, "a blank line after every row was passed over")
    starts = (rows.blanks > usual) | rows.breaks
    starts[0] = True
    return np.flatnonzero(starts)


def _separated(bounds: list[int], rows: Rows, found: Findings) -> Pieces:
    """Recordings with separators between them; where one was forgotten, the signal shows it."""
    pieces = []
    for begin, end in pairwise(bounds):
        line = int(rows.lines[begin])
        if end - begin < SHORTEST:
            found.repair(line, f"{_rows(end - begin)}, too few for a recording: left out")
        elif end - begin >= _LONG and (size := _infer(rows.values[begin:end], sure_only=True)):
            inner = _blocks(end - begin, size, rows.lines[begin:end], found)
            pieces += [(begin + a, begin + b) for a, b in inner.bounds]
        else:
            pieces.append((begin, end))
    _say_lengths(pieces, rows.lines, found)
    return Pieces(pieces, "divided by separators")


def _say_lengths(pieces: list[tuple[int, int]], lines: Int64, found: Findings) -> None:
    lengths = Counter(end - begin for begin, end in pieces)
    if not lengths:
        return
    [(usual, times)] = lengths.most_common(1)
    if times <= len(pieces) / 2:
        return
    if usual != ROWS:
        found.repair(int(lines[0]), f"recordings have {usual} rows (the tutorial's have {ROWS})")
    for begin, end in pieces:
        if end - begin != usual:
            line = int(lines[begin])
            found.repair(line, f"a recording has {_rows(end - begin)}, and the others {usual}")


def _blocks(count: int, size: int, lines: Int64, found: Findings) -> Pieces:
    bounds = [(begin, begin + size) for begin in range(0, count - size + 1, size)]
    found.repair(int(lines[0]), f"nothing divides the recordings: taken as blocks of {size} rows")
    if left := count % size:
        found.repair(
            int(lines[count - left]), f"{_rows(left)} at the end, too few for a recording: left out"
        )
    return Pieces(bounds, f"blocks of {size} rows")


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _infer(values: Float64, sure_only: bool = False) -> int | None:
    """The rows of each recording, where nothing stands between them; None: it is all one.

    A recording ends at rest and the next begins with a motion, so the signal jumps there.
    """
    count = len(values)
    jumps = {
        size: _jump(values, size) for size in KNOWN if count >= 2 * size and _near(count, size)
    }
    sure = {size: jump for size, jump in jumps.items() if jump is not None and jump > 1}
    if sure:
        return max(sure, key=lambda size: sure[size])
    if sure_only:
        return None
    if count % ROWS == 0:
        return ROWS
    untold = [size for size, jump in jumps.items() if jump is None and count % size == 0]
    return untold[0] if untold else None


def _near(count: int, size: int) -> bool:
    """Whether the rows are a multiple of the size, give or take a tenth of it at the end."""
    return count % size <= size // 10 or count % size >= size - size // 10


def _jump(values: Float64, size: int) -> float | None:
    """How much the signal jumps at the ends of blocks; above 1 it does, None: it cannot be told."""
    clean = np.nan_to_num(values)
    scaled = clean / np.maximum(clean.std(axis=0), 1e-9)
    steps = np.abs(np.diff(scaled, axis=0)).sum(axis=1)
    usual = float(np.median(steps))
    apart = float(np.median(np.abs(scaled - np.roll(scaled, len(scaled) // 2, axis=0)).sum(axis=1)))
    if apart < _APART * usual or apart == 0:
        return None
    return float(np.median(steps[size - 1 :: size])) / max(math.sqrt(usual * apart), 1e-9)

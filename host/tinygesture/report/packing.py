"""Samples as a page holds them: text of which each recording can be decoded alone.

A row is six little-endian int16 counts: 12 bytes, which are 16 characters of base64. So the rows
from a to b are the characters from 16 a to 16 b, and nothing is decoded before it is drawn.
"""

import base64
from collections.abc import Sequence

import numpy as np

from tinygesture.contract import Int16, Int64

ROWS = 4_000_000  # of a page: 64 MB
MIN_ROWS, MAX_ROWS = 120, 6000  # of a recording


def row_limit(recordings: int) -> int:
    """How many rows each of so many recordings may have in one page."""
    return min(max(ROWS // max(recordings, 1), MIN_ROWS), MAX_ROWS)


def thin(t_us: Int64, counts: Int16, limit: int) -> tuple[Int64, Int16]:
    """At most `limit` rows of t_us int64[N], counts int16[N, 6].

    Where there are more, each stretch of time becomes two rows with the least and the greatest
    value of every channel, so that no peak is lost.
    """
    if len(t_us) <= limit:
        return t_us, counts
    half = -(-len(t_us) // (limit - limit % 2))
    starts = np.arange(0, len(t_us), 2 * half)
    low, high = np.minimum.reduceat(counts, starts), np.maximum.reduceat(counts, starts)
    middles = np.minimum(starts + half, len(t_us) - 1)
    times = np.stack([t_us[starts], t_us[middles]], axis=1).reshape(-1)
    return times, np.stack([low, high], axis=1).reshape(-1, 6)


def knots(t_us: Int64) -> list[list[float]]:
    """[row, milliseconds] between which the times of t_us int64[N] are even: ends and gaps."""
    steps = np.diff(t_us)
    gaps = np.flatnonzero(steps > 1.5 * np.median(steps)) if len(steps) else np.array([], np.int64)
    rows = sorted({0, len(t_us) - 1, *gaps.tolist(), *(gaps + 1).tolist()})
    return [[row, round(int(t_us[row]) / 1000, 1)] for row in rows]


def pack(parts: Sequence[Int16]) -> str:
    """Counts int16[N, 6] of recordings, one after the other, as text."""
    return base64.b64encode(b"".join(part.astype("<i2").tobytes() for part in parts)).decode()

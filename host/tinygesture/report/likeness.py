"""How alike recordings are: means of a label, and recordings that resemble another label more.

Recordings are compared as shapes: six channels over the same span of time around the middle of
the motion, in which both sensors weigh the same.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tinygesture.contract import Float64, Int16, Int64, to_units
from tinygesture.dataset import Entry

STEP_S = 0.02
MIN_HALF_S, MAX_HALF_S = 0.5, 2.0  # of a shape's span
NEIGHBOURS = 2  # the most similar recordings, whose mean distance counts
REFERENCES = 1000  # of a label that a recording is compared with, evenly chosen
BLOCK = 500  # recordings compared at once
MIN_USUAL = 0.1  # distance in standard deviations: what rests differs by less, and may
DPS_PER_G = 250.0  # to find the middle of the motion

Float32 = npt.NDArray[np.float32]


class Likeness(NamedTuple):
    """distance: from the other recordings of its label, 1.0 is usual for the label;
    doubt: that distance over the distance from the nearest other label, 0 where there is none;
    nearest: that label.
    """

    distance: float
    doubt: float
    nearest: str


def half_span(entries: Sequence[Entry]) -> float:
    """Half the span of time, in seconds, for shapes of these recordings."""
    lengths_s = [entry.samples / max(entry.rate_hz, 1.0) for entry in entries] or [0.0]
    return float(np.clip(np.median(lengths_s) / 2, MIN_HALF_S, MAX_HALF_S))


def shape(t_us: Int64, counts: Int16, half_s: float) -> tuple[Float64, float]:
    """t_us int64[N], counts int16[N, 6] -> g and °/s float64[steps, 6] around the middle of the
    motion, and when that is, in seconds. Before the beginning and after the end nothing changes.
    """
    t, units = t_us / 1e6, to_units(counts)
    energy = ((units - np.median(units, axis=0)) / ([1.0] * 3 + [DPS_PER_G] * 3)) ** 2
    weights = energy.sum(axis=1)
    middle = float((t * weights).sum() / weights.sum()) if weights.any() else float(t[-1] / 2)
    grid = middle + np.arange(-half_s, half_s + STEP_S / 2, STEP_S)
    return np.stack([np.interp(grid, t, units[:, k]) for k in range(6)], axis=1), middle


def compare(
    shapes: Float64, labels: Sequence[str], progress: Callable[[int, int], None]
) -> list[Likeness]:
    """Shapes float64[N, steps, 6] with their labels -> how each stands to its label.

    A recording that is the only one of its label has distance 1 and doubt 0.
    """
    of, names = np.array(labels), sorted({*labels})
    scale = [max(float(shapes[:, :, sensor].std()), 1e-6) for sensor in (slice(3), slice(3, 6))]
    flat = (shapes / np.repeat(scale, 3)).reshape(len(shapes), -1).astype(np.float32)
    columns = []
    for done, name in enumerate(names, start=1):
        columns.append(_to_nearest(flat, _some(np.flatnonzero(of == name))))
        progress(done, len(names))
    table = np.stack(columns, axis=1)
    found = []
    own = table[np.arange(len(of)), np.searchsorted(names, of)]
    usual = {name: float(np.median(own[of == name])) for name in names}
    for label, distance, row in zip(labels, own.tolist(), table.tolist(), strict=True):
        others = [(far, name) for far, name in zip(row, names, strict=True) if name != label]
        far, nearest = min(others, default=(np.inf, ""))
        if np.isinf(distance):
            found.append(Likeness(1.0, 0.0, nearest))
        else:
            far_from_own = distance / max(usual[label], MIN_USUAL)
            found.append(Likeness(far_from_own, distance / max(far, 1e-6), nearest))
    return found


def _some(rows: Int64) -> Int64:
    return rows[np.linspace(0, len(rows) - 1, min(len(rows), REFERENCES)).astype(np.int64)]


def _to_nearest(flat: Float32, chosen: Int64) -> Float64:
    """flat float32[N, D] -> float64[N], the mean distance from the nearest of the rows `chosen`,
    without the row itself; infinite where there is no other.
    """
    references = flat[chosen]
    norms = (references**2).sum(axis=1)
    distances = np.empty(len(flat))
    count = min(NEIGHBOURS, len(chosen))
    for start in range(0, len(flat), BLOCK):
        block = flat[start : start + BLOCK]
        squares = (block**2).sum(axis=1)[:, None] + norms - 2 * block @ references.T
        squares[np.arange(start, start + len(block))[:, None] == chosen] = np.inf
        nearest = np.sqrt(np.maximum(np.partition(squares, count - 1, axis=1)[:, :count], 0))
        known = np.isfinite(nearest)
        mean = nearest.sum(axis=1, where=known) / known.sum(axis=1).clip(1)
        distances[start : start + len(block)] = np.where(known.any(axis=1), mean, np.inf)
    distances /= np.sqrt(flat.shape[1])
    return distances

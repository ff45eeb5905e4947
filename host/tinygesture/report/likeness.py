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
FEW = 3  # recordings that a label needs, for others to resemble it
RESEMBLING = 1.5  # times the usual distance of another label: so near is one of a label with few
MIN_USUAL = 0.1  # distance in standard deviations: what rests differs by less, and may
DPS_PER_G = 250.0  # to find the middle of the motion

Float32 = npt.NDArray[np.float32]


class Likeness(NamedTuple):
    """distance: from the other recordings of its label, 1.0 is usual for the label;
    doubt: that distance over the distance from the nearest other label, 0 where there is none;
    of a label with few recordings, RESEMBLING times that other label's usual distance over the
    distance from it; nearest: that label.
    """

    distance: float
    doubt: float
    nearest: str


class Mean(NamedTuple):
    """seconds float64[n] from the middle of the motion; mean and spread (one standard deviation)
    float64[n, 6] in g and °/s.
    """

    seconds: Float64
    mean: Float64
    spread: Float64


def half_span(entries: Sequence[Entry]) -> float:
    """Half the span of time, in seconds, for shapes of these recordings: whole steps."""
    lengths_s = [entry.samples / max(entry.rate_hz, 1.0) for entry in entries] or [0.0]
    half_s = float(np.clip(np.median(lengths_s) / 2, MIN_HALF_S, MAX_HALF_S))
    return round(half_s / STEP_S) * STEP_S


def shape(t_us: Int64, counts: Int16, half_s: float) -> tuple[Float64, float]:
    """t_us int64[N], counts int16[N, 6] -> g and °/s float64[steps, 6] around the middle of the
    motion, and when that is, in seconds. Before the beginning and after the end it is NaN.
    """
    t, units = t_us / 1e6, to_units(counts)
    energy = ((units - np.median(units, axis=0)) / ([1.0] * 3 + [DPS_PER_G] * 3)) ** 2
    weights = energy.sum(axis=1)
    middle = float((t * weights).sum() / weights.sum()) if weights.any() else float(t[-1] / 2)
    middle = min(max(middle, float(t[0])), float(t[-1]))
    grid = middle + _steps(half_s)
    columns = [np.interp(grid, t, column, np.nan, np.nan) for column in units.T]
    return np.stack(columns, axis=1), middle


def mean(shapes: Float64, half_s: float) -> Mean:
    """The mean of shapes float64[N, steps, 6], for the times at which half of them have samples.

    These are one stretch, since every shape has a sample in its middle.
    """
    enough = np.isfinite(shapes[:, :, 0]).mean(axis=0) >= 0.5
    some = shapes[:, enough]
    return Mean(_steps(half_s)[enough], np.nanmean(some, axis=0), np.nanstd(some, axis=0))


def _steps(half_s: float) -> Float64:
    """From -half_s to half_s, with 0."""
    count = round(half_s / STEP_S)
    return np.arange(-count, count + 1) * STEP_S


def compare(
    shapes: Float64, labels: Sequence[str], progress: Callable[[int, int], None]
) -> list[Likeness]:
    """Shapes float64[N, steps, 6] with their labels -> how each stands to its label.

    A label with few recordings may be a slip: none is compared with it, and its own are doubted
    where they are as near to another label as that label's recordings are to each other. A
    recording that is the only one of its label has distance 1.
    """
    of, names = np.array(labels), sorted({*labels})
    shapes, few = _held(shapes), {name for name in names if labels.count(name) < FEW}
    scale = [max(float(shapes[:, :, sensor].std()), 1e-6) for sensor in (slice(3), slice(3, 6))]
    flat = (shapes / np.repeat(scale, 3)).reshape(len(shapes), -1).astype(np.float32)
    columns = []
    for done, name in enumerate(names, start=1):
        columns.append(_to_nearest(flat, _some(np.flatnonzero(of == name))))
        progress(done, len(names))
    table = np.stack(columns, axis=1)
    found = []
    own = table[np.arange(len(of)), np.searchsorted(names, of)]
    usual = {name: max(float(np.median(own[of == name])), MIN_USUAL) for name in names}
    for label, distance, row in zip(labels, own.tolist(), table.tolist(), strict=True):
        columns_of = zip(row, names, strict=True)
        others = [(far, name) for far, name in columns_of if name != label and name not in few]
        far, nearest = min(others, default=(np.inf, ""))
        near = usual[nearest] * RESEMBLING if label in few and nearest else distance
        doubt = near / max(far, 1e-6) if nearest else 0.0
        lonely = np.isinf(distance)
        found.append(Likeness(1.0 if lonely else distance / usual[label], doubt, nearest))
    return found


def _held(shapes: Float64) -> Float64:
    """float64[N, steps, 6] with its first and last value held where it is NaN before and after."""
    known = np.isfinite(shapes[:, :, :1])
    steps = np.arange(shapes.shape[1])[:, None]
    first, last = known.argmax(axis=1), len(steps) - 1 - known[:, ::-1].argmax(axis=1)
    return np.take_along_axis(shapes, np.clip(steps, first[:, None], last[:, None]), axis=1)


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

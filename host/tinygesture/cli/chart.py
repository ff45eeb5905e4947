"""A recording as two charts with axes, beside each other or, where there is no room, stacked."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from tinygesture.cli.plot import COLOURS, curves
from tinygesture.contract import CHANNELS, Float64
from tinygesture.dataset import Interval

SENSORS = (("g", slice(0, 3), 0.5), ("°/s", slice(3, 6), 100.0))  # unit, channels, step of the axis
AXIS = 6  # columns of the numbers on the left
SIDE_BY_SIDE = 72  # columns from which there is room
DIM = "bright_black"


def charts(
    seconds: Float64,
    units: Float64,
    size: tuple[int, int],
    intervals: Sequence[Interval] = (),
) -> RenderableType:
    """seconds float64[N], units float64[N, 6] in g and °/s; size: (columns, rows) for everything.

    intervals: what happened when, drawn beneath.
    """
    columns, rows = size
    beside = columns >= SIDE_BY_SIDE
    of_each = ((columns - 2) // 2 if beside else columns, rows if beside else rows // 2)
    parts = [_chart(seconds, units, sensor, of_each, intervals) for sensor in SENSORS]
    if not beside:
        return Group(*parts)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_row(*parts)
    return table


def _chart(
    seconds: Float64,
    units: Float64,
    sensor: tuple[str, slice, float],
    size: tuple[int, int],
    intervals: Sequence[Interval],
) -> Text:
    unit, channels, step = sensor
    columns, rows = size[0] - AXIS, max(size[1] - 2 - bool(intervals), 3)
    values = reduced(seconds, units[:, channels], (seconds[0], seconds[-1]), 2 * columns)
    limit = step * max(1, int(np.ceil(float(np.abs(values).max()) / step)))
    picture = Text(" " * AXIS, no_wrap=True)
    for name, colour in zip(CHANNELS[channels], COLOURS, strict=True):
        picture.append(f"{name} ", colour)
    picture.append(f"in {unit}", DIM)
    marks = {0: f"{limit:g}", rows // 2: "0", rows - 1: f"−{limit:g}"}
    for row, line in enumerate(curves(values, (columns, rows), limit).split("\n")):
        picture.append(f"\n{marks.get(row, ''):>{AXIS - 1}} ", DIM).append_text(line)
    first, last = float(seconds[0]), float(seconds[-1])
    picture.append("\n" + " " * AXIS + time_axis(first, last, columns), DIM)
    if intervals:
        picture.append("\n" + " " * AXIS + _bars(intervals, last, columns))
    return picture


def reduced(seconds: Float64, values: Float64, span: tuple[float, float], count: int) -> Float64:
    """values [N, k] of a span, at `count` even times; of many, the farthest from the median.

    Where there are none for so short a time, they are interpolated.
    """
    edges = np.linspace(*span, count)
    sparse = np.stack([np.interp(edges, seconds, column) for column in values.T], axis=1)
    if len(seconds) <= 2 * count:
        return sparse
    away = np.abs(values - np.median(values, axis=0))
    bounds = np.searchsorted(seconds, np.linspace(*span, count + 1))
    for at, (begin, end) in enumerate(pairwise(bounds.tolist())):
        if begin < end:
            farthest = begin + away[begin:end].argmax(axis=0)
            sparse[at] = np.take_along_axis(values, farthest[None], 0)[0]
    return sparse


def time_axis(first: float, last: float, columns: int) -> str:
    digits = 1 if last - first >= 1 else 2
    left, middle, right = (f"{at:.{digits}f}" for at in (first, (first + last) / 2, last))
    line = f"{left}{middle:^{max(columns - len(left) - len(right) - 2, 0)}}{right} s"
    return line.replace("-", "−")[:columns]


def _bars(intervals: Sequence[Interval], last_s: float, columns: int) -> str:
    line = [" "] * columns
    for label, start_us, end_us in intervals:
        start, end = (
            min(int(us / 1e6 / max(last_s, 1e-6) * columns), columns) for us in (start_us, end_us)
        )
        width = max(end - start, 1)
        bar = (
            f"├{label:─^{width - 2}}┤" if width >= len(label) + 2 else "├" + "─" * (width - 2) + "┤"
        )
        line[start : start + width] = bar if width > 1 else "│"
    return "".join(line)[:columns]

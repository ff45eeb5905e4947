"""Curves drawn with Braille dots, as rich text."""

from itertools import groupby

import numpy as np
from rich.table import Table
from rich.text import Text

from tinygesture.contract import CHANNELS, Float64, Int16, to_units

COLOURS = ("red", "green", "blue")
BRAILLE = 0x2800
# The bit of each dot of a Braille character, by row and column.
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])


def curves(
    values: Float64,
    size: tuple[int, int],
    limit: float,
    filled: float = 1.0,
) -> Text:
    """values [n, 3] between -limit and limit as coloured curves over a line at zero.

    size: (columns, rows) of characters; filled: the part of the width that the curves take.
    """
    columns, rows = size
    dots = np.zeros((4 * rows, 2 * columns), int)
    owner = np.full((rows, columns), -1)
    middle = 2 * rows
    dots[middle, ::4] = 1
    used = round(filled * 2 * columns)
    if len(values) > 1 and used > 0:
        at = np.linspace(0, len(values) - 1, used)
        for k in range(values.shape[1]):
            heights = np.interp(at, np.arange(len(values)), values[:, k]) / limit
            y = np.clip(np.rint(middle - heights * middle), 0, 4 * rows - 1).astype(int)
            before = np.concatenate([y[:1], y[:-1]])
            for x, (low, high) in enumerate(np.sort(np.stack([before, y], 1), axis=1)):
                dots[low : high + 1, x] = 1
                owner[low // 4 : high // 4 + 1, x // 2] = k
    cells = dots.reshape(rows, 4, columns, 2).transpose(0, 2, 1, 3)
    characters = BRAILLE + (cells * DOTS).sum(axis=(2, 3))
    picture = Text(no_wrap=True)
    for row in range(rows):
        picture.append("\n" if row else "")
        cells_of_row = zip(owner[row].tolist(), map(chr, characters[row]), strict=True)
        for owned, run in groupby(cells_of_row, key=lambda cell: cell[0]):
            line = "".join(character for _, character in run)
            picture.append(line, "bright_black" if owned < 0 else COLOURS[owned])
    return picture


def signals(counts: Int16, size: tuple[int, int], filled: float = 1.0) -> Table:
    """counts int16[n, 6] as two charts side by side: acceleration and angular rate.

    size: (columns, rows) of both together, titles included; filled: as for `curves`.
    """
    columns, rows = size
    units = to_units(counts)
    table = Table.grid(padding=(0, 2, 0, 0))
    titles, charts = [], []
    for unit, channels, step in (("g", slice(0, 3), 1.0), ("°/s", slice(3, 6), 250.0)):
        values = units[:, channels]
        peak = float(np.abs(values).max()) if len(values) else 0.0
        limit = step * max(1, int(np.ceil(peak / step)))
        title = Text(no_wrap=True)
        for name, colour in zip(CHANNELS[channels], COLOURS, strict=True):
            title.append(f"{name} ", colour)
        titles.append(title.append(f"±{limit:g} {unit}", "bright_black"))
        charts.append(curves(values, (columns // 2 - 2, rows - 1), limit, filled))
    table.add_row(*titles)
    table.add_row(*charts)
    return table

"""Lines -> rows of six numbers, each with its line and what stands before it."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import numpy.typing as npt

from tinygesture.contract import Float64, Int64
from tinygesture.dataset.importing import dialect as dialects
from tinygesture.dataset.importing import layout as layouts
from tinygesture.dataset.importing.dialect import Dialect, is_number
from tinygesture.dataset.importing.layout import Layout
from tinygesture.dataset.importing.notices import Findings, Refused

Bool = npt.NDArray[np.bool_]
LARGEST = 1e15  # beyond it a number is damage


@dataclass(frozen=True, eq=False)
class Rows:
    """N rows of a table. values float64[N, 6], NaN in the rows that are damaged.

    lines int64[N], from 1; time float64[N] as it stands in the file, or None; labels of the rows,
    or None; blanks int64[N]: empty lines before a row; breaks bool[N]: another separator before it.
    """

    lines: Int64
    values: Float64
    time: Float64 | None
    labels: list[str] | None
    blanks: Int64
    breaks: Bool

    def part(self, begin: int, end: int) -> "Rows":
        return Rows(
            self.lines[begin:end],
            self.values[begin:end],
            None if self.time is None else self.time[begin:end],
            None if self.labels is None else self.labels[begin:end],
            self.blanks[begin:end],
            self.breaks[begin:end],
        )


@dataclass
class _Reader:
    """Takes one line after the other."""

    dialect: Dialect
    layout: Layout
    found: Findings
    numbers: "array[float]" = field(default_factory=lambda: array("d"))
    lines: "array[int]" = field(default_factory=lambda: array("q"))
    blanks: "array[int]" = field(default_factory=lambda: array("q"))
    breaks: "array[int]" = field(default_factory=lambda: array("b"))
    labels: list[str] = field(default_factory=list)
    damaged: dict[int, str] = field(default_factory=dict)
    _blank: int = 0
    _break: bool = False

    def take(self, number: int, line: str) -> None:
        try:
            values = self.dialect.numbers(line)
        except ValueError:
            self._take_cells(number, line)
            return
        if len(values) == self.layout.width and self.layout.label is None:
            self._add(number, values)
        else:
            self._take_cells(number, line)

    def _take_cells(self, number: int, line: str) -> None:
        cells = self.dialect.cells(line)
        if not any(cells):
            if line.strip():
                self.found.repair(number, "a line of nothing but separators was read as empty")
            self._blank += 1
        elif line.lstrip(" \"'").startswith("#"):
            self._separate(number, "a line that begins with # was read as a separator")
        elif layouts.is_header(cells):
            self._separate(number, "the header is repeated: read as a separator")
        elif self._is_text(cells):
            self._separate(number, "a line of text was read as a separator")
        else:
            self._take_row(number, cells, '"' in line or "'" in line)

    def _is_text(self, cells: list[str]) -> bool:
        letters = any(map(str.isalpha, "".join(cells)))
        return letters and len(cells) < self.layout.width and not any(map(is_number, cells))

    def _separate(self, number: int, reason: str) -> None:
        if self.lines:
            self.found.repair(number, reason)
            self._break = True

    def _take_row(self, number: int, cells: list[str], quoted: bool) -> None:
        width = self.layout.width
        if len(cells) > width and not any(cells[width:]):
            self.found.repair(number, "empty columns at the end were left out")
            cells = cells[:width]
        if quoted:
            self.found.repair(number, "numbers are in quotes")
        if len(cells) != width:
            self.damaged[number] = f"{width} values are needed, not {len(cells)}"
            cells = [""] * width
        label = self.layout.label
        if label is not None:
            self.labels.append(cells[label])
        values = [float(cell) if is_number(cell) else np.nan for cell in cells]
        self._add(number, values)

    def _add(self, number: int, values: list[float]) -> None:
        self.numbers.extend(values)
        self.lines.append(number)
        self.blanks.append(self._blank)
        self.breaks.append(self._break)
        self._blank, self._break = 0, False


def read(lines: Sequence[str], found: Findings) -> tuple[list[Rows], Layout, dict[int, str]]:
    """The sets of rows that stand side by side, the layout, and why lines are damaged.

    Raises Refused where the table holds no six axes.
    """
    dialect = dialects.infer(lines, found)
    start, layout = layouts.find(lines, dialect, found)
    reader = _Reader(dialect, layout, found)
    for number, line in enumerate(lines[start:], start=start + 1):
        reader.take(number, line)
    _cut_last(reader, lines)
    if not reader.lines:
        raise Refused(0, "there is no row of six numbers in this file")
    return _rows(reader), layout, reader.damaged


def _cut_last(reader: _Reader, lines: Sequence[str]) -> None:
    """Leave out a last row that was cut off in the midst of a number."""
    if not reader.lines:
        return
    number, width = reader.lines[-1], reader.layout.width
    last = reader.numbers[-width:]
    used = {i for channels in reader.layout.channels for i in channels}
    cut = number in reader.damaged or any(last[i] != last[i] for i in used)
    if number == len(lines) and not cut and len(reader.layout.channels) == 1:
        decimals = {_decimals(reader.dialect.cells(lines[line - 1])[-1]) for line in _few(reader)}
        mine = _decimals(reader.dialect.cells(lines[number - 1])[-1])
        cut = len(decimals) == 1 and mine < min(decimals)
    if not cut or len(reader.layout.channels) > 1:
        return
    reader.found.repair(number, "the last line is cut off and was left out")
    reader.damaged.pop(number, None)
    del reader.numbers[-width:]
    for column in (reader.lines, reader.blanks, reader.breaks, reader.labels):
        del column[-1:]


def _few(reader: _Reader) -> list[int]:
    """Lines of up to SAMPLE rows before the last, as far as they are whole."""
    return [line for line in reader.lines[-dialects.SAMPLE - 1 : -1] if line not in reader.damaged]


def _decimals(cell: str) -> int:
    return len(cell.partition(".")[2])


def _rows(reader: _Reader) -> list[Rows]:
    layout = reader.layout
    table = np.array(reader.numbers, np.float64).reshape(-1, layout.width)
    table[~(np.abs(table) < LARGEST)] = np.nan
    lines, blanks = np.array(reader.lines, np.int64), np.array(reader.blanks, np.int64)
    breaks = np.array(reader.breaks, np.bool_)
    sets = []
    for channels in layout.channels:
        values = table[:, channels]
        absent = np.isnan(values).all(axis=1) & (len(layout.channels) > 1)
        there, after_absent = ~absent, np.roll(absent, 1)
        sets.append(
            Rows(
                lines=lines[there],
                values=values[there],
                time=None if layout.time is None else table[there, layout.time],
                labels=[*compress(reader.labels, there)] if layout.label is not None else None,
                blanks=blanks[there],
                breaks=(breaks | after_absent)[there],
            )
        )
    return [rows for rows in sets if len(rows.lines)]

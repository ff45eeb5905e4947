"""Which column of a table is what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tinygesture.contract import CHANNELS
from tinygesture.dataset import csv
from tinygesture.dataset.importing.dialect import Dialect, is_number
from tinygesture.dataset.importing.notices import Findings, Refused

_PLAIN_HEADERS = {",".join(CHANNELS), csv.HEADER}
_SENSOR = re.compile(r"(a|acc[a-z]*?|g|gyr[a-z]*?|m|mag[a-z]*?)[\s_.\-]*([xyz])(?![a-z])(.*)")
_TIME = re.compile(r"(t|time|timestamp|elapsed|seconds|millis|micros|ms|us)\b.*|t(ime)?_.*")
_LABEL = re.compile(r"label|class|gesture|activity|movement|target")
_UNITS = {
    re.compile(r"m\W*/?\W*s\W*(\^|\*\*)?\W*(2|²)|mps2"): "m/s2",
    re.compile(r"rad"): "rad/s",
    re.compile(r"deg|dps|°|º"): "deg/s",
    re.compile(r"^\W*g\W*$"): "g",
}
_RUN_TOGETHER = re.compile(r"([agm][xyz]){2,}")
ACCELEROMETER_ONLY = (
    "there is only an accelerometer here; six axes are needed, and a gyroscope is never made up"
)
_HINT = "name the columns aX,aY,aZ,gX,gY,gZ in the first line"


class Column(NamedTuple):
    """role: one of CHANNELS, mX mY mZ, time, label, or "" for others; unit: see `unit_of`."""

    role: str
    unit: str


@dataclass(frozen=True)
class Layout:
    """width: columns of a row; channels: the six columns, once for each set side by side."""

    width: int
    channels: list[list[int]]
    time: int | None = None
    label: int | None = None
    units: frozenset[str] = frozenset()


def unit_of(text: str) -> str:
    """g, m/s2, deg/s or rad/s, or "" where the text names none."""
    text = text.strip().lower()
    return next((unit for pattern, unit in _UNITS.items() if pattern.search(text)), "")


def column_of(name: str) -> Column:
    name = name.strip().lower()
    if sensor := _SENSOR.fullmatch(name):
        return Column(sensor[1][0] + sensor[2].upper(), unit_of(sensor[3]))
    if name in ("x", "y", "z"):
        return Column("a" + name.upper(), "")
    if _TIME.fullmatch(name):
        return Column("time", "")
    return Column("label" if _LABEL.fullmatch(name) else "", "")


def names_of(cells: Sequence[str]) -> list[str]:
    """The names in a header, also where a comma is missing between two: gYgZ."""
    names: list[str] = []
    for cell in cells:
        run = _RUN_TOGETHER.fullmatch(cell.lower())
        names += [cell[i : i + 2] for i in range(0, len(cell), 2)] if run else [cell]
    return names


def is_header(cells: Sequence[str]) -> bool:
    """Whether three columns at least are called after a sensor's axes."""
    return sum(column_of(cell).role in (*CHANNELS, "mX", "mY", "mZ") for cell in cells) >= 3


def _from_header(line: int, header: Sequence[str], found: Findings) -> Layout:
    """Raises Refused where the six axes are not there."""
    columns = [column_of(cell) for cell in header]
    places = {c: [i for i, column in enumerate(columns) if column.role == c] for c in CHANNELS}
    sets = min(len(place) for place in places.values())
    if not sets:
        missing = [channel for channel, place in places.items() if not place]
        if missing == ["gX", "gY", "gZ"]:
            raise Refused(line, ACCELEROMETER_ONLY)
        raise Refused(line, f"no column is called {' or '.join(missing)}: {_HINT}")
    if any(len(place) > sets for place in places.values()):
        raise Refused(line, f"some axes are there {sets + 1} times: {_HINT}")
    if sets > 1:
        found.repair(line, f"{sets} sets of columns stand side by side: read one after the other")
    if any(column.role.startswith("m") for column in columns):
        found.repair(line, "the magnetometer was left out")
    others = [name for name, column in zip(header, columns, strict=True) if not column.role]
    if any(name.strip() for name in others):
        found.repair(line, f"left out: the columns {', '.join(n.strip() for n in others if n)}")
    return Layout(
        width=len(header),
        channels=[[places[channel][k] for channel in CHANNELS] for k in range(sets)],
        time=next((i for i, column in enumerate(columns) if column.role == "time"), None),
        label=next((i for i, column in enumerate(columns) if column.role == "label"), None),
        units=frozenset(column.unit for column in columns if column.unit and column.role),
    )


def _without_header(line: int, words: Sequence[bool], found: Findings) -> Layout:
    """words: for each column of the first row whether it is a word. Raises Refused."""
    width = len(words)
    numbers = [i for i, word in enumerate(words) if not word]
    label = next((i for i, word in enumerate(words) if word), None)
    if sum(words) > 1 or (width - sum(words)) not in (3, 6, 7, 9, 12):
        raise Refused(line, f"{width} columns without a header: {_HINT}")
    if len(numbers) == 3:
        raise Refused(line, ACCELEROMETER_ONLY)
    found.repair(line, f"there is no header: the columns were read as {','.join(CHANNELS)}")
    if label is not None:
        found.repair(line, "the column of words was read as the label")
    if len(numbers) == 7:
        found.repair(line, "the first of seven columns was read as the time")
        return Layout(width, [numbers[1:]], time=numbers[0], label=label)
    if len(numbers) == 9:
        found.repair(line, "the last three columns, a magnetometer's, were left out")
    if len(numbers) == 12:
        found.repair(line, "2 sets of columns stand side by side: read one after the other")
        return Layout(width, [numbers[:6], numbers[6:]], label=label)
    return Layout(width, [numbers[:6]], label=label)


def find(lines: Sequence[str], dialect: Dialect, found: Findings) -> tuple[int, Layout]:
    """How many lines stand before the first row, and the layout. Raises Refused."""
    for index, line in enumerate(lines):
        cells = dialect.cells(line)
        if len(cells) == 1:
            cells = line.replace(",", " ").replace(";", " ").split()
        names = names_of(cells)
        while names and not names[-1]:
            names.pop()
        if is_header(names):
            if line.rstrip().replace(dialect.delimiter or ",", ",") not in _PLAIN_HEADERS:
                found.repair(index + 1, f"the header {line.strip()!r} was understood")
            layout = _from_header(index + 1, names, found)
            return index + 1, _widened(layout, lines, index + 1, dialect, found)
        numbers = sum(map(is_number, cells))
        if numbers >= 3 and not line.startswith("#"):
            words = [not is_number(cell) for cell in cells]
            return index, _without_header(index + 1, words, found)
        if dialect.delimiter and not line.startswith("#") and _names_columns(cells):
            raise Refused(index + 1, f"the columns {', '.join(cells)} are not aX,aY,aZ,gX,gY,gZ")
        if any(cells):
            found.repair(index + 1, "a line before the table was passed over")
    raise Refused(0, "there is no row of numbers in this file")


def _widened(
    layout: Layout, lines: Sequence[str], start: int, dialect: Dialect, found: Findings
) -> Layout:
    """The layout where the first row has columns that the header does not name."""
    rows = ((n, dialect.cells(lines[n])) for n in range(start, len(lines)))
    line, cells = next(((n, row) for n, row in rows if sum(map(is_number, row)) >= 3), (0, []))
    more = cells[layout.width :]
    if len(more) == 1 and more[0] and layout.label is None and not is_number(more[0]):
        found.repair(line + 1, "the column of words after the others was read as the label")
        return replace(layout, width=layout.width + 1, label=layout.width)
    if len(more) == 3 and all(map(is_number, more)):
        found.repair(line + 1, "three columns after the others, a magnetometer's, were left out")
        return replace(layout, width=layout.width + 3)
    return layout


def _names_columns(cells: list[str]) -> bool:
    return len(cells) >= 3 and all(cell and not is_number(cell) for cell in cells)

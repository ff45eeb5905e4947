"""How the cells of a table are divided and its numbers written."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tinygesture.dataset.importing.notices import Findings, Refused

SAMPLE = 200  # lines from which the dialect is inferred
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
_SIGN_WITHIN = re.compile(r"\d[+-]")
_DOTS = re.compile(r"[+-]?\d*\.\d+[+-]?\d*\.\d+")


@dataclass(frozen=True)
class Dialect:
    """delimiter: one character, or None for white space.

    joined: the decimals of every number where a comma is missing between two in each row, or 0
    where a sign shows the place; None where none is missing.
    """

    delimiter: str | None
    decimal_comma: bool = False
    joined: int | None = None

    def numbers(self, line: str) -> list[float]:
        """The cells of a line that holds nothing but plain numbers. Raises ValueError."""
        if self.decimal_comma or self.joined is not None or "_" in line:
            raise ValueError(line)
        return [float(cell) for cell in line.split(self.delimiter)]

    def cells(self, line: str) -> list[str]:
        """The cells of any line, without quotes, blanks around and decimal commas."""
        cells = [cell.strip() for cell in self._split(line)]
        if self.decimal_comma:
            cells = [c.replace(",", ".") if _DECIMAL_COMMA.fullmatch(c) else c for c in cells]
        if self.joined is not None:
            cells = [part for cell in cells for part in _parted(cell, self.joined)]
        return cells

    def _split(self, line: str) -> list[str]:
        if '"' not in line:
            return line.replace("'", "").split(self.delimiter)
        stripped = line.strip()
        if stripped.count('"') == 2 and stripped[0] == stripped[-1] == '"':
            return stripped[1:-1].split(self.delimiter)  # a whole line in quotes
        try:
            return next(csv.reader([line], delimiter=self.delimiter or " "), [])
        except csv.Error:
            return line.replace('"', "").split(self.delimiter)


def is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def infer(lines: Sequence[str], found: Findings) -> Dialect:
    """Raises Refused where every character is a cell of its own, or a missing comma has no place.

    lines: all lines of the file; a sample of its rows decides.
    """
    rows = _sample(lines)
    if not rows:
        raise Refused(0, "there is no row of numbers in this file")
    first = next(iter(rows))
    dialect = Dialect(_delimiter(list(rows.values())))
    cells = [[cell.strip() for cell in dialect._split(row)] for row in rows.values()]
    if sum(map(_is_spelt, cells)) > len(cells) / 2:
        raise Refused(first, "every character is a cell of its own: export the table again")
    commas = sum(_DECIMAL_COMMA.fullmatch(cell) is not None for row in cells for cell in row)
    if commas > sum(map(len, cells)) / 2:
        found.repair(first, "numbers are written with a decimal comma")
        return Dialect(dialect.delimiter, decimal_comma=True)
    if dialect.delimiter != ",":
        names = {";": "semicolons", "\t": "tabs", None: "blanks"}
        found.repair(first, f"columns are divided by {names[dialect.delimiter]}")
    return _with_joined(dialect, first, cells, found)


def _sample(lines: Sequence[str]) -> dict[int, str]:
    """The first lines that hold a digit, by their number from 1."""
    rows: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        if any(map(str.isdigit, line)) and not line.startswith("#"):
            rows[number] = line
        if len(rows) == SAMPLE:
            break
    return rows


def _delimiter(rows: list[str]) -> str | None:
    for delimiter in (";", "\t", ","):
        if sum(row.count(delimiter) >= 2 for row in rows) > len(rows) / 2:
            return delimiter
    return None


def _is_spelt(cells: list[str]) -> bool:
    return len(cells) > 12 and sum(len(cell) <= 1 for cell in cells) > 0.9 * len(cells)


def _with_joined(dialect: Dialect, first: int, rows: list[list[str]], found: Findings) -> Dialect:
    """The dialect of a table in which a comma is missing in most rows."""
    if sum(any(_DOTS.fullmatch(cell) for cell in row) for row in rows) <= len(rows) / 2:
        return dialect
    found.repair(first, "a comma is missing between two numbers in every row: split again")
    joined = [cell for row in rows for cell in row if _DOTS.fullmatch(cell)]
    if all(_SIGN_WITHIN.search(cell) for cell in joined):
        return Dialect(dialect.delimiter, joined=0)
    decimals = {len(cell.partition(".")[2]) for row in rows for cell in row if is_number(cell)}
    if len(decimals) != 1:
        raise Refused(
            first, "a comma is missing in every row, and nothing shows where one number ends"
        )
    return Dialect(dialect.delimiter, joined=decimals.pop())


def _parted(cell: str, decimals: int) -> list[str]:
    """The two numbers of a cell in which a comma is missing; any other cell as it is."""
    if not _DOTS.fullmatch(cell):
        return [cell]
    sign = _SIGN_WITHIN.search(cell)
    end = sign.start() + 1 if sign else cell.index(".") + 1 + decimals
    return [cell[:end], cell[end:]] if sign or decimals else [cell]

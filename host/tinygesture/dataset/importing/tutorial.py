"""Tables of text: the CSV files of Arduino's gesture tutorial and what people made of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tinygesture.contract import Int64
from tinygesture.dataset import csv
from tinygesture.dataset.importing import clock, table, units, windows
from tinygesture.dataset.importing.notices import Findings, Refused
from tinygesture.dataset.importing.table import Rows
from tinygesture.dataset.importing.takes import (
    RATE_HZ,
    Options,
    Take,
    board_of,
    clean_name,
    grid,
)
from tinygesture.dataset.importing.text import lines_of
from tinygesture.dataset.importing.units import Imu
from tinygesture.dataset.intervals import Interval


def read(data: bytes, label: str, options: Options, found: Findings) -> list[Take]:
    """The recordings in the bytes of a file; label: what they are unless a column says it.

    Raises Refused where nothing of it can be used.
    """
    lines = lines_of(data, found)
    own = lines[0].strip() == csv.HEADER
    sets, layout, damaged = table.read(lines, found)
    whole = np.concatenate([rows.values for rows in sets])
    whole = whole[~np.isnan(whole).any(axis=1)]
    if not len(whole):
        line, reason = min(damaged.items(), default=(0, "a value is no number"))
        raise Refused(line, f"{reason}, and no row is better")
    accel = units.accel_unit(whole, layout.units, options.units, found)
    gyro = units.gyro_unit(whole, layout.units, options.units, found)
    imu = options.imu or ("other" if own or gyro == "rad/s" else "lsm9ds1")
    units.say_factor(imu, found)
    end_g = units.range_end_g(units.in_units(whole, accel, gyro), found)
    cutter = _Cutter(options, imu, end_g, damaged, found)
    takes: list[Take] = []
    for rows in sets:
        scaled = replace(rows, values=units.in_units(rows.values, accel, gyro))
        for name, part in _by_label(scaled, label, options):
            takes += cutter.cut(part, name)
    found.summary = ", ".join([*_labels_and_rows(takes), *dict.fromkeys(cutter.said)])
    return takes


def _labels_and_rows(takes: list[Take]) -> list[str]:
    """What of all recordings is to be said, for people."""
    if not takes:
        return []
    labels = dict.fromkeys(i.label for take in takes for i in take.intervals)
    labels |= dict.fromkeys(take.label for take in takes if take.label)
    lengths = sorted({len(take.t_us) for take in takes})
    rows = f"{lengths[0]:,}" + (f" to {lengths[-1]:,}" if len(lengths) > 1 else "") + " rows"
    return [f"labelled {', '.join(labels)}", rows + (" each" if len(takes) > 1 else "")]


def _by_label(rows: Rows, label: str, options: Options) -> Iterator[tuple[str, Rows]]:
    """The stretches of rows that have one label."""
    if rows.labels is None or options.label:
        yield label, rows
        return
    changes = [i for i, (a, b) in enumerate(pairwise(rows.labels), start=1) if a != b]
    for begin, end in pairwise([0, *changes, len(rows.labels)]):
        yield clean_name(rows.labels[begin]), rows.part(begin, end)


@dataclass
class _Cutter:
    """Cuts rows of one label, in g and °/s, into recordings."""

    options: Options
    imu: Imu
    end_g: float
    damaged: dict[int, str]
    found: Findings

    def __post_init__(self) -> None:
        self.said: list[str] = []

    def cut(self, rows: Rows, label: str) -> Iterator[Take]:
        unit = None if self.options.rate_hz else clock.unit_us(rows)
        if unit is not None and rows.time is not None:
            rows = replace(rows, breaks=rows.breaks | clock.restarts(rows, self.found))
        elif rows.time is not None and not self.options.rate_hz:
            self.found.repair(
                int(rows.lines[0]),
                "the column of times was not used: its steps are those of no sampling from 10 to "
                "1,100 Hz (--rate HZ says what is)",
            )
        pieces = windows.divide(rows, self.options.rows, self.found)
        self.said.append(pieces.how)
        for begin, end in pieces.bounds:
            part = rows.part(begin, end)
            if refusal := self._refusal(part, label):
                self.found.refuse(*refusal)
                continue
            t_us, assumed_hz = self._times(part, unit)
            yield Take(
                line=int(part.lines[0]),
                label="" if pieces.continuous else label,
                t_us=t_us,
                counts=units.to_counts(part.values, self.imu),
                imu=self.imu,
                board=board_of(self.imu),
                continuous=pieces.continuous,
                intervals=(Interval(label, 0, int(t_us[-1]) + 1),) if pieces.continuous else (),
                clipped=int((np.abs(part.values[:, :3]) > self.end_g).any(axis=1).sum()),
                assumed_hz=assumed_hz,
            )

    def _refusal(self, rows: Rows, label: str) -> tuple[int, str] | None:
        """The line at which a recording cannot be used, and why."""
        if not label:
            return int(rows.lines[0]), "this recording has no label: name it with --label"
        bad = np.isnan(rows.values).any(axis=1)
        if bad.any():
            line = int(rows.lines[np.argmax(bad)])
            reason = self.damaged.get(line, "a value is no number")
            return line, f"{reason}: the recording around it was left out"
        if outside := units.beyond_range(rows.values):
            row, reason = outside
            return int(rows.lines[row]), f"{reason}: the recording around it was left out"
        return None

    def _times(self, rows: Rows, unit: float | None) -> tuple[Int64, float | None]:
        """When the rows were sampled; the rate, too, where it is assumed."""
        if unit is not None and rows.time is not None:
            t_us = clock.times(rows.time, unit)
            if t_us is not None:
                self.said.append("times from the file")
                return t_us, None
            self.found.repair(int(rows.lines[0]), "the times do not increase: not used")
        if given_hz := self.options.rate_hz:
            self.said.append(f"{given_hz:g} Hz as you say")
            return grid(len(rows.lines), given_hz), None
        self.said.append(f"{RATE_HZ:g} Hz assumed")
        return grid(len(rows.lines), RATE_HZ), RATE_HZ

"""Pieces of a recording as recordings of their own, sample by sample as they were."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tinygesture.contract import Int64, to_units
from tinygesture.dataset.index import Entry
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.labels import is_rest
from tinygesture.dataset.quality import STILL_DPS, STILL_G
from tinygesture.dataset.recording import Recording, check_name, measure
from tinygesture.dataset.store import Dataset, Incoming
from tinygesture.errors import UserError

SHORTEST_S = 0.2


class Cut(NamedTuple):
    """new: what was cut; before: how many had been cut before; notes: sentences."""

    new: list[Entry]
    before: int
    notes: list[str]


def cut(dataset: Dataset, entry: Entry, start_s: float, end_s: float, label: str) -> Entry:
    """The samples from start_s until before end_s as a recording with a label.

    A gesture is replaced: as it was, it is in the trash. Raises UserError where that is no piece.
    """
    check_name(label, "label")
    recording = dataset.load(entry)
    length_s = recording.t_us[-1] / 1e6
    if not 0 <= start_s < end_s <= length_s + SHORTEST_S:
        raise UserError(
            f"{start_s:g} s to {end_s:g} s is no piece of {entry.file}, which has {length_s:.3f} s."
        )
    span = Interval(label, round(start_s * 1e6), round(end_s * 1e6))
    piece = _piece(recording, span)
    if piece is None:
        raise UserError(f"A recording needs {SHORTEST_S:g} s: choose a longer piece.")
    id = piece_id(entry, span)
    if any(known.id == id for known in dataset.every):
        raise UserError(f"This piece of {entry.file} was cut before: it has the id {id}.")
    new = dataset.save([Incoming(piece, id=id, dataset=entry.dataset)])[0]
    if entry.label:
        dataset.remove([entry])
    return new


def cut_intervals(
    dataset: Dataset,
    entry: Entry,
    *,
    margin_s: float = 0.0,
    seconds: float | None = None,
    again: bool = False,
) -> Cut:
    """Every interval of a continuous recording as a recording, which stays as it is.

    margin_s is added on both sides, but not to rest, which has motion beside it; `seconds`,
    instead, takes so much around the middle of the interval's motion. Intervals that were cut
    before, with any margin, are left out. Raises UserError where there are no intervals.
    """
    marked = sorted(dataset.intervals(entry), key=lambda one: one.start_us)
    if not marked:
        raise UserError(
            f"Nobody has said what happened in {entry.file}. Name a piece with --from, --to and "
            "--label, or mark gestures while recording."
        )
    recording = dataset.load(entry)
    known = {one.id: "" for one in dataset.every}
    if dataset.trash and not again:
        known |= {one.id: " and is in the trash" for one in dataset.trash.every}
    notes = [*_overlaps(marked)]
    pieces: list[Incoming] = []
    before = 0
    for interval in marked:
        id = piece_id(entry, interval)
        if id in known:
            before += 1
            notes += [f"{_words(interval)} was cut before{known[id]}."] * bool(known[id])
            continue
        piece = _piece(recording, _span(recording, interval, margin_s, seconds))
        if piece is None:
            notes.append(f"{_words(interval)} is shorter than {SHORTEST_S:g} s: left out.")
        else:
            pieces.append(Incoming(piece, id=id, dataset=entry.dataset))
    return Cut(dataset.save(pieces) if pieces else [], before, notes)


def _span(
    recording: Recording, interval: Interval, margin_s: float, seconds: float | None
) -> Interval:
    """What to cut for an interval, on the clock of the recording."""
    label, start_us, end_us = interval
    if seconds is None:
        margin_us = 0 if is_rest(label) else round(margin_s * 1e6)
        return Interval(label, start_us - margin_us, end_us + margin_us)
    length_us = round(seconds * 1e6)
    latest_us = max(int(recording.t_us[-1]) + 1 - length_us, 0)
    begin_us = min(max(_middle_us(recording, interval) - length_us // 2, 0), latest_us)
    return Interval(label, begin_us, begin_us + length_us)


def _middle_us(recording: Recording, interval: Interval) -> int:
    """The centre of gravity of the motion in an interval."""
    inside = _inside(recording.t_us, interval)
    if not inside.any():
        return (interval.start_us + interval.end_us) // 2
    units = to_units(recording.counts[inside])
    motion = (units - np.median(units, axis=0)) / ([STILL_G] * 3 + [STILL_DPS] * 3)
    weights = (motion**2).sum(axis=1) + 1e-9
    return int(np.average(recording.t_us[inside], weights=weights))


def _piece(recording: Recording, span: Interval) -> Recording | None:
    """The samples inside a span, timed from 0; None where it is too short for a recording."""
    inside = _inside(recording.t_us, span)
    t_us, counts = recording.t_us[inside], recording.counts[inside]
    if len(t_us) < 2 or t_us[-1] - t_us[0] < SHORTEST_S * 1e6 - np.diff(t_us).max():
        return None
    began_us = int(t_us[0])
    t_us = t_us - began_us
    meta = replace(
        recording.meta,
        label=span.label,
        drops=_lost(t_us) if recording.meta.drops else 0,
        crc_errors=0,  # a damaged frame shows as lost samples where it was
        recorded_at=_later(recording.meta.recorded_at, began_us),
        **measure(t_us, counts),
    )
    return Recording(t_us, counts, meta)


def _inside(t_us: Int64, span: Interval) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return (t_us >= span.start_us) & (t_us < span.end_us)


def _lost(t_us: Int64) -> int:
    """Samples that are missing in t_us int64[N], by the gaps."""
    steps = np.diff(t_us)
    return int((np.rint(steps / np.median(steps)) - 1).clip(min=0).sum())


def _later(iso: str, microseconds: int) -> str:
    with suppress(ValueError, OverflowError):
        moment = datetime.fromisoformat(iso) + timedelta(microseconds=microseconds)
        return moment.isoformat(timespec="milliseconds")
    return iso


def _overlaps(marked: list[Interval]) -> Iterator[str]:
    for one, other in pairwise(marked):
        if one.end_us > other.start_us:
            shared_s = (min(one.end_us, other.end_us) - other.start_us) / 1e6
            yield f"{_words(one)} overlaps the {other.label} after it by {shared_s:.2f} s."


def _words(interval: Interval) -> str:
    return f"The {interval.label} at {interval.start_us / 1e6:.2f} s"


def piece_id(entry: Entry, interval: Interval) -> str:
    """The same piece has the same id, whenever it is cut."""
    text = f"{entry.id} {interval.start_us} {interval.end_us}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]

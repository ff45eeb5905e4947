"""The report of a data set: what is in it, how it looks, and which recordings to look at first."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tinygesture.contract import CHANNELS, COUNTS_PER_UNIT, Float64, Int16
from tinygesture.dataset import Dataset, Entry
from tinygesture.dataset.files import write_atomically
from tinygesture.errors import typed
from tinygesture.report import likeness, packing, page
from tinygesture.report.facts import Person, facts, people
from tinygesture.report.likeness import Likeness

Progress = Callable[[str, int, int], None]  # stage, done, total
DOUBTFUL = 1.0  # as near to another label as to its own
FAR = 2.5  # times as far from the other recordings of its label as usual
SUSPECTS = 24  # shown at most
_DIGITS = re.compile("([0-9]+)")


class Table(NamedTuple):
    """How many recordings of each label a subject, a session or a board has: one row for each.

    The continuous recordings are counted last.
    """

    title: str
    rows: list[tuple[str, list[int]]]
    most: int


def write_dataset_report(dataset: Dataset, path: Path, progress: Progress) -> int:
    """Write the report to `path`; returns its size in bytes.

    Raises UserError where a recording is missing or damaged, or the file cannot be written.
    """
    if not dataset.every:
        dataset.require_recordings()
    data = _render(dataset, progress)
    write_atomically(path, data)
    return len(data)


def _render(dataset: Dataset, progress: Progress) -> bytes:
    seen: list[dict[str, Any]] = []
    packed: list[Int16] = []
    rows = 0
    shapes: list[Float64] = []
    names = people(dataset.every)
    limit = packing.row_limit(len(dataset.every))
    half_s = likeness.half_span(dataset.entries)
    entries = dataset.entries + dataset.continuous
    for done, entry in enumerate(entries, start=1):
        recording = dataset.load(entry)
        t_us, counts = packing.thin(recording.t_us, recording.counts, limit)
        fact = facts(entry, recording, names[entry.person]) | {
            "start": rows,
            "rows": len(counts),
            "knots": packing.knots(t_us),
        }
        if entry.label:
            shape, fact["middle_s"] = likeness.shape(recording.t_us, recording.counts, half_s)
            shapes.append(shape)
        else:
            fact["intervals"] = dataset.intervals(entry)
        seen.append(fact)
        packed.append(counts)
        rows += len(counts)
        progress("reading", done, len(entries))
    gestures, continuous = seen[: len(shapes)], seen[len(shapes) :]
    means = _compare(gestures, np.array(shapes), half_s, progress) if gestures else {}
    suspects = _suspects(gestures)
    return page.render(
        "dataset.html.j2",
        ("dataset.css",),
        ("recordings.js", "cards.js", "large.js", "shapes.js", "strips.js", "filters.js"),
        dataset=dataset,
        title=dataset.path.resolve().name,
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        columns=dataset.labels + (["continuous"] if dataset.continuous else []),
        tables=_tables(entries, names),
        synthetic=sum(entry.synthetic for entry in entries),
        people=len(names),
        sessions=len({(entry.person, entry.session) for entry in entries}),
        minutes=sum(fact["duration_s"] for fact in gestures) / 60,
        continuous_minutes=sum(fact["duration_s"] for fact in continuous) / 60,
        marked=Counter(mark for fact in seen for mark in fact["marks"]),
        suspicious=len(suspects),
        thinned=sum(fact["rows"] < fact["samples"] for fact in seen),
        data={
            "channels": CHANNELS,
            "counts_per_unit": COUNTS_PER_UNIT.tolist(),
            "path": typed(dataset.path),
            "labels": dataset.labels,
            "gestures": gestures,
            "continuous": continuous,
            "means": means,
            "half_s": half_s,
            "step_s": likeness.STEP_S,
            "suspects": suspects[:SUSPECTS],
        },
        samples=packing.pack(packed),
    )


def _tables(entries: list[Entry], names: dict[Person, str]) -> list[Table]:
    labels = sorted({entry.label for entry in entries}, key=lambda label: (not label, label))
    ways: dict[str, Callable[[Entry], str]] = {
        "Subject": lambda entry: names[entry.person],
        "Session": lambda entry: f"{names[entry.person]}, {entry.session}",
        "Board": lambda entry: ", ".join(filter(None, (entry.board, entry.imu))) or "unknown",
    }
    tables = []
    for title, key in ways.items():
        counts = Counter((key(entry), entry.label) for entry in entries)
        keys = sorted({name for name, _ in counts}, key=natural)
        rows = [(name, [counts[name, label] for label in labels]) for name in keys]
        tables.append(Table(title, rows, max(counts.values(), default=1)))
    return tables


def natural(name: str) -> list[tuple[int, str]]:
    """A key to sort names by in which s2 comes before s10."""
    return [
        (int(part or 0), "") if k % 2 else (0, part) for k, part in enumerate(_DIGITS.split(name))
    ]


def _compare(
    gestures: list[dict[str, Any]], shapes: Float64, half_s: float, progress: Progress
) -> dict[str, Any]:
    """Adds to each gesture how alike its label it is; returns each label's mean and spread."""
    labels = [gesture["label"] for gesture in gestures]
    compared = likeness.compare(shapes, labels, partial(progress, "comparing"))
    counts = Counter(labels)
    for gesture, alike in zip(gestures, compared, strict=True):
        gesture["distance"] = round(alike.distance, 2)
        gesture["doubt"] = round(alike.doubt, 2)
        gesture["resembles"] = alike.nearest if alike.doubt > DOUBTFUL else ""
        gesture["reasons"] = _reasons(alike, gesture["label"], counts[gesture["label"]])
    means = {}
    for label in sorted({*labels}):
        mean = likeness.mean(shapes[[own == label for own in labels]], half_s)
        means[label] = {
            "from_s": round(float(mean.seconds[0]), 3),
            "mean": mean.mean.T.round(3).tolist(),
            "spread": mean.spread.T.round(3).tolist(),
        }
    return means


def _reasons(alike: Likeness, label: str, recordings: int) -> list[str]:
    reasons = []
    if alike.doubt > DOUBTFUL and recordings < likeness.FEW:
        reasons.append(f"resembles {alike.nearest}, and {label} has only {recordings}")
    elif alike.doubt > DOUBTFUL:
        reasons.append(f"resembles {alike.nearest} more than {label}")
    if alike.distance > FAR:
        reasons.append(f"is {alike.distance:.1f} times as far from the other {label} as usual")
    return reasons


def _suspects(gestures: list[dict[str, Any]]) -> list[int]:
    """Positions of the gestures to look at first: the likeliest to be mislabelled, then the far."""

    def rank(i: int) -> tuple[bool, float]:
        doubtful = gestures[i]["doubt"] > DOUBTFUL
        return not doubtful, -gestures[i]["doubt" if doubtful else "distance"]

    return sorted((i for i, gesture in enumerate(gestures) if gesture["reasons"]), key=rank)

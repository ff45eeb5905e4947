"""What `tinygesture show` draws: a data set, a label, a recording."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from tinygesture.cli.chart import charts
from tinygesture.cli.sparkline import blocks, sparkline
from tinygesture.contract import Float64, to_units
from tinygesture.dataset import Interval, Recording
from tinygesture.report.likeness import Mean

LEAST_SPARK, MOST_SPARK = 8, 24  # columns
LEAST_ROWS, MOST_ROWS = 10, 24  # of a chart
LISTED = 12  # intervals


def printable(text: str) -> str:
    """Text from a file without what would control the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def overview(console: Console, labels: Sequence[dict[str, Any]]) -> Table:
    """One line for each label; `motion` of it is float64[n] in g."""
    rows, sparks = [], []
    for of in labels:
        numbers = (str(of[what]) for what in ("recordings", "subjects", "sessions"))
        marks = ", ".join(f"{count} {mark}" for mark, count in of["marks"].items())
        rows.append([of["label"] or "continuous", *numbers, f"{of['seconds']:.1f}", marks])
        sparks.append(partial(_blocks, of["motion"]))
    columns = ("label", ">recordings", ">subjects", ">sessions", ">seconds", "marks")
    return _table(console, columns, rows, sparks)


def listing(console: Console, found: Sequence[tuple[dict[str, Any], Recording]]) -> Table:
    """One line for each recording."""
    rows = [
        [
            *(facts[what] for what in ("name", "id", "subject", "session")),
            f"{facts['duration_s']:.2f}",
            f"{facts['rate_hz']:.1f}",
            ", ".join(facts["marks"]),
        ]
        for facts, _ in found
    ]
    sparks = [partial(sparkline, recording.counts) for _, recording in found]
    columns = ("name", "id", "subject", "session", ">s", ">Hz", "marks")
    return _table(console, columns, rows, sparks)


def mean(console: Console, of_label: Mean) -> RenderableType:
    """A label's mean."""
    size = (console.width, max(LEAST_ROWS, min(16, console.height - 12)))
    return charts(of_label.seconds, of_label.mean, size)


def recording(
    console: Console,
    facts: dict[str, Any],
    recording: Recording,
    intervals: Sequence[Interval],
) -> Group:
    """Curves, faults, intervals, and all that is known of a recording."""
    lines = [*_known(facts)]
    faults = [Text(f"! {fault}.", "yellow") for fault in facts["faults"]]
    happened = [Text(line) for line in _listed(intervals)]
    left = console.height - len(lines) - len(faults) - len(happened) - 3
    size = (console.width, min(max(left, LEAST_ROWS), MOST_ROWS))
    picture = charts(recording.t_us / 1e6, to_units(recording.counts), size, intervals)
    title = Text(facts["name"], "bold")
    return Group(title, picture, *faults, *happened, *lines)


def _known(facts: dict[str, Any]) -> Iterator[Text]:
    made = [
        facts["subject"] and f"by {facts['subject']}",
        facts["session"] and f"session {facts['session']}",
        facts["recorded"],
        facts["synthetic"] and "synthetic",
    ]
    length = [
        f"{facts['duration_s']:.2f} s",
        f"{facts['samples']} samples at {facts['rate_hz']:.1f} Hz",
        f"jitter {facts['jitter_us'] / 1000:.2f} ms",
    ]
    lost = [
        f"{facts['drops']} samples",
        f"{facts['crc_errors']} damaged frames",
        f"{facts['clipped']} clipped",
    ]
    lines = {
        "made": made,
        "with": [facts["board"], facts["imu"], facts["firmware"]],
        "length": length,
        "motion": [f"{facts['accel_g']:.2f} g", f"{facts['gyro_dps']:.0f} °/s"],
        "lost": lost,
        "marks": facts["marks"],
        "id": [facts["id"]],
        "file": [facts["file"]],
    }
    for name, values in lines.items():
        if said := ", ".join(filter(None, values)):
            said = printable(said)
            yield Text.assemble((f"{name:8}", "bright_black"), said, overflow="fold")


def _listed(intervals: Sequence[Interval]) -> Iterator[str]:
    if not intervals:
        return
    counts = Counter(interval.label for interval in intervals)
    yield "marked  " + ", ".join(f"{count} {label}" for label, count in counts.items())
    for label, start_us, end_us in intervals[:LISTED]:
        yield f"  {start_us / 1e6:8.2f} to {end_us / 1e6:8.2f} s  {label}"
    if len(intervals) > LISTED:
        yield f"  and {len(intervals) - LISTED} more"


def _table(
    console: Console,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    sparks: Sequence[Callable[[int], str]],
) -> Table:
    """Rows with sparklines before the last column, as wide as there is room.

    A column whose name begins with > is one of numbers.
    """
    names = [column.lstrip(">") for column in columns]
    texts = zip(names, *rows, strict=True)
    others = sum(max(map(len, column)) for column in texts) + 2 * len(columns)
    width = min(max(console.width - others, LEAST_SPARK), MOST_SPARK)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bright_black")
    for column, name in zip(columns[:-1], names, strict=False):
        right = column.startswith(">")
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    table.add_column("motion", style="green", no_wrap=True)
    table.add_column(names[-1], style="yellow")
    for (first, *rest, marks), spark in zip(rows, sparks, strict=True):
        cells = (Text(printable(text)) for text in rest)
        table.add_row(Text(first, "bold"), *cells, spark(width), Text(printable(marks)))
    return table


def _blocks(motion_g: Float64, width: int) -> str:
    return blocks(np.array([part.max() for part in np.array_split(motion_g, width)]))

"""Recordings that were marked when they were made, and may not hold what their label says."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tinygesture.errors import typed

if TYPE_CHECKING:
    from tinygesture.dataset import Dataset, Entry

HARMLESS = {"clipped"}  # a strong gesture does that to the sensor, and is still that gesture


def tally(entries: "Iterable[Entry]") -> dict[str, int]:
    """How many recordings have each mark, the most frequent first."""
    return dict(Counter(mark for entry in entries for mark in entry.marks.split()).most_common())


def doubtful(dataset: "Dataset", subject: str | None = None) -> Iterator[str]:
    """A warning, where a data set has such recordings; subject: look at theirs only."""
    entries = [entry for entry in dataset.entries if subject in (None, entry.subject)]
    found = [entry for entry in entries if {*entry.marks.split()} - HARMLESS]
    if not found:
        return
    marks = ", ".join(f"{count} {mark}" for mark, count in tally(found).items())
    labels = sorted({entry.label for entry in found})
    where = f"--data {typed(dataset.path)}"
    yield (
        f"WARNING: {len(found)} of {len(entries)} recordings have marks ({marks}): they may not "
        "hold what their label says, and a model learns that, too. Look at them with "
        f"`tinygesture show {labels[0]} {where}`"
        + (f", and so on for {', '.join(labels[1:])}" if labels[1:] else "")
        + f"; delete those that are wrong with `tinygesture data delete NAME {where}`, and record "
        "them again."
    )

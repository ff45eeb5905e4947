"""Which gestures of the trash a data set still has, in part: pieces were cut from them."""

from collections.abc import Iterable
from functools import cache

from tinygesture.dataset.index import Entry
from tinygesture.dataset.store import Dataset


def pieces_of(dataset: Dataset, trash: Dataset, originals: Iterable[Entry]) -> dict[str, Entry]:
    """By the ids of `originals`, which are in the trash, a recording with a part of its samples.

    Those without one are left out. Raises UserError where a recording is damaged.
    """
    samples_of = cache(lambda file: dataset.load(by_file[file]).counts.tobytes())
    by_file = {entry.file: entry for entry in dataset.entries}
    found: dict[str, Entry] = {}
    for original in filter(lambda entry: entry.label, originals):
        made = _made(original)
        similar = [e for e in dataset.entries if e.samples < original.samples and _made(e) == made]
        whole = trash.load(original).counts.tobytes() if similar else b""
        if piece := next((e for e in similar if samples_of(e.file) in whole), None):
            found[original.id] = piece
    return found


def _made(entry: Entry) -> tuple[object, ...]:
    """What a piece has from the recording that it was cut from."""
    return entry.person, entry.session, entry.board, entry.imu, entry.firmware, entry.synthetic

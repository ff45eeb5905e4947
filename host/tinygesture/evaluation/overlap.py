"""Which recordings has a model seen while it was trained? Their figures flatter it."""

from collections.abc import Sequence

from tinygesture.dataset import Dataset, Entry
from tinygesture.dataset.cutting import piece_id
from tinygesture.export.bundle import Bundle


def seen(bundle: Bundle, dataset: Dataset, entries: Sequence[Entry]) -> int:
    """How many of these, or of the pieces that were cut out of them, training has used.

    A recording keeps its id in every data set. Of a model whose manifest does not name them: all,
    where this is the data set that it was trained on.
    """
    known = bundle.seen
    if known is None:
        return len(entries) if dataset.id == bundle.manifest["data"]["id"] else 0
    return sum(not known.isdisjoint(_ids(dataset, entry)) for entry in entries)


def _ids(dataset: Dataset, entry: Entry) -> list[str]:
    if entry.label:
        return [entry.id]
    return [entry.id, *(piece_id(entry, interval) for interval in dataset.intervals(entry))]

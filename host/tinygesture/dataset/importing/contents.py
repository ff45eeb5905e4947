"""Which samples a data set has already, whatever they are called, and how it writes its labels."""

from collections import defaultdict
from hashlib import blake2b
from typing import NamedTuple

from tinygesture.contract import Int16
from tinygesture.dataset.index import Entry
from tinygesture.dataset.store import Dataset
from tinygesture.errors import UserError


class Known(NamedTuple):
    """where: the file that it came from, with the line; "" for the data set itself.

    origin: the id of the data set of our own that holds it, "" for other files. subject: who made
    it, of what is in the data set itself.
    """

    label: str
    where: str
    origin: str
    subject: str = ""


class Contents:
    """Of a data set, or of none yet, and of what is on its way into it.

    Reads a recording of the data set only where one with as many samples is asked for. A gesture
    may be cut from a continuous recording, so the two are never the same.
    """

    def __init__(self, dataset: Dataset | None) -> None:
        self.dataset = dataset
        self.entries = {entry.id: entry for entry in dataset.every} if dataset else {}
        self._unread: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in dataset.every if dataset else []:
            self._unread[entry.samples].append(entry)
        self._known: dict[bytes, Known] = {}
        labels = dataset.labels if dataset else []
        self._spellings = {label.lower(): label for label in labels}

    def spelling(self, label: str) -> str:
        """The label as it is written already: "Punch" and "punch" would be one folder."""
        return self._spellings.setdefault(label.lower(), label)

    def known(self, counts: Int16, label: str) -> Known | None:
        """The gesture with the same counts, int16[N, 6], if there is one.

        With the label "", the continuous recording.
        """
        for entry in self._unread.pop(len(counts), []):
            assert self.dataset
            try:
                there = self.dataset.load(entry).counts
            except UserError:
                continue  # a damaged recording is like no other
            known = Known(entry.label, "", self.dataset.id, entry.subject)
            self._known.setdefault(_digest(there, entry.label), known)
        return self._known.get(_digest(counts, label))

    def note(self, counts: Int16, label: str, where: str, origin: str = "") -> None:
        self._known[_digest(counts, label)] = Known(label, where, origin)


def _digest(counts: Int16, label: str) -> bytes:
    kind = b"gesture" if label else b"continuous"
    return blake2b(counts.tobytes(), digest_size=16, person=kind).digest()

"""Recordings by the names that people give them: circle/3, an id or its beginning, a file."""

from difflib import get_close_matches
from pathlib import PurePosixPath

from tinygesture.dataset.index import Entry
from tinygesture.dataset.store import Dataset
from tinygesture.errors import UserError

MIN_ID = 3  # characters of an id that are enough, where no other id begins so


def name_of(entry: Entry) -> str:
    """The short name of a recording, unique in its data set as a rule: circle/3, continuous/1."""
    file = PurePosixPath(entry.file)
    number = file.name.partition("-")[0].lstrip("0")
    return f"{file.parent.name}/{number}"


def find(dataset: Dataset, wanted: str) -> list[Entry]:
    """All recordings of a label, or the one recording of this name, file or id.

    Raises UserError where there is none, or where several begin like that.
    """
    if labelled := [entry for entry in dataset.entries if entry.label == wanted]:
        return labelled
    path = wanted.replace("\\", "/")
    folder, _, number = path.rpartition("/")
    name = f"{folder}/{number.lstrip('0')}"
    named = [e for e in dataset.every if name == name_of(e) or path == e.file or wanted == e.id]
    if not named and len(wanted) >= MIN_ID:
        named = [entry for entry in dataset.every if entry.id.startswith(wanted)]
    if len(named) == 1:
        return named
    if named:
        listed = ", ".join(f"{entry.id} ({name_of(entry)})" for entry in named[:4])
        raise UserError(f"{wanted!r} could be several recordings: {listed}. Name one by its id.")
    raise UserError(
        f"There is no recording and no label {wanted!r} in {dataset.path}. {_hint(dataset, wanted)}"
    )


def _hint(dataset: Dataset, wanted: str) -> str:
    names = [*dataset.labels, *map(name_of, dataset.every), *(e.id for e in dataset.every)]
    if near := get_close_matches(wanted, names, n=3):
        return f"Did you mean {' or '.join(near)}?"
    if dataset.labels:
        return f"Its labels are {', '.join(dataset.labels)}."
    return "It has no recordings yet: `capture` makes some."

"""Other names for labels, subjects and sessions; two of them become one only on request."""

from collections.abc import Sequence
from typing import Literal

from tinygesture.dataset.index import Entry
from tinygesture.dataset.recording import check_name
from tinygesture.dataset.store import Dataset
from tinygesture.errors import UserError

Kind = Literal["label", "subject", "session"]


def rename(
    dataset: Dataset, kind: Kind, old: str, new: str, *, join: bool = False, origin: str = ""
) -> int:
    """Rename everything of this kind that is called `old`; the number of recordings it changes.

    A renamed subject becomes a person of this data set. join: `old` and `new` become one, if both
    are there. origin: only the subject who was recorded in the data set whose id begins so.
    Raises UserError where nothing has the name, or two would become one without `join`.
    """
    check_name(new, kind)
    named = [entry for entry in dataset.every if old and getattr(entry, kind) == old]
    named = [entry for entry in named if entry.dataset.startswith(origin)]
    marked = _marked(dataset, old) if kind == "label" else []
    if not named and not marked:
        names = sorted({getattr(entry, kind) for entry in dataset.every} - {""})
        raise UserError(
            f"{dataset.path} has no {kind} {old!r}. "
            + (f"It has {', '.join(names)}." if names else "It has no recordings yet.")
        )
    others = [entry for entry in dataset.every if getattr(entry, kind) == new and old != new]
    if not join:
        _refuse_joining(dataset, kind, named, others)
    if kind == "label":
        dataset.relabel(named, new)
        for entry in marked:
            intervals = dataset.intervals(entry)
            changed = [one._replace(label=new) if one.label == old else one for one in intervals]
            dataset.set_intervals(entry, changed)
    elif kind == "subject":
        dataset.change([*named, *(others if join else [])], subject=new, dataset=dataset.id)
    else:
        dataset.change(named, session=new)
    return len(named)


def _marked(dataset: Dataset, label: str) -> list[Entry]:
    """The continuous recordings in which something has this label."""
    return [
        entry
        for entry in dataset.continuous
        if any(interval.label == label for interval in dataset.intervals(entry))
    ]


def _refuse_joining(
    dataset: Dataset, kind: Kind, named: Sequence[Entry], others: Sequence[Entry]
) -> None:
    people = {entry.person for entry in named}
    if kind == "subject" and len(people) > 1:
        origins = ", ".join(sorted(origin for origin, _ in people))
        raise UserError(
            f"{len(people)} people are called {named[0].subject!r} in {dataset.path}: they were "
            f"recorded in the data sets {origins}. Choose one with --of ID, or make them one "
            "person with --join."
        )
    if kind == "session":
        others = [entry for entry in others if entry.person in people]
    if others:
        name = getattr(others[0], kind)
        raise UserError(
            f"{dataset.path} has a {kind} {name!r} already, with {len(others)} recordings. Choose "
            "another name, or make the two one with --join."
        )

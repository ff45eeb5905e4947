"""Dividing recordings into training, validation and test so that the score means something.

No group (a person, or a session) of the test is ever met in training: a random split of similar
recordings, or of overlapping windows, flatters a model by 10-16 points (arXiv 1904.02666).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from tinygesture.dataset.index import Entry
from tinygesture.errors import UserError

MIN_SUBJECTS = 3
_TRIES = 100

By = Literal["auto", "subject", "session", "block"]


@dataclass(frozen=True)
class Split:
    """Three disjoint lists of entries (test is empty where none was asked for).

    by: what was kept apart; description: one line for reports. flattering: the test is of new
    people, or sessions, and validation of those in training, so it promises too much.
    """

    train: list[Entry]
    validation: list[Entry]
    test: list[Entry]
    by: Literal["subject", "session", "block"]
    description: str
    flattering: bool = False


def split(
    entries: Sequence[Entry],
    *,
    validation: float = 0.2,
    test: float = 0.0,
    by: By = "auto",
    seed: int = 0,
) -> Split:
    """Divide entries; validation and test are fractions of the groups, at least one group each.

    by="auto" keeps people apart where there are three or more, else sessions where there are
    enough, else takes the last recordings of each label as validation and test ("block"). Where
    fewer than three groups would be left to train on, only the test is of whole groups, and
    validation the last recordings of each person and label among the others.
    Every label occurs in training. The same entries, in any order, and seed give the same split.
    Raises UserError where the recordings do not allow it.
    """
    if not entries:
        raise UserError("There are no recordings to train on. Record some gestures first.")
    fractions = [fraction for fraction in (validation, test) if fraction > 0]
    if by in ("auto", "subject"):
        groups = _group(entries, lambda entry: entry.person)
        needed = max(MIN_SUBJECTS, 1 + len(fractions)) if by == "auto" else 1 + len(fractions)
        parts = _divide(groups, needed, validation, test, seed)
        if parts:
            return _by_group(parts, "subject")
        if by == "subject":
            raise _too_few("subject", len(groups), needed)
    if by in ("auto", "session"):
        groups = _group(entries, lambda entry: (*entry.person, entry.session))
        needed = 1 + len(fractions)
        parts = _divide(groups, needed, validation, test, seed)
        if parts:
            return _by_group(parts, "session")
        if by == "session":
            raise _too_few("session", len(groups), needed)
    return _by_block(entries, validation, test)


def _too_few(what: str, count: int, needed: int) -> UserError:
    return UserError(
        f"Cannot split by {what}: there are {count} and it takes {needed} or more, each label "
        f"recorded in several. Record more with `capture --{what} NAME`."
    )


def _group(
    entries: Sequence[Entry], key: Callable[[Entry], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Entry]]:
    groups: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in in_order(entries):
        groups[key(entry)].append(entry)
    return groups


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """As they were recorded, data set by data set."""
    return sorted(entries, key=lambda entry: (entry.dataset, entry.recorded_at, entry.file))


def by_person_and_label(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The recordings of each person and label, in the order recorded."""
    groups = _group(entries, lambda entry: (*entry.person, entry.label))
    return [groups[key] for key in sorted(groups)]


def labels_of(entries: Sequence[Entry]) -> set[str]:
    return {entry.label for entry in entries}


def _divide(
    groups: dict[tuple[str, ...], list[Entry]],
    needed: int,
    validation: float,
    test: float,
    seed: int,
) -> list[list[Entry]] | None:
    """[train, validation, test], each whole groups, or None where a label is lost to training.

    Of some random divisions the one in which most labels are in every part.
    """
    if len(groups) < needed:
        return None
    keys = sorted(groups)
    sizes = [max(1, round(f * len(keys))) if f > 0 else 0 for f in (validation, test)]
    entries = [entry for group in groups.values() for entry in group]
    few = all(sizes) and len(keys) - sum(sizes) < MIN_SUBJECTS
    if few:
        sizes[0] = 0  # validation is held back from the people, or sessions, of training
    while sum(sizes) >= len(keys):
        sizes[sizes.index(max(sizes))] -= 1
    rng = np.random.default_rng(seed)

    def divisions() -> list[list[Entry]]:
        order = [keys[i] for i in rng.permutation(len(keys))]
        bounds = [0, sizes[0], sum(sizes), len(keys)]
        parts = [
            in_order(e for key in order[a:b] for e in groups[key]) for a, b in pairwise(bounds)
        ]
        return [parts[2], parts[0], parts[1]]

    def variety(parts: list[list[Entry]]) -> tuple[int, int]:
        labels = [len(labels_of(part)) for part in parts]
        return labels[0], labels[1] + labels[2]

    best = max((divisions() for _ in range(_TRIES)), key=variety)
    if few:
        best[:2] = hold_back(best[0], validation)
    complete = labels_of(best[0]) == labels_of(entries) and bool(best[1]) == (validation > 0)
    return best if complete else None


def hold_back(entries: Sequence[Entry], fraction: float) -> tuple[list[Entry], list[Entry]]:
    """(training, validation): the last recordings of each person and label are validation.

    Of a label that everybody recorded once only, the last recording of all is.
    """
    train: list[Entry] = []
    held: list[Entry] = []
    for group in by_person_and_label(entries):
        kept = len(group) - part_of(len(group), fraction)
        train += group[:kept]
        held += group[kept:]
    for label in sorted(labels_of(train) - labels_of(held)):
        *others, last = in_order(entry for entry in train if entry.label == label)
        if others:
            train.remove(last)
            held.append(last)
    return train, held


def part_of(count: int, fraction: float) -> int:
    """How many of `count` are held back: one at least, and one at least is not."""
    return min(max(1, round(fraction * count)), count - 1) if count > 1 else 0


def _by_group(parts: list[list[Entry]], by: Literal["subject", "session"]) -> Split:
    train, validation, test = parts
    kind, kinds = ("person", "people") if by == "subject" else ("session", "sessions")
    trained, held, tested = (_groups_of(part, by) for part in parts)
    said = [f"{len(trained)} {kind if len(trained) == 1 else kinds} for training"]
    flattering = bool(trained.keys() & held.keys())
    if flattering:
        said.append("their last recordings of each label for validation")
        held = {}
    for groups, title in ((held, "validation"), (tested, "test")):
        if groups:
            said.append(f"{len(groups)} for {title} ({', '.join(sorted(groups.values()))})")
    description = f"split by {by}, no {kind} of the test in training: {', '.join(said)}"
    if {entry.person for entry in train} & {entry.person for entry in test}:
        description += " (the same people in all of them: it says little about others)"
    return Split(train, validation, test, by, description, flattering)


def _groups_of(
    entries: Sequence[Entry], by: Literal["subject", "session"]
) -> dict[tuple[str, ...], str]:
    """What the people, or sessions, of these entries are called."""
    if by == "subject":
        return {entry.person: entry.subject for entry in entries}
    return {(*e.person, e.session): f"{e.subject}/{e.session}" for e in entries}


def _by_block(entries: Sequence[Entry], validation: float, test: float) -> Split:
    """Of each label the last recordings are the test, those before them the validation."""
    parts: list[list[Entry]] = [[], [], []]
    for label, group in sorted(_group(entries, lambda entry: (entry.label,)).items()):
        sizes = [max(1, round(f * len(group))) if f > 0 else 0 for f in (validation, test)]
        kept = len(group) - sum(sizes)
        if kept < 1:
            raise UserError(
                f"There are too few recordings of {label[0]} ({len(group)}) to train and to check "
                "the result. Record at least 10 of each label."
            )
        parts[0] += group[:kept]
        parts[1] += group[kept : kept + sizes[0]]
        parts[2] += group[kept + sizes[0] :]
    said = f"{len(parts[0])} for training, then {len(parts[1])} for validation"
    if parts[2]:
        said += f", then {len(parts[2])} for test"
    trained, tested = ({(entry.person, entry.session) for entry in parts[i]} for i in (0, 2))
    same = ""
    if tested <= trained:
        same = ", the same people and sessions on all sides"
    elif {person for person, _ in tested} <= {person for person, _ in trained}:
        same = ", the same people on all sides"
    description = (
        f"split by time{same}, in the order recorded: {said} "
        "(says little about other people; with three people, or three sessions, it would)"
    )
    return Split(parts[0], parts[1], parts[2], "block", description)

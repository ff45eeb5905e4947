"""Dividing recordings several times, so that each of them is tested once by a model that has not
seen it.

Unlike `split`, which makes one model to use, folds measure a way to make models.
"""

from collections.abc import Sequence

from tinygesture.dataset.index import Entry
from tinygesture.dataset.splits import (
    MIN_SUBJECTS,
    Split,
    by_person_and_label,
    hold_back,
    in_order,
    labels_of,
    part_of,
)
from tinygesture.errors import UserError

FOLDS = 5
VALIDATION = 0.15  # of what a fold trains on


def consecutive_folds(
    entries: Sequence[Entry], folds: int = FOLDS, validation: float = VALIDATION
) -> list[Split]:
    """Within person: of each person's recordings of each label, in the order recorded, the k-th of
    `folds` blocks is the test, and those that follow it (after the last, the first) validation.

    Neighbours are more alike than recordings are as a rule, and blocks leave few on two sides:
    random folds flatter. The same entries, in any order, give the same folds. Raises UserError
    where a label has too few recordings.
    """
    groups = by_person_and_label(entries)
    result = []
    for k in range(folds):
        train, held, test = [], [], []
        for group in groups:
            start, end = k * len(group) // folds, (k + 1) * len(group) // folds
            following = group[end:] + group[:start]
            count = part_of(len(following), validation)
            test += group[start:end]
            held += following[:count]
            train += following[count:]
        description = f"fold {k + 1} of {folds}, consecutive recordings of each label"
        result.append(_checked(Split(train, held, test, "block", description), entries))
    return result


def leave_one_out(entries: Sequence[Entry], validation: float = VALIDATION) -> list[Split]:
    """Each person in turn is the test, and nothing of theirs is in training or validation.

    Validation is of people, too, where three remain to train on, each label among theirs: those
    who come after the one left out (after the last, the first). Elsewhere it is the last
    recordings of each remaining person and label. A label that only the person left out recorded
    is not asked for. Raises UserError where there is one person.
    """
    people = sorted({entry.person for entry in entries})
    if len(people) < 2:
        raise UserError("Leaving one person out takes two people, and there is one. Record more.")
    result = []
    for i, person in enumerate(people):
        others = people[i + 1 :] + people[:i]
        known = {entry.label for entry in entries if entry.person != person}
        test = [e for e in in_order(entries) if e.person == person and e.label in known]
        if test:
            rest = [entry for entry in in_order(entries) if entry.person != person]
            train, held = _validation_of_others(rest, others, validation)
            result.append(Split(train, held, test, "subject", f"{person[1]} left out"))
    if not result:
        raise UserError("No two people recorded the same label: there is nothing to test.")
    return result


def _validation_of_others(
    rest: list[Entry], others: list[tuple[str, str]], validation: float
) -> tuple[list[Entry], list[Entry]]:
    """(training, validation) of the recordings of those who are not left out."""
    count = part_of(len(others), validation)
    held = [entry for entry in rest if entry.person in others[:count]]
    train = [entry for entry in rest if entry.person not in others[:count]]
    if len(others) - count >= MIN_SUBJECTS and labels_of(train) == labels_of(rest):
        return train, held
    return hold_back(rest, validation)


def _checked(fold: Split, entries: Sequence[Entry]) -> Split:
    for part in (fold.train, fold.validation, fold.test):
        if missing := labels_of(entries) - labels_of(part):
            label = min(missing)
            count = sum(entry.label == label for entry in entries)
            raise UserError(
                f"There are too few recordings of {label} ({count}) to divide them into folds of "
                "training, validation and test. Record at least 10 of each label."
            )
    return fold

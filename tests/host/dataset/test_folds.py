"""Every recording is tested once, and training has seen neither it nor, if asked, its maker."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_splits import make_entries, make_entry, parts

from tinygesture.dataset import Entry, Split
from tinygesture.dataset.folds import consecutive_folds, leave_one_out
from tinygesture.errors import UserError


def check(folds: list[Split], entries: list[Entry]) -> None:
    assert Counter(e.id for fold in folds for e in fold.test) == Counter(e.id for e in entries)
    for fold in folds:
        whole = Counter(e.id for part in parts(fold) for e in part)
        assert whole == Counter(e.id for e in entries)
        assert all({e.label for e in fold.train} == {e.label for e in entries} for fold in folds)
        assert fold.validation


@given(
    subjects=st.integers(1, 3),
    labels=st.integers(1, 4),
    count=st.integers(5, 12),
    folds=st.integers(2, 5),
    shuffle=st.randoms(use_true_random=False),
)
def test_consecutive_folds(
    subjects: int, labels: int, count: int, folds: int, shuffle: random.Random
) -> None:
    entries = make_entries(subjects, labels, 1, count)
    result = consecutive_folds(entries, folds)
    assert len(result) == folds
    check(result, entries)
    shuffle.shuffle(entries)
    assert consecutive_folds(entries, folds) == result
    for person, label in {(e.person, e.label) for e in entries}:
        group = [e for e in entries if (e.person, e.label) == (person, label)]
        order = sorted(group, key=lambda e: e.recorded_at)
        for fold in result:
            places = sorted(order.index(e) for e in fold.test if e in group)
            assert all(b == a + 1 for a, b in pairwise(places))
            assert len(group) // folds <= len(places) <= -(-len(group) // folds)
            held = {order.index(e) for e in fold.validation if e in group}
            after = [(places[-1] + 1 + i) % len(group) for i in range(len(held))]
            assert held == set(after)


@given(
    subjects=st.integers(2, 9),
    labels=st.integers(1, 4),
    count=st.integers(2, 6),
    validation=st.sampled_from([0.1, 0.15, 0.3]),
    shuffle=st.randoms(use_true_random=False),
)
def test_leave_one_out(
    subjects: int, labels: int, count: int, validation: float, shuffle: random.Random
) -> None:
    entries = make_entries(subjects, labels, 1, count)
    result = leave_one_out(entries, validation)
    assert len(result) == subjects
    check(result, entries)
    for fold in result:
        train, held, test = ({e.person for e in part} for part in parts(fold))
        assert len(test) == 1
        assert not test & (train | held)
        if subjects >= 5:
            assert not train & held
            assert len(train) >= 3
        if subjects <= 3:  # nobody can be spared: the others are on both sides
            assert train == held
    shuffle.shuffle(entries)
    assert leave_one_out(entries, validation) == result


def test_everybody_is_validation_as_often_as_the_others() -> None:
    result = leave_one_out(make_entries(8, 2, 1, 3))
    held = Counter(person for fold in result for person in {e.person for e in fold.validation})
    assert set(held.values()) == {1}
    assert len(held) == 8


def test_a_label_of_one_person_is_neither_lost_to_training_nor_tested() -> None:
    entries = make_entries(5, 2, 1, 4) + [make_entry(900 + i, "own", "s2") for i in range(4)]
    for fold in leave_one_out(entries):
        assert "own" not in {e.label for e in fold.test}
        if fold.description != "s2 left out":
            assert "own" in {e.label for e in fold.train}


def test_equal_names_in_two_data_sets_are_two_people() -> None:
    entries = [make_entry(i, "a", "s1", dataset=d) for d in "xyz" for i in range(3)]
    assert len(leave_one_out(entries)) == 3


def test_what_cannot_be_folded() -> None:
    with pytest.raises(UserError, match=r"too few recordings of l0 \(3\)"):
        consecutive_folds(make_entries(1, 1, 1, 3))
    with pytest.raises(UserError, match="takes two people"):
        leave_one_out(make_entries(1, 2, 1, 4))
    with pytest.raises(UserError, match="No two people recorded the same label"):
        leave_one_out(
            [make_entry(10 * s + i, f"l{s}", f"s{s}") for s in range(3) for i in range(5)]
        )

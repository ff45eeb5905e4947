"""No person, or no session, of the test is in training; every recording is on one side."""

import random
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.dataset import Entry, Split, split
from tinygesture.errors import UserError


def make_entry(
    number: int, label: str, subject: str, session: str = "1", dataset: str = "d"
) -> Entry:
    return Entry(
        label=label,
        subject=subject,
        session=session,
        board="",
        imu="",
        firmware="",
        rate_hz=119.0,
        jitter_us=0.0,
        drops=0,
        crc_errors=0,
        clipped=0,
        synthetic=True,
        recorded_at=f"2024-01-01T00:{number // 60:02}:{number % 60:02}Z",
        samples=1,
        id=f"{dataset}{number}",
        file=f"recordings/{label}/{number:04}.csv",
        dataset=dataset,
        marks="",
    )


def make_entries(subjects: int, labels: int, sessions: int, count: int) -> list[Entry]:
    keys = product(range(subjects), range(sessions), range(labels), range(count))
    return [make_entry(i, f"l{m}", f"s{s}", str(n)) for i, (s, n, m, _) in enumerate(keys)]


def parts(result: Split) -> list[list[Entry]]:
    return [result.train, result.validation, result.test]


def check(result: Split, entries: list[Entry]) -> None:
    assert Counter(e.id for part in parts(result) for e in part) == Counter(e.id for e in entries)
    assert {e.label for e in result.train} == {e.label for e in entries}
    keys = {
        "subject": lambda e: e.person,
        "session": lambda e: (e.person, e.session),
        "block": lambda e: e.id,
    }
    groups = [{keys[result.by](e) for e in part} for part in parts(result)]
    assert not groups[0] & groups[2]
    assert not groups[1] & groups[2]
    few = result.by != "block" and bool(result.test) and len(groups[0] | groups[2]) < 5
    assert not groups[0] & groups[1] or few
    assert result.flattering == (bool(groups[0] & groups[1]) and result.by != "block")


@given(
    subjects=st.integers(1, 6),
    labels=st.integers(1, 4),
    sessions=st.integers(1, 4),
    count=st.integers(4, 6),
    test=st.sampled_from([0.0, 0.1, 0.2]),
    seed=st.integers(0, 99),
    shuffle=st.randoms(use_true_random=False),
)
def test_split(
    subjects: int,
    labels: int,
    sessions: int,
    count: int,
    test: float,
    seed: int,
    shuffle: random.Random,
) -> None:
    entries = make_entries(subjects, labels, sessions, count)
    result = split(entries, validation=0.2, test=test, seed=seed)
    check(result, entries)
    assert result.validation
    assert bool(result.test) == (test > 0)
    sides = 3 if test else 2
    expected = "block"
    if subjects >= 3:
        expected = "subject"
    elif subjects * sessions >= sides:
        expected = "session"
    assert result.by == expected
    assert "\n" not in result.description
    shuffle.shuffle(entries)
    assert split(entries, validation=0.2, test=test, seed=seed) == result


def test_the_seed_matters() -> None:
    entries = make_entries(8, 2, 1, 2)
    chosen = {tuple(e.id for e in split(entries, seed=seed).validation) for seed in range(20)}
    assert len(chosen) > 5


def test_fractions_are_of_people() -> None:
    result = split(make_entries(10, 2, 1, 3), validation=0.2, test=0.1, seed=1)
    assert [len({e.person for e in part}) for part in parts(result)] == [7, 2, 1]
    assert result.description.startswith(
        "split by subject, no person of the test in training: 7 people for training"
    )


def test_of_three_people_two_are_trained_on_and_validated_with_their_last_recordings() -> None:
    result = split(make_entries(3, 2, 1, 10), validation=0.15, test=0.15)
    assert [len(part) for part in parts(result)] == [32, 8, 20]
    people = [{entry.subject for entry in part} for part in parts(result)]
    assert people[0] == people[1]
    assert len(people[2]) == 1 and not people[0] & people[2]
    for person in people[0]:
        last = [e.recorded_at for e in result.validation if e.subject == person]
        of_training = [e.recorded_at for e in result.train if e.subject == person]
        assert max(of_training) < max(last)
    assert "2 people for training, their last recordings of each label for validation" in (
        result.description
    )


def test_people_who_recorded_everything_once_are_kept_apart_all_the_same() -> None:
    result = split(make_entries(4, 3, 1, 1), validation=0.15, test=0.15)
    assert result.by == "subject"
    assert [len({entry.subject for entry in part}) for part in parts(result)] == [2, 1, 1]


def test_a_label_recorded_once_by_each_is_in_validation_too() -> None:
    entries = [e for e in make_entries(4, 2, 1, 3) if e.label == "l0" or int(e.id[1:]) % 3 == 2]
    result = split(entries, validation=0.15, test=0.15)
    assert {entry.label for entry in result.validation} == {"l0", "l1"}
    check(result, entries)


def test_people_of_one_name_in_several_data_sets_are_counted_apart() -> None:
    entries = [
        make_entry(10 * i + n, f"l{n % 2}", "ben", dataset=d)
        for i, d in enumerate("vwxyz")
        for n in range(6)
    ]
    result = split(entries, validation=0.15, test=0.15)
    assert "3 people for training, 1 for validation (ben), 1 for test (ben)" in result.description


def test_sessions_of_one_person_say_so() -> None:
    result = split(make_entries(1, 2, 5, 3), validation=0.15, test=0.15)
    assert result.by == "session"
    assert "the same people in all of them" in result.description


def test_recordings_in_time_say_who_is_on_all_sides() -> None:
    one_sitting, two = make_entries(1, 2, 1, 10), make_entries(1, 2, 2, 5)
    result = split(one_sitting, validation=0.2, test=0.2)
    assert "split by time, the same people and sessions on all sides, in the" in result.description
    result = split(two, validation=0.2, test=0.5)
    assert "split by time, the same people on all sides, in the order" in result.description
    one_after_the_other = [
        make_entry(20 * i + n, f"l{n % 2}", who) for i, who in enumerate("ab") for n in range(6)
    ]
    result = split(one_after_the_other, validation=0.25, test=0.25)
    assert "split by time, in the order recorded" in result.description


def test_a_test_without_validation() -> None:
    entries = make_entries(4, 2, 1, 3)
    result = split(entries, validation=0, test=0.25)
    check(result, entries)
    assert result.validation == []
    assert len({e.person for e in result.test}) == 1
    assert "validation" not in result.description


def test_equal_names_in_two_data_sets_are_two_people() -> None:
    entries = [make_entry(i, "a", "s1", dataset=d) for d in "xyz" for i in range(3)]
    result = split(entries)
    assert result.by == "subject"
    check(result, entries)


def test_labels_that_few_people_recorded_stay_in_training() -> None:
    entries = make_entries(4, 1, 1, 3) + [make_entry(900 + i, "rare", "s2") for i in range(3)]
    for seed in range(10):
        result = split(entries, seed=seed)
        assert result.by == "subject"
        check(result, entries)


def test_where_each_person_has_a_label_of_their_own_sessions_or_blocks_are_split() -> None:
    entries = [make_entry(10 * s + i, f"l{s}", f"s{s}") for s in range(3) for i in range(5)]
    result = split(entries)
    assert result.by == "block"
    check(result, entries)


def test_blocks_are_the_last_of_each_label() -> None:
    entries = make_entries(1, 2, 1, 10)
    result = split(entries, validation=0.2, test=0.2)
    for label in ("l0", "l1"):
        sides = [[e.recorded_at for e in part if e.label == label] for part in parts(result)]
        assert [len(side) for side in sides] == [6, 2, 2]
        assert max(sides[0]) < min(sides[1])
        assert max(sides[1]) < min(sides[2])
    assert "says little about other people" in result.description


def test_what_cannot_be_split() -> None:
    with pytest.raises(UserError, match="no recordings"):
        split([])
    with pytest.raises(UserError, match=r"too few recordings of l0 \(1\)"):
        split(make_entries(1, 1, 1, 1))
    with pytest.raises(UserError, match="Cannot split by subject: there are 1 and it takes 2"):
        split(make_entries(1, 2, 2, 4), by="subject")
    with pytest.raises(UserError, match="Cannot split by session: there are 2 and it takes 3"):
        split(make_entries(1, 2, 2, 4), by="session", test=0.2)

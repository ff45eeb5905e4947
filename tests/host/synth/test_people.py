"""A person's habits, and how they drift within a session and from day to day."""

from dataclasses import fields
from itertools import pairwise

import numpy as np

from tinygesture.synth import Item, parse_script, truth
from tinygesture.synth.arm import Arm
from tinygesture.synth.person import Person
from tinygesture.synth.rotation import inverse, rotate

PEOPLE = range(1, 61)


def habits(person: Person) -> np.ndarray:
    values = (getattr(person, field.name) for field in fields(Person))
    return np.concatenate([np.ravel(np.asarray(value, float)) for value in values])


def test_a_day_is_the_same_again_and_no_other_day_is() -> None:
    for subject in (1, 2):
        days = [habits(Person.of(subject).on_day(3, subject, day)) for day in range(6)]
        again = [habits(Person.of(subject).on_day(3, subject, day)) for day in range(6)]
        np.testing.assert_array_equal(days, again)
        assert len({day.tobytes() for day in days}) == 6
        other = habits(Person.of(subject).on_day(4, subject, 2))
        assert not np.array_equal(other, days[2])


def test_a_person_differs_less_between_days_than_from_others_and_stays_the_same_person() -> None:
    """Also after a thousand sessions, whose habits are found as fast."""
    days = [1, 2, 30, 1000, 10**8]
    all_of = np.array(
        [[habits(Person.of(subject).on_day(1, subject, day)) for day in days] for subject in PEOPLE]
    )
    between_days = all_of.std(axis=1).mean(axis=0)
    between_people = all_of.mean(axis=1).std(axis=0)
    drifting = between_days > 1e-9
    assert drifting.sum() == 13
    assert (between_days[drifting] < 0.7 * between_people[drifting]).all()


def test_near_days_are_more_alike() -> None:
    def apart(first: int, second: int) -> float:
        pairs = [
            (Person.of(s).on_day(1, s, first), Person.of(s).on_day(1, s, second)) for s in PEOPLE
        ]
        return float(np.mean([np.linalg.norm(a.grip - b.grip) for a, b in pairs]))

    assert apart(40, 41) < 0.8 * apart(40, 60)


def test_people_tire_in_their_own_way() -> None:
    fresh = [Person.of(subject) for subject in PEOPLE]
    tired = [person.after(3600) for person in fresh]
    tempo = np.array([b.tempo / a.tempo for a, b in zip(fresh, tired, strict=True)])
    size = np.array([b.size / a.size for a, b in zip(fresh, tired, strict=True)])
    assert ((tempo > 0.75) & (tempo < 0.97)).all()
    assert (size > 1.03).any()
    assert (size < 0.97).any()
    assert np.abs(np.log(size)).max() < 0.6
    for person in fresh[:3]:
        np.testing.assert_array_equal(habits(person.after(0)), habits(person))


def test_gestures_become_slower_and_pauses_longer_in_a_long_session() -> None:
    slower, rarer = [], []
    for subject in range(1, 9):
        intervals = list(truth(parse_script("punch x 400"), subject, 1))
        starts, ends = (np.array([i[which] for i in intervals]) for which in (1, 2))
        lasts, pauses = ends - starts, starts[1:] - ends[:-1]
        slower.append(lasts[-80:].mean() / lasts[:80].mean())
        rarer.append(pauses[-80:].mean() / pauses[:80].mean())
    assert np.mean(slower) > 1.015
    assert np.mean(rarer) > 1.1
    assert min(rarer) > 1.03


def test_the_pause_is_a_habit() -> None:
    """Pauses differ more between people than from one to the next."""

    def pauses(subject: int) -> np.ndarray:
        intervals = list(truth([Item("circle", None, 20)], subject, 1))
        return np.array([b.start_us - a.end_us for a, b in pairwise(intervals)]) / 1e6

    every = np.array([pauses(subject) for subject in PEOPLE])
    assert every.min() > 0.4
    assert every.max() < 4
    assert every.mean(axis=1).std() > every.std(axis=1).mean()


def test_the_grip_shifts_within_an_hour() -> None:
    """By some degrees, slowly, and differently in every hand."""
    shifts = []
    for subject in range(1, 21):
        person = Person.of(subject)
        arm = Arm(person, np.random.default_rng(1))
        t = np.arange(0, 3600.0, 1.0)
        up = rotate(inverse(arm.pose(t)[1]), np.array([0, 0, 1.0]))  # as the board sees it
        minutes = up.reshape(60, 60, 3).mean(axis=1)
        minutes /= np.linalg.norm(minutes, axis=1, keepdims=True)
        steps = angle(minutes[1:], minutes[:-1])
        assert np.median(steps) < 6
        shifts.append(angle(minutes[:5].mean(axis=0), minutes[-5:].mean(axis=0)))
    assert 2 < np.median(shifts) < 12
    assert max(shifts) < 35


def angle(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Degrees between vectors (..., 3)."""
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.degrees(np.arccos(np.clip((a * b).sum(axis=-1) / lengths, -1, 1)))

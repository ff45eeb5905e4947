"""A hand that performs: samples as a board would give them, and the truth about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Int16, Int64
from tinygesture.dataset import Interval
from tinygesture.synth.arm import Arm
from tinygesture.synth.background import BACKGROUND
from tinygesture.synth.person import Person
from tinygesture.synth.plan import Move, Plan
from tinygesture.synth.repertoire import check_label
from tinygesture.synth.script import Item
from tinygesture.synth.sensor import Part, make_part

CHUNK = 512  # samples computed at once
CUED_S = 60.0  # of a background that is cued, unless it is broken off
AFTER_S = 0.5  # a recording goes on so long after its last gesture


@dataclass(frozen=True)
class Performance:
    """t_us: int64[N] from 0; counts: int16[N, 6]; intervals: the truth about it."""

    t_us: Int64
    counts: Int16
    intervals: list[Interval]


class Hand:
    """An endless stream of samples, in constant memory; the same cues at the same samples give
    the same stream. A script is performed once, and then what is cued.

    odr_hz: nominal rate.
    """

    def __init__(
        self,
        person: Person,
        part: Part,
        seed: list[int],
        script: Sequence[Item] = (),
        since: float = 0.0,
    ) -> None:
        """since: see `Plan`. Rest alone is taken in any posture."""
        restful = bool(script) and all(item.label == "rest" for item in script)
        arm_rng = np.random.default_rng([*seed, 1])
        self._arm = Arm(person, arm_rng, tilt=25.0 if restful else 4.0, since=since)
        self._person, self._part, self._seed, self._since = person, part, seed, since
        self.odr_hz = part.imu.odr_hz
        self._cues = np.random.default_rng([*seed, 2])
        self._script = Plan(script, person, _plan_rng(seed), since)
        self._coming = iter(self._script)
        self._planned = -np.inf  # every move that begins before this second is in the calendar
        self._busy = 0.0  # when the last motion in the calendar is over
        self._goes_on = False  # a background that was cued
        self._sample = 0  # number of the next one to hand out
        self._chunk: tuple[Int64, Int16] = (np.zeros(0, np.int64), np.zeros((0, 6), np.int16))

    def cue(self, label: str) -> Interval:
        """The person sees "go" now, and performs after a reaction time: a gesture once, or a
        background until the next cue or `rest`.
        """
        self.rest()
        now = max(self._sample * self._part.period, self._busy)
        seconds = CUED_S if label in BACKGROUND else 0.0
        plan = Plan([Item(check_label(label), seconds)], self._person, self._cues, self._since, now)
        for entry in plan:
            if isinstance(entry, Move):
                self._enter(entry)
            else:
                interval = entry
        self._goes_on = label in BACKGROUND
        self._script.now = max(self._script.now, plan.now)
        self._chunk = (self._chunk[0][:0], self._chunk[1][:0])
        return interval

    def rest(self) -> None:
        """Nothing more is asked for: a background ends now, and a gesture when it is done."""
        if self._goes_on:
            self._goes_on = False
            self._busy = self._script.now = self._sample * self._part.period
            self._arm.break_off(self._busy)
            self._chunk = (self._chunk[0][:0], self._chunk[1][:0])

    def next(self, n: int) -> tuple[Int64, Int16]:
        """The following n samples: t_us int64[n], counts int16[n, 6]."""
        chunks, there = [self._chunk], len(self._chunk[0])
        while there < n:
            chunks.append(self._compute(self._sample + there))
            there += CHUNK
        t_us = np.concatenate([chunk[0] for chunk in chunks])
        counts = np.concatenate([chunk[1] for chunk in chunks])
        self._chunk = (t_us[n:], counts[n:])
        self._sample += n
        return t_us[:n], counts[:n]

    def _compute(self, first: int) -> tuple[Int64, Int16]:
        rng = np.random.default_rng([*self._seed, 3, first])
        self._plan_until((first + CHUNK) * self._part.period)
        self._arm.forget(first * self._part.period - 1.0)
        return self._part.sample(self._arm.pose, first, CHUNK, rng)

    def _plan_until(self, end: float) -> None:
        while self._planned <= end:
            entry = next(self._coming, None)
            if entry is None:
                self._planned = np.inf
            elif isinstance(entry, Move):
                self._enter(entry)
                self._planned = entry.start

    def _enter(self, move: Move) -> None:
        self._arm.plan(move)
        self._busy = max(self._busy, move.start + move.motion.duration)


class LiveHand(Hand):
    """The hand of a subject in a session, and the board that this subject has for one seed."""

    def __init__(
        self,
        subject: int,
        seed: int,
        imu: str = "lsm9ds1",
        script: Sequence[Item] = (),
        session: int = 1,
    ) -> None:
        """Raises UserError for an unknown label or IMU."""
        part = make_part(imu, seed, subject)
        super().__init__(_person(subject, seed, session), part, [seed, subject, session], script)


def truth(script: Sequence[Item], subject: int, seed: int, session: int = 1) -> Iterator[Interval]:
    """When a `LiveHand` with these arguments performs what, found out one after the other."""
    plan = Plan(script, _person(subject, seed, session), _plan_rng([seed, subject, session]))
    return (entry for entry in plan if isinstance(entry, Interval))


def record(
    script: Sequence[Item], person: Person, part: Part, seed: list[int], since: float = 0.0
) -> Performance:
    """The stream of a `Hand` from the beginning of its script to the end."""
    plan = Plan(script, person, _plan_rng(seed), since)
    intervals = [entry for entry in plan if isinstance(entry, Interval)]
    own_pace = script[-1].seconds is None and script[-1].label not in BACKGROUND
    end = plan.now + (AFTER_S if own_pace else 0.0)
    t_us, counts = Hand(person, part, seed, script, since).next(int(end / part.period) + 1)
    return Performance(t_us - t_us[0], counts, intervals)


def perform(
    script: Sequence[Item | tuple[str, float]],
    subject: int,
    seed: int,
    imu: str = "lsm9ds1",
    session: int = 1,
) -> Performance:
    """What a `LiveHand` with these arguments performs, as one recording.

    Raises UserError for an unknown label or IMU.
    """
    items = [Item(*entry) for entry in script]
    part = make_part(imu, seed, subject)
    return record(items, _person(subject, seed, session), part, [seed, subject, session])


def _person(subject: int, seed: int, session: int) -> Person:
    return Person.of(subject).on_day(seed, subject, session)


def _plan_rng(seed: list[int]) -> np.random.Generator:
    return np.random.default_rng([*seed, 0])

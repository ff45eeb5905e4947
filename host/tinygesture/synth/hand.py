"""A hand that performs: what is planned when, how the board in it moves, and what its IMU says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tinygesture.contract import Float64, Int16, Int64
from tinygesture.dataset import Interval
from tinygesture.synth import rotation
from tinygesture.synth.background import BACKGROUND, SHORTEST, bouts
from tinygesture.synth.motion import Motion
from tinygesture.synth.person import Person, varied
from tinygesture.synth.repertoire import check_label, draw
from tinygesture.synth.script import Item
from tinygesture.synth.sensor import Part, make_part
from tinygesture.synth.smooth import Sway

CHUNK = 512  # samples computed at once
BACKGROUND_S = 10.0  # of a background for which no time is given,
USUAL_S = {"rest": 1.5, "random": 1.5}  # but for these
AFTER_S = 0.5  # a recording goes on so long after its last gesture


class Move(NamedTuple):
    """A motion and the second at which it begins."""

    start: float
    motion: Motion


@dataclass(frozen=True)
class Performance:
    """t_us: int64[N] from 0; counts: int16[N, 6]; intervals: the truth about it."""

    t_us: Int64
    counts: Int16
    intervals: list[Interval]


class Plan:
    """Iterates over what is done when: each interval, followed by its moves, by their beginning.

    An item with a time is cued: it begins after a reaction, and the next one when its time is
    over, or later where the gesture lasts longer. A gesture without comes after a pause as the
    person makes them. now: when the items so far are over, in seconds.
    """

    def __init__(
        self,
        script: Sequence[Item],
        person: Person,
        rng: np.random.Generator,
        since: float = 0.0,
        now: float = 0.0,
    ) -> None:
        """since: how long the session lasts already, in seconds; it makes the person tired."""
        self.now = now
        self._script = script
        self._person = person
        self._rng = rng
        self._since = since

    def __iter__(self) -> Iterator[Interval | Move]:
        for item in self._script:
            for _ in range(item.times):
                person = self._person.after(self._since + self.now)
                if item.label in BACKGROUND:
                    yield from self._fill(item, person)
                else:
                    yield from self._gesture(item, person)

    def _gesture(self, item: Item, person: Person) -> Iterator[Interval | Move]:
        if item.seconds is None:
            wait = person.pause * varied(self._rng, 0.15)
        else:
            wait = reaction(self._rng)
        start = self.now + wait
        motion = draw(check_label(item.label), person, self._rng)
        end = start + motion.duration
        self.now = max(self.now + (item.seconds or 0.0), end)
        yield _interval(item.label, start, end)
        yield Move(start, motion)

    def _fill(self, item: Item, person: Person) -> Iterator[Interval | Move]:
        seconds = item.seconds or USUAL_S.get(item.label, BACKGROUND_S)
        start = self.now
        if item.label == "random":
            start += reaction(self._rng)
            seconds = max(seconds, start - self.now + SHORTEST)
        self.now += seconds
        yield _interval(item.label, start, self.now)
        for begin, motion in bouts(item.label, self.now - start, person, self._rng):
            yield Move(start + begin, motion)


class Arm:
    """Posture, drift and tremor of one person on one occasion, and the motions in its calendar."""

    def __init__(
        self, person: Person, rng: np.random.Generator, tilt: float = 4.0, since: float = 0.0
    ) -> None:
        """tilt: standard deviation, in degrees, of how the hand is held this time."""
        self._person = person
        self._since = since
        self._posture = person.posture + rng.normal(0, np.radians(tilt), 3)
        if person.left_handed:
            self._posture = self._posture * np.array([-1, 1, -1])
        self._grip = person.grip + rng.normal(0, np.radians(2), 3)
        self._shifting = Sway.draw(rng, 0.002, 0.01, np.radians([2, 2, 2]))
        # A slow drift, and the physiological tremor of 8 to 12 Hz: about 5 mg and 1 °/s.
        self._drift = Sway.draw(rng, 0.03, 0.12, np.array([0.01] * 3 + [np.radians(5)] * 3))
        tremor = np.array([1.2e-5] * 3 + [np.radians(0.02)] * 3) * person.tremor
        self._tremor = Sway.draw(rng, 8.0, 12.0, tremor)
        self._calendar: list[Move] = []

    def plan(self, move: Move) -> None:
        self._calendar.append(move)

    def forget(self, before: float) -> None:
        """Motions that ended before this time play no part any more."""
        self._calendar = [m for m in self._calendar if m.start + m.motion.duration > before]

    def pose(self, t: Float64) -> tuple[Float64, Float64]:
        """Where the board is at the times t [N], s: metres [N, 3] and its rotation [N, 4]."""
        tired = self._person.tired(self._since + t)[:, None]
        sway = self._drift(t) + self._tremor(t) * (1 + 0.6 * tired)
        held = rotation.from_angles(self._posture + sway[:, 3:])
        position, turned = sway[:, :3], held
        for start, motion in self._calendar:
            moving = np.flatnonzero((t > start) & (t < start + motion.duration))
            if len(moving):
                offset, angles = motion.offsets(t[moving] - start)
                turn = rotation.from_angles(angles)
                lever = np.array([motion.lever, 0.0, 0.0])
                position[moving] += offset + rotation.rotate(turn, lever) - lever
                turned[moving] = rotation.multiply(turn, held[moving])
        grip = self._grip + self._shifting(t) + self._person.slipping * tired
        return position, rotation.multiply(turned, rotation.from_vector(grip))


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
        self._sample = 0  # number of the next one to hand out
        self._chunk: tuple[Int64, Int16] = (np.zeros(0, np.int64), np.zeros((0, 6), np.int16))

    def cue(self, label: str) -> Interval:
        """The person sees "go" now, performs once after a reaction time, and rests again."""
        now = max(self._sample * self._part.period, self._busy)
        plan = Plan([Item(check_label(label), 0.0)], self._person, self._cues, self._since, now)
        for entry in plan:
            if isinstance(entry, Move):
                self._enter(entry)
            else:
                interval = entry
        self._script.now = max(self._script.now, plan.now)
        self._chunk = (self._chunk[0][:0], self._chunk[1][:0])
        return interval

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


def reaction(rng: np.random.Generator) -> float:
    """Seconds from "go" to the first movement."""
    return float(rng.uniform(0.15, 0.35))


def _person(subject: int, seed: int, session: int) -> Person:
    return Person.of(subject).on_day(seed, subject, session)


def _plan_rng(seed: list[int]) -> np.random.Generator:
    return np.random.default_rng([*seed, 0])


def _interval(label: str, start: float, end: float) -> Interval:
    return Interval(label, round(start * 1e6), round(end * 1e6))

"""A hand that performs: a script as one recording, or live for a virtual board."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tinygesture.contract import Float64, Int16, Int64
from tinygesture.errors import UserError
from tinygesture.synth import rotation
from tinygesture.synth.gestures import Motion, check_label, draw
from tinygesture.synth.person import Person
from tinygesture.synth.sensor import IMUS, Part, feel
from tinygesture.synth.smooth import Sway

CHUNK = 512  # samples computed at once for a live stream


class Interval(NamedTuple):
    """When a gesture was performed: microseconds on the clock of the samples."""

    label: str
    start_us: int
    end_us: int


@dataclass(frozen=True)
class Performance:
    """t_us: int64[N] from 0; counts: int16[N, 6]; intervals: the truth about it."""

    t_us: Int64
    counts: Int16
    intervals: list[Interval]


class Arm:
    """Posture, drift and tremor of one person on one occasion, and the motions in its calendar."""

    def __init__(self, person: Person, rng: np.random.Generator, tilt: float = 4.0) -> None:
        """tilt: standard deviation, in degrees, of how the hand is held this time."""
        self._posture = person.posture + rng.normal(0, np.radians(tilt), 3)
        if person.left_handed:
            self._posture = self._posture * np.array([-1, 1, -1])
        self._grip = rotation.from_vector(person.grip + rng.normal(0, np.radians(2), 3))
        # A slow drift, and the physiological tremor of 8 to 12 Hz: about 5 mg and 1 °/s.
        self._drift = Sway.draw(rng, 0.03, 0.12, np.array([0.01] * 3 + [np.radians(5)] * 3))
        tremor = np.array([1.2e-5] * 3 + [np.radians(0.02)] * 3) * person.tremor
        self._tremor = Sway.draw(rng, 8.0, 12.0, tremor)
        self._calendar: list[tuple[float, Motion]] = []

    def plan(self, start: float, motion: Motion) -> None:
        self._calendar.append((start, motion))

    def forget(self, before: float) -> None:
        """Motions that ended before this time play no part any more."""
        self._calendar = [(s, m) for s, m in self._calendar if s + m.duration > before]

    def pose(self, t: Float64) -> tuple[Float64, Float64]:
        """Where the board is at the times t [N], s: metres [N, 3] and its rotation [N, 4]."""
        sway = self._drift(t) + self._tremor(t)
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
        return position, rotation.multiply(turned, self._grip)


def reaction(rng: np.random.Generator) -> float:
    """Seconds from "go" to the first movement."""
    return float(rng.uniform(0.15, 0.35))


def imu_part(imu: str, rng: np.random.Generator) -> Part:
    if imu not in IMUS:
        raise UserError(f"There is no IMU {imu!r} to simulate. Use one of {', '.join(IMUS)}.")
    return Part(IMUS[imu], rng)


def record(
    script: Sequence[tuple[str, float]], person: Person, part: Part, rng: np.random.Generator
) -> Performance:
    """`perform` with a person and an IMU at hand."""
    restful = all(label == "rest" for label, _ in script)
    arm = Arm(person, rng, tilt=25.0 if restful else 4.0)
    intervals = []
    now = 0.0
    for label, seconds in script:
        start = now if label == "rest" else now + reaction(rng)
        motion = draw(check_label(label), person, rng, seconds - (start - now))
        arm.plan(start, motion)
        end = start + motion.duration
        intervals.append(Interval(label, round(start * 1e6), round(end * 1e6)))
        now = max(now + seconds, end)
    true, t_us = part.stamp(0, int(now / part.period) + 1, rng)
    counts = part.counts(feel(arm.pose, true), rng)
    return Performance(t_us - t_us[0], counts, intervals)


def perform(
    script: Sequence[tuple[str, float]], subject: int, seed: int, imu: str = "lsm9ds1"
) -> Performance:
    """The subject sees "go" for one (label, seconds) after the other and performs it.

    An item lasts its seconds, or longer where the gesture does. Rest alone is taken in any
    posture. Raises UserError for an unknown label or IMU.
    """
    rng = np.random.default_rng([seed, subject])
    return record(script, Person.of(subject), imu_part(imu, rng), rng)


class LiveHand:
    """An endless stream; the same cues at the same samples give the same stream.

    odr_hz: nominal rate; intervals: the truth about what was and will be performed.
    """

    def __init__(
        self, subject: int, seed: int, imu: str = "lsm9ds1", script: Sequence[str] = ()
    ) -> None:
        """script: labels to perform once, with pauses, before any cue."""
        self._seed = [seed, subject]
        self._rng = np.random.default_rng([*self._seed, 0])
        self._part = imu_part(imu, self._rng)
        self._person = Person.of(subject)
        self._arm = Arm(self._person, self._rng)
        self.odr_hz = IMUS[imu].odr_hz
        self.intervals: list[Interval] = []
        self._free = 0.0  # seconds, when the last planned motion is over
        self._sample = 0  # number of the next one to hand out
        self._chunk: tuple[Int64, Int16] = (np.zeros(0, np.int64), np.zeros((0, 6), np.int16))
        for label in script:
            self._plan(label, self._free + self._rng.uniform(0.8, 1.4))

    def cue(self, label: str) -> None:
        """The person sees "go" now, performs once after a reaction time, and rests again."""
        now = self._sample * self._part.period
        self._plan(label, max(now, self._free) + reaction(self._rng))
        self._chunk = (self._chunk[0][:0], self._chunk[1][:0])

    def next(self, n: int) -> tuple[Int64, Int16]:
        """The following n samples: t_us int64[n], counts int16[n, 6]."""
        t_us, counts = self._chunk
        while len(t_us) < n:
            more = self._compute(self._sample + len(t_us))
            t_us = np.concatenate([t_us, more[0]])
            counts = np.concatenate([counts, more[1]])
        self._chunk = (t_us[n:], counts[n:])
        self._sample += n
        return t_us[:n], counts[:n]

    def _plan(self, label: str, start: float) -> None:
        motion = draw(check_label(label), self._person, self._rng, None)
        self._arm.plan(start, motion)
        self._free = start + motion.duration
        self.intervals.append(Interval(label, round(start * 1e6), round(self._free * 1e6)))

    def _compute(self, first: int) -> tuple[Int64, Int16]:
        rng = np.random.default_rng([*self._seed, 1, first])
        true, t_us = self._part.stamp(first, CHUNK, rng)
        self._arm.forget(true[0] - 1.0)
        return t_us, self._part.counts(feel(self._arm.pose, true), rng)

"""People: what stays the same when the same subject performs again, and how that drifts."""

from dataclasses import dataclass, replace

import numpy as np

from tinygesture.contract import Float64

TIRES_S = 1200.0  # the time constant of tiring
KEEPS = 0.8  # of a day's mood that is left on the next one
_PEOPLE, _DAYS = 0x5AB1EC7, 0xDA75


@dataclass(frozen=True)
class Person:
    """A subject, drawn from its number alone.

    size and tempo: 1 is average; forearm: elbow to board in m; posture: roll, nose up and yaw of
    the hand at rest, grip: the board's tilt in the hand, rad; tremor: 1 is average; twist, wrist,
    lift, lean: habits, about normally distributed; swings: to and fro of a wave; pause: usual
    seconds between two gestures.
    What becomes of these in the long run of a session: flagging: how the logarithm of size
    changes (some gestures grow large and careless, others small); slipping: how the grip does,
    rad; stamina: 1 is average, more tires less.
    """

    size: float
    tempo: float
    forearm: float
    left_handed: bool
    posture: Float64
    grip: Float64
    tremor: float
    twist: float
    wrist: float
    lift: float
    lean: float
    swings: float
    pause: float
    flagging: float
    slipping: Float64
    stamina: float

    @classmethod
    def of(cls, subject: int) -> "Person":
        rng = np.random.default_rng([_PEOPLE, subject])
        size, tempo, forearm = np.exp(np.clip(rng.normal(0, 1, 3), -1.8, 1.8) * [0.14, 0.1, 0.08])
        habits = np.clip(rng.normal(0, 1, 4), -2, 2)
        return cls(
            size=float(size),
            tempo=float(tempo),
            forearm=0.30 * float(forearm),
            left_handed=bool(rng.random() < 0.12),
            posture=rng.normal(0, 1, 3) * np.radians([12, 9, 8]) + np.radians([0, 12, 0]),
            grip=rng.normal(0, 1, 3) * np.radians([9, 7, 9]),
            tremor=float(np.exp(rng.normal(0, 0.3))),
            twist=float(habits[0]),
            wrist=float(habits[1]),
            lift=float(habits[2]),
            lean=float(habits[3]),
            swings=float(rng.uniform(2.0, 2.6)),
            pause=1.2 * varied(rng, 0.2),
            flagging=float(rng.normal(-0.04, 0.1)),
            slipping=rng.normal(0, 1, 3) * np.radians([5, 4, 5]),
            stamina=varied(rng, 0.3),
        )

    def on_day(self, seed: int, subject: int, session: int) -> "Person":
        """The same person in session 1, 2, ...: habits wander from day to day, and come back.

        Each day keeps a part of the mood of the last one, so that near sessions are alike.
        """
        mood = np.zeros(13)
        for day in range(max(1, session - 60), session + 1):  # what was before is forgotten
            rng = np.random.default_rng([_DAYS, seed, subject, day])
            mood = KEEPS * mood + np.sqrt(1 - KEEPS**2) * rng.normal(0, 1, 13)
        return replace(
            self,
            size=self.size * float(np.exp(0.05 * mood[0])),
            tempo=self.tempo * float(np.exp(0.04 * mood[1])),
            posture=self.posture + np.radians([5, 4, 4]) * mood[2:5],
            grip=self.grip + np.radians([4, 3, 4]) * mood[5:8],
            twist=self.twist + 0.25 * float(mood[8]),
            wrist=self.wrist + 0.25 * float(mood[9]),
            lift=self.lift + 0.25 * float(mood[10]),
            lean=self.lean + 0.25 * float(mood[11]),
            pause=self.pause * float(np.exp(0.1 * mood[12])),
        )

    def after(self, seconds: float) -> "Person":
        """The same person that long into a session: slower, larger or smaller, with more tremor."""
        tired = float(self.tired(np.array(seconds)))
        return replace(
            self,
            size=self.size * float(np.exp(self.flagging * tired)),
            tempo=self.tempo * (1 - 0.1 * tired),
            tremor=self.tremor * (1 + 0.6 * tired),
            pause=self.pause * (1 + 0.5 * tired),
        )

    def tired(self, seconds: Float64) -> Float64:
        """From 0 at the beginning of a session towards 1 / stamina."""
        return np.asarray((1 - np.exp(-np.maximum(seconds, 0) / TIRES_S)) / self.stamina)


def varied(rng: np.random.Generator, deviation: float) -> float:
    """A factor about 1, as from one repetition to the next."""
    return float(np.exp(np.clip(rng.normal(0, deviation), -2.5 * deviation, 2.5 * deviation)))

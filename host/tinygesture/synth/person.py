"""People: what stays the same when the same subject performs again."""

from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Float64


@dataclass(frozen=True)
class Person:
    """A subject, drawn from its number alone.

    size and tempo: 1 is average; forearm: elbow to board in m; posture: roll, nose up and yaw of
    the hand at rest, grip: the board's tilt in the hand, rad; tremor: 1 is average; twist, wrist,
    lift, lean: habits, about normally distributed; swings: to and fro of a wave.
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

    @classmethod
    def of(cls, subject: int) -> "Person":
        rng = np.random.default_rng([0x5AB1EC7, subject])
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
        )


def varied(rng: np.random.Generator, deviation: float) -> float:
    """A factor about 1, as from one repetition to the next."""
    return float(np.exp(np.clip(rng.normal(0, deviation), -2.5 * deviation, 2.5 * deviation)))

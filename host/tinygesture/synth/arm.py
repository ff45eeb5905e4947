"""Where the board is at any time: posture, grip, drift and tremor, and the motions of the arm."""

import numpy as np

from tinygesture.contract import Float64
from tinygesture.synth import rotation
from tinygesture.synth.motion import broken_off
from tinygesture.synth.person import Person
from tinygesture.synth.plan import Move
from tinygesture.synth.smooth import Sway


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

    def break_off(self, now: float) -> None:
        """Whatever goes on now ends, and what was planned for later is not done."""
        self._calendar = [
            Move(start, broken_off(motion, now - start))
            for start, motion in self._calendar
            if start < now
        ]

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

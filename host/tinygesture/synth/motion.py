"""What a hand does for a while: a motion away from its posture and back to it.

Axes: x forward, y left, z up, as a right-handed person sees them; metres, radians and seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Float64
from tinygesture.synth.smooth import Sway, plateau, ramp

Offsets = Callable[[Float64], tuple[Float64, Float64]]


@dataclass(frozen=True)
class Motion:
    """A motion away from the hand's posture and back to it.

    offsets: seconds since its beginning [N] -> (position [N, 3], angles [N, 3]: roll, nose up and
    yaw); zero, with two derivatives, outside of 0..duration. lever: metres from elbow to board
    where the angles turn the forearm, 0 where they turn the hand only.
    """

    duration: float
    offsets: Offsets
    lever: float = 0.0


def still(duration: float) -> Motion:
    return Motion(duration, lambda t: (np.zeros((len(t), 3)), np.zeros((len(t), 3))))


def wobbling(motion: Motion, tremor: float, rng: np.random.Generator) -> Motion:
    """The same motion with what an arm adds to any plan: wobble, and the roughness of muscles.

    tremor: 1 is an average person's. The roughness, about 0.1 g and 8 °/s from 5 to 50 Hz, falls
    with the frequency as the spectra of recordings do (docs/synthetic.md).
    """
    wobble = Sway.draw(rng, 1.5, 6.0, np.array([0.002] * 3 + [np.radians(1.0)] * 3))
    scale = np.exp(rng.normal(0, 0.05, 6))
    rms = tremor * np.array([5.0] * 3 + [28.0] * 3)  # m/s² and rad/s²
    rough = Sway.draw_vibration(rng, 5.0, 50.0, rms, count=16, fall=1.5)

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        position, angles = motion.offsets(t)
        extra = (wobble(t) + rough(t)) * plateau(t / motion.duration, 0.4)[:, None]
        return position * scale[:3] + extra[:, :3], angles * scale[3:] + extra[:, 3:]

    return Motion(motion.duration, offsets, motion.lever)


def mirrored(motion: Motion) -> Motion:
    """A left-handed person's motion is that of a right-handed one in a mirror."""

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        position, angles = motion.offsets(t)
        return position * np.array([1, -1, 1]), angles * np.array([-1, 1, -1])

    return Motion(motion.duration, offsets, motion.lever)


def broken_off(motion: Motion, at: float) -> Motion:
    """The same motion, given up `at` seconds after its beginning."""
    position, _ = motion.offsets(np.array([at]))
    takes = max(0.3, float(np.sqrt(1.2 * np.linalg.norm(position))))  # up to about 0.5 g

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        position, angles = motion.offsets(t)
        left = 1 - ramp((t - at) / takes)[:, None]
        return position * left, angles * left

    return Motion(min(motion.duration, at + takes), offsets, motion.lever)

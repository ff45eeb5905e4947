"""The motions that the virtual hand can perform, each drawn anew for every repetition.

Axes: x forward, y left, z up, as a right-handed person sees them; metres, radians and seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Float64
from tinygesture.errors import UserError
from tinygesture.synth.fidgets import Offsets, idle_motion
from tinygesture.synth.person import Person, varied
from tinygesture.synth.smooth import Sway, bump, out_and_back, plateau, ramp

SHORTEST, LONGEST = 0.7, 1.15  # seconds, so that reaction and gesture fit into a recording of 1.5


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


def circle(person: Person, rng: np.random.Generator) -> Motion:
    """One turn in front of the body, clockwise as the person sees it."""
    duration = _duration(1.0, person, rng)
    across = 0.11 * person.size * varied(rng, 0.1)
    upward = across * (1 + 0.12 * person.lift) * varied(rng, 0.06)
    begin = np.pi / 2 + 0.3 * person.lean + rng.normal(0, 0.15)
    depth = 0.2 * person.lean + rng.normal(0, 0.1)
    turned = 1.5 * (1 + 0.25 * person.wrist) * varied(rng, 0.1) / 0.35
    rolled = 0.4 * person.twist + rng.normal(0, 0.15)
    warp = rng.normal(0, 0.04)
    turns = -1 if person.left_handed else 1  # clockwise again in the mirror

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        u = np.clip(t / duration, 0, 1)
        angle = begin - turns * 2 * np.pi * ramp(u + warp * bump(u))
        left = -across * (np.cos(angle) - np.cos(begin))
        up = upward * (np.sin(angle) - np.sin(begin))
        position = np.stack([depth * left, left, up], axis=1)
        return position, np.stack([-rolled * left / 0.25, turned * up, turned * left], axis=1)

    return Motion(duration, offsets)


def punch(person: Person, rng: np.random.Generator) -> Motion:
    """Straight ahead and back, the fist turning as it goes."""
    duration = _duration(0.75, person, rng)
    out, hold = 0.38 * duration, rng.uniform(0.04, 0.12) * duration
    back = duration - out - hold
    reach = 0.29 * person.size * varied(rng, 0.1)
    drawn = 0.012 * person.size * varied(rng, 0.3)
    rise = 0.06 + 0.05 * person.lift + rng.normal(0, 0.02)
    aside = 0.04 * person.lean + rng.normal(0, 0.02)
    turn = np.radians(55 + 22 * person.twist + rng.normal(0, 8))
    nose = np.radians(8 * person.wrist + rng.normal(0, 5))

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        s = out_and_back(t, out, hold, back)
        x = reach * s - drawn * bump(t / (0.7 * out))
        position = np.stack([x, aside * s, rise * s], axis=1)
        return position, np.stack([turn * s, nose * s, 0.15 * turn * s], axis=1)

    return Motion(duration, offsets)


def flex(person: Person, rng: np.random.Generator) -> Motion:
    """The forearm goes up about the elbow and down again."""
    duration = _duration(0.95, person, rng)
    out, hold = 0.44 * duration, rng.uniform(0.03, 0.12) * duration
    back = duration - out - hold
    bend = np.radians(88 + 8 * person.lift) * person.size**0.4 * varied(rng, 0.08)
    turn = np.radians(-18 + 14 * person.twist + rng.normal(0, 6))
    aside = np.radians(8 * person.lean + rng.normal(0, 4))

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        s = out_and_back(t, out, hold, back)
        angles = np.stack([turn * s, bend * s, aside * s], axis=1)
        return 0.05 * s[:, None] * np.array([-1.0, 0.0, 0.6]), angles

    return Motion(duration, offsets, lever=person.forearm)


def wave(person: Person, rng: np.random.Generator) -> Motion:
    """The forearm is raised a little and swings from side to side about twice."""
    duration = _duration(1.05, person, rng)
    raised = np.radians(32 + 6 * person.lift + rng.normal(0, 4))
    first = 1 if person.lean > 0 else -1  # the side to which it goes first
    swing = first * np.radians(24 + 2 * person.wrist) * person.size**0.5 * varied(rng, 0.1)
    rolled = 0.25 * person.twist + rng.normal(0, 0.08)
    swings = person.swings * varied(rng, 0.04)

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        u = np.clip(t / duration, 0, 1)
        side = swing * plateau(u, 0.25) * np.sin(2 * np.pi * swings * (u - 0.08))
        angles = np.stack([rolled * side, raised * plateau(u, 0.33), side], axis=1)
        return np.zeros((len(t), 3)), angles

    return Motion(duration, offsets, lever=0.7 * person.forearm)  # partly from the wrist


GESTURES: dict[str, Callable[[Person, np.random.Generator], Motion]] = {
    "circle": circle,
    "punch": punch,
    "flex": flex,
    "wave": wave,
}
LABELS = (*GESTURES, "rest", "random")


def check_label(label: str) -> str:
    """`label` if the virtual hand can perform it; UserError otherwise."""
    if label in LABELS:
        return label
    raise UserError(
        f"The virtual hand cannot perform {label!r}. It knows {', '.join(LABELS)}; use one of "
        "these, or play recordings."
    )


def draw(label: str, person: Person, rng: np.random.Generator, seconds: float | None) -> Motion:
    """One performance of `label`; rest and random motion last `seconds` (None: a while)."""
    if label == "rest":
        return Motion(seconds or 1.5, _still)
    if label == "random":
        duration = max(seconds or 0.0, rng.uniform(1.0, 1.6))
        return _mirrored(Motion(duration, idle_motion(duration, rng)), person)
    return _mirrored(_human(GESTURES[label](person, rng), rng), person)


def _duration(seconds: float, person: Person, rng: np.random.Generator) -> float:
    return float(np.clip(seconds / person.tempo * varied(rng, 0.07), SHORTEST, LONGEST))


def _still(t: Float64) -> tuple[Float64, Float64]:
    return np.zeros((len(t), 3)), np.zeros((len(t), 3))


def _human(motion: Motion, rng: np.random.Generator) -> Motion:
    """The same motion with the wobble that an arm adds to any plan."""
    rms = np.array([0.002] * 3 + [np.radians(1.0)] * 3)
    wobble = Sway.draw(rng, 1.5, 6.0, rms)
    scale = np.exp(rng.normal(0, 0.05, 6))

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        position, angles = motion.offsets(t)
        extra = wobble(t) * plateau(t / motion.duration, 0.4)[:, None]
        return position * scale[:3] + extra[:, :3], angles * scale[3:] + extra[:, 3:]

    return Motion(motion.duration, offsets, motion.lever)


def _mirrored(motion: Motion, person: Person) -> Motion:
    """A left-handed person's motion is that of a right-handed one in a mirror."""
    if not person.left_handed:
        return motion

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        position, angles = motion.offsets(t)
        return position * np.array([1, -1, 1]), angles * np.array([-1, 1, -1])

    return Motion(motion.duration, offsets, motion.lever)

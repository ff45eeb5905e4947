"""Gestures, each drawn anew for every repetition.

Axes: x forward, y left, z up, as a right-handed person sees them; metres, radians and seconds.
"""

from collections.abc import Callable

import numpy as np

from tinygesture.contract import Float64
from tinygesture.synth.motion import Motion
from tinygesture.synth.person import Person, varied
from tinygesture.synth.smooth import bump, out_and_back, plateau, ramp, ramp_integral

SHORTEST, LONGEST = 0.7, 1.15  # seconds, so that reaction and gesture fit into a recording of 1.5


def circle(person: Person, rng: np.random.Generator) -> Motion:
    """One turn in front of the body, clockwise as the person sees it."""
    duration = _duration(1.0, person, rng)
    across = 0.10 * person.size * varied(rng, 0.1)
    upward = across * (1 + 0.12 * person.lift) * varied(rng, 0.06)
    begin = np.pi / 2 + 0.3 * person.lean + rng.normal(0, 0.15)
    depth = 0.2 * person.lean + rng.normal(0, 0.1)
    turned = 1.9 * (1 + 0.25 * person.wrist) * varied(rng, 0.1) / 0.35
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
    turn = np.radians(75 + 22 * person.twist + rng.normal(0, 8))
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


def up_down(person: Person, rng: np.random.Generator) -> Motion:
    """The hand goes up and comes down again, without a stop."""
    return _there_and_back(person, rng, way=[0.03, 0.02, 0.33], turn=[0.1, 1.1, 0.1])


def left_right(person: Person, rng: np.random.Generator) -> Motion:
    """The hand goes to the left and comes back to the right, without a stop."""
    return _there_and_back(person, rng, way=[0.03, 0.3, 0.01], turn=[-0.3, 0.1, 1.6])


def _there_and_back(
    person: Person, rng: np.random.Generator, way: list[float], turn: list[float]
) -> Motion:
    """way: metres; turn: roll, nose up and yaw in rad; of an average person."""
    duration = _duration(0.78, person, rng)
    warp = rng.normal(0, 0.05)
    habit = 0.05 * np.array([0.7 * person.lean, 0.5 * person.lean, 0.5 * person.lift])
    reach = (np.array(way) + habit) * person.size * varied(rng, 0.1)
    twist = np.array([0.2 * person.twist, 0.12 * person.wrist, 0.1 * person.lean])
    angles = (np.array(turn) + twist) * varied(rng, 0.1) + rng.normal(0, 0.05, 3)

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        u = np.clip(t / duration, 0, 1)
        s = bump(u + warp * bump(u))[:, None]
        return s * reach, s * angles

    return Motion(duration, offsets)


def shake(person: Person, rng: np.random.Generator) -> Motion:
    """As one shakes a bottle: up and down about five times a second."""
    duration = _duration(1.0, person, rng)
    often = 4.8 * person.tempo * varied(rng, 0.06)
    size = person.size**0.5 * varied(rng, 0.12)
    way = size * np.array([0.010, 0.006 * person.lean, 0.022 + 0.003 * person.lift])
    turn = size * np.radians([8 * person.twist, 14 + 4 * person.wrist, 5 * person.lean])
    begin = rng.uniform(0, 2 * np.pi)

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        u = np.clip(t / duration, 0, 1)
        s = (plateau(u, 0.25) * np.sin(2 * np.pi * often * t + begin))[:, None]
        return s * way, s * turn

    return Motion(duration, offsets)


def clap(person: Person, rng: np.random.Generator) -> Motion:
    """The hand meets the other one twice, is stopped within some hundredths, and rebounds."""
    duration = _duration(0.9, person, rng)
    begins = np.array([0.0, rng.uniform(0.47, 0.53) * duration])
    lasts = np.diff(begins, append=duration)
    apart = 0.09 * person.size * varied(rng, 0.1) * np.array([1, varied(rng, 0.1)])
    stop = rng.uniform(0.016, 0.026)  # seconds of the impact
    rise = 0.2 * person.lift + rng.normal(0, 0.1)
    turn = np.radians([25 + 8 * person.twist, 4 * person.wrist, 14 + 4 * person.lean])
    turn = turn * varied(rng, 0.1)

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        together = _collide((t[:, None] - begins) / lasts, stop / lasts)
        s = (together @ (apart / 0.09))[:, None]
        return 0.09 * s * np.array([0.1, 1.0, rise]), s * turn

    return Motion(duration, offsets)


def _collide(u: Float64, stop: Float64) -> Float64:
    """From 0 to about 1, faster and faster; stopped within `stop`; and from there back to 0.

    u: 0..1 [N, K]; the impact begins at 0.33. The speed is a sum of three ramps.
    """
    gather, impact, slow = 0.30, 0.33, 0.6  # speed comes up from 0 to 0.30, and fades from 0.6 on
    rebound = (impact + stop / 2 - gather / 2) / ((slow + 1) / 2 - impact - stop / 2)
    speed = 1 / (impact - gather / 2)
    way = gather * ramp_integral(u / gather)
    way = way - (1 + rebound) * stop * ramp_integral((u - impact) / stop)
    way = way + rebound * (1 - slow) * ramp_integral((u - slow) / (1 - slow))
    return np.asarray(np.where((u > 0) & (u < 1), speed * way, 0.0))


GESTURES: dict[str, Callable[[Person, np.random.Generator], Motion]] = {
    "circle": circle,
    "punch": punch,
    "flex": flex,
    "wave": wave,
    "up-down": up_down,
    "left-right": left_right,
    "shake": shake,
    "clap": clap,
}


def _duration(seconds: float, person: Person, rng: np.random.Generator) -> float:
    return float(np.clip(seconds / person.tempo * varied(rng, 0.07), SHORTEST, LONGEST))

"""What goes on for minutes and hours while nobody makes a gesture, in bouts of seconds.

A bout is a `Motion` of its own, drawn when its time comes: hours need no more memory than seconds.
"""

from collections.abc import Callable, Iterator

import numpy as np

from tinygesture.contract import Float64
from tinygesture.synth.fidgets import idle_motion
from tinygesture.synth.motion import Motion, mirrored, still
from tinygesture.synth.person import Person, varied
from tinygesture.synth.smooth import Sway, bump, plateau

SHORTEST = 1.0  # seconds of a bout, but for one that has less time for itself alone

Bout = tuple[float, Motion]  # seconds after the beginning


def walk(duration: float, person: Person, rng: np.random.Generator) -> Motion:
    """Steps about twice a second, each with a heel's strike; the arm swings once for two."""
    pace = 1.9 * person.tempo * varied(rng, 0.06)
    begin = rng.uniform(0, 2 * np.pi)
    hurry = Sway.draw(rng, 0.05, 0.3, np.array([0.5]))
    bounce = 0.014 * person.size * varied(rng, 0.2)
    heel = 0.0012 * varied(rng, 0.4)
    swing = np.radians(14) * person.size * varied(rng, 0.3)
    habits = np.array([0.25 * person.twist, 1.0, 0.2 * person.lean])
    sway = Sway.draw(rng, 0.3, 2.0, np.array([0.003] * 3 + [0.02] * 3))

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        step = 2 * np.pi * pace * t + begin + hurry(t)[:, 0]
        strike = np.exp(12 * (np.cos(step) - 1))  # about 0.1 s of each step
        arm = np.sin(step / 2)
        up = bounce * np.sin(step + 1.0) + heel * strike
        both = sway(t) + np.stack(
            [0.12 * swing * arm, 0.006 * np.cos(step / 2), up, *(swing * np.outer(habits, arm))],
            axis=1,
        )
        return _framed(both, t, duration, 0.7)

    return Motion(duration, offsets)


def type_keys(duration: float, person: Person, rng: np.random.Generator) -> Motion:
    """Keystrokes, some a second, and the hand's way from key to key."""
    often = rng.uniform(2.5, 6.0) * person.tempo  # strokes a second by this hand
    count = max(1, round(often * duration))
    times = np.sort(rng.uniform(0, duration, count))
    takes = rng.uniform(0.06, 0.1, count)
    depth = 2.5e-4 * np.exp(rng.normal(0, 0.4, count))
    knock = depth[:, None] * np.array([0.3, 0.0, -1.0, 0.0, -25.0, 0.0])  # metres, and rad for it
    knock[:, [1, 3]] = depth[:, None] * rng.normal(0, [0.4, 15.0], (count, 2))
    reach = Sway.draw(rng, 0.2, 1.5, np.array([0.004, 0.012, 0.002, 0.03, 0.02, 0.04]))

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        near = times + takes > t[0], times < t[-1]
        now = np.flatnonzero(near[0] & near[1])
        both = reach(t) + bump((t[:, None] - times[now]) / takes[now]) @ knock[now]
        return _framed(both, t, duration, 0.4)

    return Motion(duration, offsets)


def travel(duration: float, person: Person, rng: np.random.Generator) -> Motion:
    """A bus or a car: vibration, sway, brakes and slow turns, all felt by the hand in it."""
    rough = varied(rng, 0.5)
    road = np.array([0.15, 0.15, 0.3, 0.6, 0.6, 0.3]) * rough  # m/s² and rad/s²
    sway = np.array([0.2, 0.25, 0.35, 0.5, 0.4, 0.2]) * rough
    vibration = Sway.draw_vibration(rng, 5.0, 30.0, road, count=12)
    rocking = Sway.draw_vibration(rng, 0.8, 2.5, sway)
    count = max(1, round(duration / 6))
    takes = np.minimum(rng.uniform(4.0, 9.0, count), 0.9 * duration)
    times = rng.uniform(0, duration - takes)
    brakes = rng.normal(0, 0.05, count) * takes**2  # metres; up to about 0.2 g
    turns = rng.normal(0, 0.35, count)  # radians, out of the straight and back into it
    aside = turns * takes**2 * 0.08

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        events = bump((t[:, None] - times) / takes)
        both = vibration(t) + rocking(t)
        both[:, 0] += events @ brakes
        both[:, 1] += events @ aside
        both[:, 5] += events @ turns
        return _framed(both, t, duration, 1.0)

    return Motion(duration, offsets)


def fidget(duration: float, person: Person, rng: np.random.Generator) -> Motion:
    return Motion(duration, idle_motion(duration, rng))


def rest(duration: float, person: Person, rng: np.random.Generator) -> Motion:
    return still(duration)


def _framed(both: Float64, t: Float64, duration: float, edge: float) -> tuple[Float64, Float64]:
    """Position and angles, zero at both ends of 0..duration; edge: seconds, of a long motion."""
    both = both * plateau(t / duration, min(edge / duration, 0.15))[:, None]
    return both[:, :3], both[:, 3:]


KINDS: dict[str, tuple[Callable[[float, Person, np.random.Generator], Motion], float, float]] = {
    "rest": (rest, 5.0, 15.0),  # a bout lasts from .. to seconds
    "random": (fidget, 1.0, 1.6),
    "walk": (walk, 6.0, 20.0),
    "type": (type_keys, 2.0, 8.0),
    "travel": (travel, 10.0, 25.0),
}
MIXED = "background"
BACKGROUND = (*KINDS, MIXED)
_MIXED_STAY = 5.0, 40.0  # seconds at one kind of background, before the next one


def bouts(label: str, seconds: float, person: Person, rng: np.random.Generator) -> Iterator[Bout]:
    """What fills `seconds` of a background, bout after bout; `person` as in the beginning."""
    begin = 0.0
    while begin == 0 or seconds - begin >= SHORTEST:
        if label == MIXED:
            kind = list(KINDS)[rng.integers(len(KINDS))]
            stay = min(rng.uniform(*_MIXED_STAY), seconds - begin)
            for start, motion in bouts(kind, stay, person, rng):
                yield begin + start, motion
            begin += stay
            continue
        make, shortest, longest = KINDS[label]
        lasts = min(rng.uniform(shortest, longest), seconds - begin)
        motion = make(lasts, person, rng)
        yield begin, mirrored(motion) if person.left_handed else motion
        begin += lasts + (rng.uniform(0, 0.8) if label in ("random", "type") else 0.0)

"""What a hand does besides gestures: handling things, fidgeting, walking, reaching, turning."""

from collections.abc import Callable

import numpy as np

from tinygesture.contract import Float64
from tinygesture.synth.motion import Offsets
from tinygesture.synth.smooth import Sway, plateau, ramp

Path = Callable[[Float64], Float64]  # seconds [N] -> position and angles [N, 6]


def idle_motion(duration: float, rng: np.random.Generator) -> Offsets:
    """One of the motions below, drawn at random."""
    kinds = [_handle, _fidget, _walk, _reach, _turn]
    path = kinds[rng.integers(len(kinds))](duration, rng)

    def offsets(t: Float64) -> tuple[Float64, Float64]:
        both = path(t) * plateau(t / duration, 0.2)[:, None]
        return both[:, :3], both[:, 3:]

    return offsets


def _handle(duration: float, rng: np.random.Generator) -> Path:
    """Looking at the thing in the hand from all sides."""
    steps = max(2, round(duration / rng.uniform(0.3, 0.6)))
    spread = np.array([0.05, 0.05, 0.05, *np.radians([45, 22, 30])])
    places = np.cumsum(rng.normal(0, 0.7, (steps, 6)), axis=0) * spread
    times = (np.arange(steps) + rng.uniform(0, 1, steps)) * 0.8 * duration / steps
    return _visit(times, rng.uniform(0.25, 0.5), places)


def _fidget(duration: float, rng: np.random.Generator) -> Path:
    """Small and quick, without aim."""
    size = rng.uniform(0.5, 1.3)
    rms = np.array([0.006, 0.006, 0.006, *np.radians([8, 5, 6])]) * size
    return Sway.draw(rng, 1.0, 6.0, rms, count=6)


def _walk(duration: float, rng: np.random.Generator) -> Path:
    """Steps about twice a second; the arm swings once for two of them."""
    pace, begin = rng.uniform(1.6, 2.2), rng.uniform(0, 2 * np.pi)
    bounce, swing = rng.uniform(0.012, 0.03), np.radians(rng.uniform(5, 18))
    sway = rng.normal(0, 0.3, 2)

    def path(t: Float64) -> Float64:
        step = 2 * np.pi * pace * t + begin
        arm = np.sin(step / 2)
        columns = [0.2 * swing * arm, 0.02 * sway[0] * arm, bounce * np.sin(step)]
        columns += [sway[1] * swing * arm, swing * arm, sway[0] * swing * np.cos(step / 2)]
        return np.stack(columns, axis=1)

    return path


def _reach(duration: float, rng: np.random.Generator) -> Path:
    """For something beside or below, and back with it."""
    side, down = rng.choice([-1, 1]) * rng.uniform(0.1, 0.3), rng.uniform(-0.3, 0.02)
    place = np.array([rng.uniform(-0.1, 0.12), side, down])
    turn = rng.normal(0, 1, 3) * np.radians([30, 20, 30])
    takes = rng.uniform(0.4, 0.7)
    return _visit(np.array([rng.uniform(0, 0.2)]), takes, np.array([[*place, *turn]]))


def _turn(duration: float, rng: np.random.Generator) -> Path:
    """A key in its lock, a bottle's cap: the wrist rolls to and fro."""
    roll = np.radians(rng.uniform(30, 75))
    often = rng.uniform(0.8, 2.2)
    begin = rng.uniform(0, 2 * np.pi)
    shake = Sway.draw(rng, 1.0, 3.0, np.array([0.006] * 3 + [0.03] * 3))

    def path(t: Float64) -> Float64:
        both = shake(t)
        both[:, 3] += roll * np.sin(2 * np.pi * often * t + begin)
        return both

    return path


def _visit(times: Float64, takes: float, places: Float64) -> Path:
    """From place to place, beginning at `times` [K]; each move takes `takes` seconds."""
    moves = np.diff(places, axis=0, prepend=np.zeros((1, 6)))

    def path(t: Float64) -> Float64:
        return np.asarray(ramp((t[:, None] - times) / takes) @ moves)

    return path

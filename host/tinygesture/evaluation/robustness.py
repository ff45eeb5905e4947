"""How much a model's accuracy suffers from what happens to boards and people."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation

from tinygesture.contract import (
    CANONICAL_PERIOD_US,
    COUNTS_PER_UNIT,
    Float64,
    Int16,
)
from tinygesture.evaluation.statistics import proportion
from tinygesture.training.augment import gravity
from tinygesture.training.examples import Example, canonical

Progress = Callable[[str, int, int], None]  # stage, done, total
BOARD_HZ = 119.0  # of Rev1, nominal
NOISE_DPS_PER_MG = 0.5
LONGEST_LOSS = 4  # samples: 42 ms to the next one, and a gap has over 50


def noise(signal: Float64, mg: float, rng: np.random.Generator) -> Float64:
    """White noise of this standard deviation, and of half as many °/s."""
    strength: Float64 = np.repeat([mg / 1000, mg * NOISE_DPS_PER_MG], 3) * COUNTS_PER_UNIT
    return signal + rng.normal(0, 1, signal.shape) * strength


def tilt(signal: Float64, degrees: float, rng: np.random.Generator) -> Float64:
    """The board turned in the hand, about an axis at random."""
    axis = rng.normal(0, 1, 3)
    rotation = Rotation.from_rotvec(np.radians(degrees) * axis / np.linalg.norm(axis))
    return np.concatenate([rotation.apply(signal[:, :3]), rotation.apply(signal[:, 3:])], axis=1)


def speed(signal: Float64, factor: float, rng: np.random.Generator) -> Float64:
    """Performed so many times as fast: rates of turning grow with it, accelerations with its
    square, and gravity stays."""
    times = np.arange(0, len(signal) - 1 + 1e-9, factor)
    played = np.asarray(CubicSpline(np.arange(len(signal)), signal)(times), np.float64)
    still = gravity(played[:, :3])
    return np.hstack([still + factor**2 * (played[:, :3] - still), factor * played[:, 3:]])


def gain(signal: Float64, factor: float, rng: np.random.Generator) -> Float64:
    """Sensors that show so many times what they should."""
    return signal * factor


def rate(signal: Float64, hz: float, rng: np.random.Generator) -> Float64:
    """Sampled at another rate, from another moment on, and resampled as the board does it."""
    t_us = np.arange(rng.uniform(0, 1e6 / hz), _last_us(signal), 1e6 / hz)
    return _sampled(signal, t_us)


def dropped(signal: Float64, percent: float, rng: np.random.Generator) -> Float64:
    """A share of a board's samples is missing, never so many at once that it would begin anew."""
    t_us = np.arange(0, _last_us(signal), 1e6 / BOARD_HZ)
    kept = np.ones(len(t_us), bool)
    for i in range(1, len(t_us)):
        kept[i] = rng.random() >= percent / 100 or not kept[max(i - LONGEST_LOSS, 0) : i].any()
    return _sampled(signal, t_us[kept])


def _last_us(signal: Float64) -> int:
    return (len(signal) - 1) * CANONICAL_PERIOD_US


def _sampled(signal: Float64, t_us: Float64) -> Float64:
    """What a board that samples at these moments makes of a motion: canonical samples."""
    moments = np.rint(t_us).astype(np.int64)
    motion = CubicSpline(np.arange(len(signal)) * CANONICAL_PERIOD_US, signal)(moments)
    return canonical(moments, _counts(motion)).astype(np.float64)


def _counts(signal: Float64) -> Int16:
    return np.clip(np.rint(signal), -32768, 32767).astype(np.int16)


@dataclass(frozen=True)
class Condition:
    """unit: of `points`; neutral: the point at which nothing changes, where there is one."""

    change: Callable[[Float64, float, np.random.Generator], Float64]
    unit: str
    points: tuple[float, ...]
    neutral: float | None


CONDITIONS = {
    "noise": Condition(noise, "mg", (0, 10, 30, 100, 300), 0),
    "tilt": Condition(tilt, "°", (0, 10, 20, 30, 45), 0),
    "speed": Condition(speed, "×", (0.6, 0.8, 1, 1.25, 1.6), 1),
    "gain": Condition(gain, "×", (0.7, 0.85, 1, 1.15, 1.3), 1),
    "rate": Condition(rate, "Hz", (100, 119, 160, 200, 240), None),
    "dropped": Condition(dropped, "%", (0, 10, 20, 40, 60), 0),
}


def changed(counts: Int16, condition: Condition, at: float, number: int) -> Int16:
    """Canonical samples int16[M, 6] of recording `number` under a condition: int16[M', 6].

    The same number gives the same axis, noise or losses at every point of a curve.
    """
    if at == condition.neutral:
        return counts
    rng = np.random.default_rng(number)
    return _counts(condition.change(counts.astype(np.float64), at, rng))


def robustness(
    answer: Callable[[Int16], int],
    examples: Sequence[Example],
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Any]:
    """{"recordings", "unchanged": {"value", "low", "high"}, "curves": {condition: {"unit",
    "points": [{"at", "value", "low", "high"}]}}}: accuracies with their 95 % intervals.

    answer: canonical samples of a recording -> the index of the label that the model gives it.
    """
    total = sum(len(condition.points) for condition in CONDITIONS.values())
    done = 0
    curves = {}
    progress("changing conditions", done, total)
    for name, condition in CONDITIONS.items():
        points = []
        for at in condition.points:
            seen = [changed(one.counts, condition, at, i) for i, one in enumerate(examples)]
            points.append({"at": at, **_accuracy(answer, seen, examples)})
            done += 1
            progress("changing conditions", done, total)
        curves[name] = {"unit": condition.unit, "points": points}
    unchanged = _accuracy(answer, [one.counts for one in examples], examples)
    return {"recordings": len(examples), "unchanged": unchanged, "curves": curves}


def _accuracy(
    answer: Callable[[Int16], int], seen: Sequence[Int16], examples: Sequence[Example]
) -> dict[str, float]:
    hits = sum(answer(counts) == one.label for counts, one in zip(seen, examples, strict=True))
    return asdict(proportion(hits, len(examples)))

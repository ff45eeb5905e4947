"""Smooth functions of time: every one has two continuous derivatives."""

from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Float64


def ramp(u: Float64) -> Float64:
    """From 0 at u <= 0 to 1 at u >= 1 with the least jerk (Flash and Hogan, 1985)."""
    u = np.clip(u, 0.0, 1.0)
    return np.asarray(u**3 * (10 - 15 * u + 6 * u * u))


def ramp_integral(u: Float64) -> Float64:
    """Of `ramp`, from 0: the way that is made while a speed comes up."""
    v = np.clip(u, 0.0, 1.0)
    return np.asarray(v**4 * (2.5 - 3 * v + v * v) + np.maximum(u - 1, 0))


def bump(u: Float64) -> Float64:
    """From 0 at u <= 0 to 1 at u = 1/2 and back to 0 at u >= 1."""
    u = np.clip(u, 0.0, 1.0)
    return 64.0 * (u * (1 - u)) ** 3


def plateau(u: Float64, edge: float) -> Float64:
    """1 between u = edge and u = 1 - edge, 0 outside of 0..1."""
    return ramp(u / edge) * ramp((1 - u) / edge)


def out_and_back(t: Float64, out: float, hold: float, back: float) -> Float64:
    """From 0 to 1 in `out` seconds, there for `hold`, and to 0 again in `back`."""
    return ramp(t / out) - ramp((t - out - hold) / back)


@dataclass(frozen=True)
class Sway:
    """Sums of sinusoids, one per column: what never quite stands still.

    frequencies: Hz [K]; sines, cosines: amplitudes [K, C].
    """

    frequencies: Float64
    sines: Float64
    cosines: Float64

    @classmethod
    def draw(
        cls, rng: np.random.Generator, low: float, high: float, rms: Float64, count: int = 4
    ) -> "Sway":
        """`count` frequencies from low to high Hz; rms: root mean square per column [C]."""
        amplitudes = rng.normal(0, 1, (2, count, len(rms))) * rms / np.sqrt(count)
        return cls(rng.uniform(low, high, count), amplitudes[0], amplitudes[1])

    @classmethod
    def draw_vibration(
        cls,
        rng: np.random.Generator,
        low: float,
        high: float,
        rms: Float64,
        count: int = 4,
        fall: float = 0.0,
    ) -> "Sway":
        """The same with rms of the second derivative, falling as frequency to the power -fall."""
        sway = cls.draw(rng, low, high, rms, count)
        falls = (low / sway.frequencies) ** fall / (2 * np.pi * sway.frequencies) ** 2
        return cls(sway.frequencies, sway.sines * falls[:, None], sway.cosines * falls[:, None])

    def __call__(self, t: Float64) -> Float64:
        """Seconds [N] -> [N, C]."""
        phases = 2 * np.pi * t[:, None] * self.frequencies
        return np.asarray(np.sin(phases) @ self.sines + np.cos(phases) @ self.cosines)

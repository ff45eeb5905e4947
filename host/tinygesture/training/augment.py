"""Augmentation of one recording: another hand, another grip, another tempo, another sensor.

Each kind has a strength of its own, and 0 switches it off.
"""

from dataclasses import dataclass

import numpy as np

from tinygesture.contract import CANONICAL_RATE_HZ, Float64, Int16

_MIRROR = np.array([1, -1, 1, -1, 1, -1])  # left and right change places: y, and turns about x, z
_WARP_S = 0.4  # seconds between two knots of a time warp
_POSTURE = 25  # samples over which the accelerometer's mean is taken for gravity
_LONGEST_RUN = 4  # samples lost; the firmware bridges gaps of up to 50 ms, too


@dataclass(frozen=True)
class Augmentation:
    """Strengths, as standard deviations unless said otherwise."""

    rotation_degrees: float = 8.0  # of the sensor's frame, about a random axis: the grip
    tilt_degrees: float = 0.0  # of gravity alone: the posture in which the same motion is made
    scale: float = 0.08  # of the motion's strength
    speed: float = 0.10  # of its tempo
    warp: float = 0.0  # of the tempo within a recording
    jitter: float = 0.0  # of the moments of sampling, in samples
    shift: int = 4  # largest shift in time, either way, in samples
    noise: float = 40.0  # contract counts, each sample and axis
    bias: float = 0.0  # contract counts, each axis
    dropped: float = 0.0  # the part of the samples that is lost and bridged
    mirrored: float = 0.0  # the part of the recordings that is made by the other hand

    def apply(self, counts: Int16, rng: np.random.Generator) -> Int16:
        """int16[M, 6] -> int16[M', 6], M' within a few tens of percent of M."""
        signal = _shifted(counts.astype(np.float64), self.shift, rng)
        signal = self._played(signal, rng)
        if self.mirrored and rng.random() < self.mirrored:
            signal *= _MIRROR
        still = gravity(signal[:, :3])
        strength = np.exp(rng.normal(0, self.scale))
        tilted = still @ _rotation(rng.normal(0, np.radians(self.tilt_degrees), 3)).T
        signal[:, :3] = tilted + strength * (signal[:, :3] - still)
        signal[:, 3:] *= strength
        rotation = _rotation(rng.normal(0, np.radians(self.rotation_degrees), 3))
        signal = (signal.reshape(-1, 2, 3) @ rotation.T).reshape(-1, 6)
        signal += rng.normal(0, self.bias, 6)
        if self.noise:
            signal += self.noise * rng.standard_normal(signal.shape, np.float32)
        if self.dropped:
            signal = _bridged(signal, self.dropped, rng)
        rounded: Int16 = np.clip(np.rint(signal), -32768, 32767).astype(np.int16)
        return rounded

    def _played(self, signal: Float64, rng: np.random.Generator) -> Float64:
        """At another tempo, which also changes, and sampled at moments that are not quite even.

        Rates of turning grow with the tempo, accelerations with its square.
        """
        count = len(signal)
        knots = (
            np.arange(int(count / CANONICAL_RATE_HZ / _WARP_S) + 3) * _WARP_S * CANONICAL_RATE_HZ
        )
        tempo = np.exp(rng.normal(0, self.speed) + rng.normal(0, self.warp, len(knots)))
        length = max(round(float((1 / np.interp(np.arange(count), knots, tempo)).sum())), 2)
        local = np.interp(np.linspace(0, count - 1, length), knots, tempo)
        moments = np.concatenate([[0.0], np.cumsum((local[1:] + local[:-1]) / 2)])
        moments *= (count - 1) / moments[-1]
        moments += rng.normal(0, self.jitter, length)
        played = _at(signal, np.clip(moments, 0, count - 1))
        still = gravity(played[:, :3])
        played[:, :3] = still + (played[:, :3] - still) * (local**2)[:, None]
        played[:, 3:] *= local[:, None]
        return played


def _shifted(signal: Float64, largest: int, rng: np.random.Generator) -> Float64:
    """Hold the first sample for longer, or leave out the beginning."""
    shift = int(rng.integers(-largest, largest + 1))
    if shift >= 0:
        return np.concatenate([np.repeat(signal[:1], shift, axis=0), signal])
    return signal[-shift:] if len(signal) > 4 * largest else signal


def _at(signal: Float64, moments: Float64) -> Float64:
    """float64[N, 6] between its samples, linearly: float64[len(moments), 6]."""
    left = np.minimum(moments.astype(np.int64), len(signal) - 2)
    part = (moments - left)[:, None]
    between: Float64 = signal[left] * (1 - part) + signal[left + 1] * part
    return between


def _bridged(signal: Float64, lost: float, rng: np.random.Generator) -> Float64:
    """With runs of samples lost, and drawn straight between those that are left."""
    kept = np.ones(len(signal), bool)
    count = rng.poisson(2 * lost * len(signal) / (1 + _LONGEST_RUN))
    for start in rng.integers(1, len(signal), count):
        kept[start : start + rng.integers(1, _LONGEST_RUN + 1)] = False
    kept[-1] = True
    left = np.flatnonzero(kept)
    return _at(signal[left], np.interp(np.arange(len(signal)), left, np.arange(len(left))))


def gravity(accel: Float64) -> Float64:
    """A running mean float64[N, 3] of the accelerometer: what the posture contributes to it."""
    half = min(_POSTURE // 2, len(accel) - 1)
    sums = np.cumsum(np.concatenate([np.zeros((1, 3)), accel]), axis=0)
    ends = np.arange(len(accel))
    first, last = np.maximum(ends - half, 0), np.minimum(ends + half + 1, len(accel))
    mean: Float64 = (sums[last] - sums[first]) / (last - first)[:, None]
    return mean


def _rotation(vector: Float64) -> Float64:
    """Rotation matrix (3, 3) of a rotation vector in radians (Rodrigues' formula)."""
    angle = float(np.linalg.norm(vector))
    if angle == 0:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix: Float64 = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return matrix

"""Light augmentation of one recording: another hand, another grip, another day."""

from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Float64, Int16


@dataclass(frozen=True)
class Augmentation:
    """Strengths, as standard deviations unless said otherwise."""

    rotation_degrees: float = 8.0  # of the sensor's frame, about a random axis
    scale: float = 0.08  # of the motion's strength
    speed: float = 0.10  # of its tempo
    shift_samples: int = 12  # largest shift in time, either way
    accel_noise: float = 40.0  # contract counts
    gyro_noise: float = 40.0

    def apply(self, counts: Int16, rng: np.random.Generator) -> Int16:
        """int16[M, 6] -> int16[M', 6], M' within a few tens of percent of M."""
        signal = _shift(counts.astype(np.float64), self.shift_samples, rng)
        signal = _change_speed(signal, np.exp(rng.normal(0, self.speed)))
        rotation = _rotation(rng.normal(0, np.radians(self.rotation_degrees), 3))
        signal = (signal.reshape(-1, 2, 3) @ rotation.T).reshape(-1, 6)
        signal *= np.exp(rng.normal(0, self.scale))
        signal[:, :3] += rng.normal(0, self.accel_noise, (len(signal), 3))
        signal[:, 3:] += rng.normal(0, self.gyro_noise, (len(signal), 3))
        rounded: Int16 = np.clip(np.rint(signal), -32768, 32767).astype(np.int16)
        return rounded


def _shift(signal: Float64, largest: int, rng: np.random.Generator) -> Float64:
    """Hold the first sample for longer, or leave out the beginning."""
    shift = int(rng.integers(-largest, largest + 1))
    if shift >= 0:
        return np.concatenate([np.repeat(signal[:1], shift, axis=0), signal])
    return signal[-shift:] if len(signal) > 4 * largest else signal


def _change_speed(signal: Float64, speed: float) -> Float64:
    """Play `speed` times as fast; angular rates grow with it."""
    length = max(round(len(signal) / speed), 2)
    old, new = np.arange(len(signal)), np.linspace(0, len(signal) - 1, length)
    played = np.stack([np.interp(new, old, channel) for channel in signal.T], axis=1)
    played[:, 3:] *= speed
    return played


def _rotation(vector: Float64) -> Float64:
    """Rotation matrix (3, 3) of a rotation vector in radians (Rodrigues' formula)."""
    angle = float(np.linalg.norm(vector))
    if angle == 0:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    matrix: Float64 = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    return matrix

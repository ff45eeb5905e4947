"""From the motion of a hand to the counts that an IMU in it gives."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Float64, Int16, Int64, to_counts
from tinygesture.synth import rotation

GRAVITY = 9.80665  # m/s²
_STEP = 2e-3  # s, of the numerical derivatives; 0.1 % off for a tremor of 10 Hz
# The board's frame is left-handed (see contract): the physical, right-handed one in a mirror.
_MIRROR = np.array([-1.0, 1.0, 1.0])

Pose = Callable[[Float64], tuple[Float64, Float64]]  # seconds [N] -> metres [N, 3], rotation [N, 4]


def feel(pose: Pose, t: Float64) -> Float64:
    """What a perfect IMU feels at the times t [N] in seconds: float64[N, 6] in g and °/s.

    Specific force is R⁻¹(p'' + g); the angular rate is that of the room's R. In the left-handed
    frame a vector at rest in the room obeys dv/dt = +ω × v.
    """
    n = len(t)
    p, q = pose(np.concatenate([t - _STEP, t, t + _STEP]))
    acceleration = (p[:n] - 2 * p[n : 2 * n] + p[2 * n :]) / _STEP**2
    acceleration[:, 2] += GRAVITY
    force = rotation.rotate(rotation.inverse(q[n : 2 * n]), acceleration) / GRAVITY
    turn = rotation.multiply(rotation.inverse(q[:n]), q[2 * n :])
    rate = np.degrees(rotation.to_small_vector(turn)) / (2 * _STEP)
    return np.concatenate([force * _MIRROR, rate * _MIRROR], axis=1)


@dataclass(frozen=True)
class Imu:
    """A type of IMU: standard deviations of what differs from part to part and sample to sample.

    odr_hz: nominal; rate_error: relative; jitter_us: of the time stamps; accel in g, gyro in °/s.
    gyro_factor: contract count = (raw count × gyro_factor + 2^14) >> 15.
    """

    odr_hz: float
    rate_error: float
    jitter_us: float
    accel_bias: float
    gyro_bias: float
    accel_noise: float
    gyro_noise: float
    gyro_factor: int = 1 << 15


IMUS = {
    # ST's data sheet DocID025715 gives zero levels of ±90 mg and ±30 °/s, 70 m°/s per count, and
    # no noise density. Biases and noise here are those of the quietest moments in real recordings
    # (1.2-1.5 mg and 0.17-0.25 °/s, tremor included); 119 Hz nominal was 113 Hz for one user.
    "lsm9ds1": Imu(119.0, 0.02, 120.0, 0.02, 2.0, 0.0012, 0.15, gyro_factor=37581),
    # Bosch's data sheet BST-BMI270-DS000: 160 µg/√Hz and 0.007 °/s/√Hz, here over 80 Hz; zero
    # levels of ±20 mg and ±0.5 °/s.
    "bmi270": Imu(200.0, 0.005, 30.0, 0.02, 0.5, 0.0014, 0.063),
    "ideal": Imu(200.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
}


class Part:
    """One IMU as it lies on one board: its true rate and its biases."""

    def __init__(self, imu: Imu, rng: np.random.Generator) -> None:
        self._imu = imu
        self.period = 1 / (imu.odr_hz * (1 + float(np.clip(rng.normal(), -2, 2)) * imu.rate_error))
        self._bias = rng.normal(0, 1, 6) * np.repeat([imu.accel_bias, imu.gyro_bias], 3)

    def stamp(self, first: int, count: int, rng: np.random.Generator) -> tuple[Float64, Int64]:
        """True seconds and the board's µs, both [count], of the samples from number `first` on."""
        true = np.arange(first, first + count) * self.period
        late = np.clip(np.abs(rng.normal(0, 1, count)) * self._imu.jitter_us, 0, 2000)
        return true, np.rint(true * 1e6 + late).astype(np.int64)

    def counts(self, felt: Float64, rng: np.random.Generator) -> Int16:
        """g and °/s float64[N, 6] -> contract counts int16[N, 6], as the board's driver gives."""
        imu = self._imu
        noise = rng.normal(0, 1, felt.shape) * np.repeat([imu.accel_noise, imu.gyro_noise], 3)
        raw_per_count = np.array([1.0] * 3 + [imu.gyro_factor / 32768] * 3)
        raw = to_counts((felt + self._bias + noise) / raw_per_count).astype(np.int64)
        raw[:, 3:] = (raw[:, 3:] * imu.gyro_factor + (1 << 14)) >> 15
        return np.clip(raw, -32768, 32767).astype(np.int16)

"""From the motion of a hand to the counts that an IMU in it gives."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Float64, Int16, Int64, to_counts
from tinygesture.errors import UserError
from tinygesture.synth import rotation

GRAVITY = 9.80665  # m/s²
OVERSAMPLING = 4  # what the chip's filter sees for each sample that it gives
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
    before, now, after = slice(0, n), slice(n, 2 * n), slice(2 * n, 3 * n)
    return _felt(p[before], p[now], p[after], q[before], q[now], q[after], _STEP)


def feel_evenly(pose: Pose, first: int, count: int, step: float) -> Float64:
    """`feel` at the times step × (first, first + 1, ...), with `step` in the derivatives."""
    p, q = pose(np.arange(first - 1, first + count + 1) * step)
    return _felt(p[:-2], p[1:-1], p[2:], q[:-2], q[1:-1], q[2:], step)


def _felt(
    p0: Float64, p1: Float64, p2: Float64, q0: Float64, q1: Float64, q2: Float64, step: float
) -> Float64:
    """From positions [N, 3] and rotations [N, 4], `step` seconds before, now, and after."""
    acceleration = (p0 - 2 * p1 + p2) / step**2
    acceleration[:, 2] += GRAVITY
    force = rotation.rotate(rotation.inverse(q1), acceleration) / GRAVITY
    turn = rotation.multiply(rotation.inverse(q0), q2)
    rate = np.degrees(rotation.to_small_vector(turn)) / (2 * step)
    return np.concatenate([force * _MIRROR, rate * _MIRROR], axis=1)


@dataclass(frozen=True)
class Triad:
    """Three axes of one kind, in g or °/s: standard deviations of what differs from part to part
    and, noise, from sample to sample. bandwidth: Hz, where the chip's filter is 3 dB down."""

    bias: float = 0.0
    gain_error: float = 0.0
    noise: float = 0.0
    bandwidth: float = np.inf


@dataclass(frozen=True)
class Imu:
    """A type of IMU.

    odr_hz: nominal; rate_error: relative, from part to part; jitter_us: of the time stamps.
    gyro_factor: contract count = (raw count × gyro_factor + 2^14) >> 15.
    """

    odr_hz: float
    rate_error: float
    jitter_us: float
    accel: Triad
    gyro: Triad
    gyro_factor: int = 1 << 15


# Every figure and where it comes from: docs/synthetic.md.
IMUS = {
    # ±4 g and ±2000 °/s at 119 Hz, as Arduino's library sets it up. ST's DocID025715: bandwidths
    # (of the gyroscope behind its first filter), 70 m°/s per count. Quiet stretches of recordings:
    # biases and noise. The rate: 113 Hz, that a user measured, are two standard deviations.
    "lsm9ds1": Imu(
        119.0,
        0.025,
        120.0,
        Triad(bias=0.02, gain_error=0.01, noise=0.0018, bandwidth=50.0),
        Triad(bias=2.0, gain_error=0.01, noise=0.15, bandwidth=38.0),
        gyro_factor=37581,
    ),
    # ±4 g and ±2000 °/s at 200 Hz in normal filter mode. Bosch's BST-BMI270-DS000: all but the
    # jitter, which is that of an interrupt.
    "bmi270": Imu(
        200.0,
        0.017,
        30.0,
        Triad(bias=0.02, gain_error=0.004, noise=0.00151, bandwidth=89.0),
        Triad(bias=0.5, gain_error=0.02, noise=0.0614, bandwidth=77.0),
    ),
    "ideal": Imu(200.0, 0.0, 0.0, Triad(), Triad()),
}


class Part:
    """One IMU as it lies on one board: its true rate, its biases and its gains."""

    def __init__(self, imu: Imu, rng: np.random.Generator) -> None:
        self.imu = imu
        self.period = 1 / (imu.odr_hz * (1 + float(np.clip(rng.normal(), -2, 2)) * imu.rate_error))
        self._bias = rng.normal(0, 1, 6) * np.repeat([imu.accel.bias, imu.gyro.bias], 3)
        errors = rng.normal(0, 1, 6) * np.repeat([imu.accel.gain_error, imu.gyro.gain_error], 3)
        self._gain = 1 + errors

    def sample(
        self, pose: Pose, first: int, count: int, rng: np.random.Generator
    ) -> tuple[Int64, Int16]:
        """The samples from number `first` on: the board's µs [count], counts int16[count, 6]."""
        return self.stamp(first, count, rng), self.counts(self.feel(pose, first, count), rng)

    def stamp(self, first: int, count: int, rng: np.random.Generator) -> Int64:
        """The board's clock when it takes the samples: late by half of a normal distribution."""
        true = np.arange(first, first + count) * self.period
        late = np.clip(np.abs(rng.normal(0, 1, count)) * self.imu.jitter_us, 0, 2000)
        return np.asarray(np.rint(true * 1e6 + late), np.int64)

    def feel(self, pose: Pose, first: int, count: int) -> Float64:
        """What is left of what is felt behind the chip's filters: g and °/s float64[count, 6]."""
        if np.isinf(self.imu.accel.bandwidth):
            return feel(pose, np.arange(first, first + count) * self.period)
        step = self.period / OVERSAMPLING
        accel, gyro = (
            low_pass(triad.bandwidth * step) for triad in (self.imu.accel, self.imu.gyro)
        )
        before = max(len(accel), len(gyro)) - 1
        begin = first * OVERSAMPLING - before
        felt = feel_evenly(pose, begin, before + (count - 1) * OVERSAMPLING + 1, step)
        return np.concatenate(
            [_decimate(felt[:, :3], accel, before), _decimate(felt[:, 3:], gyro, before)], axis=1
        )

    def counts(self, felt: Float64, rng: np.random.Generator) -> Int16:
        """g and °/s float64[N, 6] -> contract counts int16[N, 6], as the board's driver gives."""
        imu = self.imu
        noise = rng.normal(0, 1, felt.shape) * np.repeat([imu.accel.noise, imu.gyro.noise], 3)
        raw_per_count = np.array([1.0] * 3 + [imu.gyro_factor / 32768] * 3)
        raw = to_counts((felt * self._gain + self._bias + noise) / raw_per_count).astype(np.int64)
        raw[:, 3:] = (raw[:, 3:] * imu.gyro_factor + (1 << 14)) >> 15
        return np.clip(raw, -32768, 32767).astype(np.int16)


def make_part(imu: str, seed: int, subject: int) -> Part:
    """The part on the board that a subject has for one seed. Raises UserError."""
    if imu not in IMUS:
        raise UserError(f"There is no IMU {imu!r} to simulate. Use one of {', '.join(IMUS)}.")
    return Part(IMUS[imu], np.random.default_rng([seed, subject]))


def low_pass(cutoff: float) -> Float64:
    """The impulse response [K] of a second-order Butterworth filter, latest sample first.

    cutoff: as a part of the sampling rate. The data sheets say the cut-off and not the order.
    """
    decay = np.sqrt(2) * np.pi * cutoff
    k = np.arange(1, int(9 / decay) + 2)
    response = np.exp(-decay * k) * np.sin(decay * k)
    return np.asarray(response / response.sum())


def _decimate(felt: Float64, response: Float64, before: int) -> Float64:
    """Every OVERSAMPLING-th sample from number `before` on of felt [N, 3], filtered."""
    reach = felt[before + 1 - len(response) :]
    windows = np.lib.stride_tricks.sliding_window_view(reach, len(response), axis=0)
    return np.asarray(windows[::OVERSAMPLING] @ response[::-1])

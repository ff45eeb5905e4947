"""The sample contract: units, ranges, the canonical rate, and the model's integer input.

Integer twin of firmware/lib/contract: the same counts give the same results, bit for bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

CHANNELS = ("aX", "aY", "aZ", "gX", "gY", "gZ")
ACCEL_COUNTS_PER_G = 8192.0  # ±4 g over int16
GYRO_COUNTS_PER_DPS = 16.384  # ±2000 °/s over int16
COUNTS_PER_UNIT = np.array([ACCEL_COUNTS_PER_G] * 3 + [GYRO_COUNTS_PER_DPS] * 3)

CANONICAL_PERIOD_US = 10_000
CANONICAL_RATE_HZ = 1_000_000 // CANONICAL_PERIOD_US
MAX_GAP_US = 50_000

Int8 = npt.NDArray[np.int8]
Int16 = npt.NDArray[np.int16]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]


def to_units(counts: npt.ArrayLike) -> Float64:
    """Contract counts (..., 6) -> g and °/s (..., 6)."""
    units: Float64 = np.asarray(counts, np.float64) / COUNTS_PER_UNIT
    return units


def to_counts(units: npt.ArrayLike) -> Int16:
    """g and °/s (..., 6) -> the nearest contract counts (..., 6), saturated to int16."""
    counts = np.rint(np.asarray(units, np.float64) * COUNTS_PER_UNIT)
    saturated: Int16 = np.clip(counts, -32768, 32767).astype(np.int16)
    return saturated


def modular_us(later: int, earlier: int) -> int:
    """Microseconds from `earlier` to `later` on a clock of 32 bits that wraps."""
    return (later - earlier) & 0xFFFFFFFF


def _interpolate(first: Int64, second: Int64, numerator: Int64, denominator: Int64) -> Int64:
    """first + (second - first) * numerator / denominator, halves rounded up, on integers."""
    product = (second - first) * numerator
    return first + (2 * product + denominator) // (2 * denominator)


class Resampler:
    """Streaming linear resampler onto the canonical grid, which begins at the first sample.

    A step between samples of 0 or over MAX_GAP_US (also a step back in time, which is a large
    step on the wrapping clock) restarts the grid at the new sample and counts as a gap.
    """

    def __init__(self) -> None:
        self.gaps = 0
        self._last_us: int | None = None
        self._last = np.zeros(6, np.int64)
        self._grid_us = 0

    def push(self, t_us: int, counts: Sequence[int] | Int16) -> tuple[bool, list[Int16]]:
        """Take one sample: t_us on the 32-bit clock, counts int16[6].

        Returns (restarted, canonical samples): `restarted` says that the grid begins anew with
        the first of these samples, so that engine and detector must be reset before it.
        """
        sample = np.asarray(counts, np.int64)
        if self._last_us is None or not 0 < modular_us(t_us, self._last_us) <= MAX_GAP_US:
            self.gaps += self._last_us is not None
            self._last_us, self._last = t_us, sample
            self._grid_us = (t_us + CANONICAL_PERIOD_US) & 0xFFFFFFFF
            return True, [sample.astype(np.int16)]
        step = modular_us(t_us, self._last_us)
        out = []
        while (into := modular_us(self._grid_us, self._last_us)) <= step:
            value = _interpolate(self._last, sample, np.int64(into), np.int64(step))  # type: ignore[arg-type]
            out.append(value.astype(np.int16))
            self._grid_us = (self._grid_us + CANONICAL_PERIOD_US) & 0xFFFFFFFF
        self._last_us, self._last = t_us, sample
        return False, out


def resample(t_us: Int64, counts: Int16) -> list[Int16]:
    """A recording (t_us int64[N], counts int16[N, 6]) at the canonical rate.

    Returns the stretches between gaps, each int16[M, 6]; equal to `Resampler` on the same samples.
    """
    return [
        _resample_stretch(t_us[part], counts[part].astype(np.int64)) for part in stretches(t_us)
    ]


def stretches(t_us: Int64) -> list[slice]:
    """The parts of t_us int64[N] between gaps; the grid begins anew with each."""
    if len(t_us) == 0:
        return []
    steps = np.diff(t_us)
    breaks = np.flatnonzero((steps <= 0) | (steps > MAX_GAP_US)) + 1
    return [slice(a, b) for a, b in pairwise([0, *breaks.tolist(), len(t_us)])]


def _resample_stretch(t_us: Int64, counts: Int64) -> Int16:
    if len(t_us) == 1:
        return counts.astype(np.int16)
    grid = np.arange(t_us[0], t_us[-1] + 1, CANONICAL_PERIOD_US)
    right = np.maximum(np.searchsorted(t_us, grid, side="left"), 1)
    left = right - 1
    into = (grid - t_us[left])[:, None]
    step = (t_us[right] - t_us[left])[:, None]
    return _interpolate(counts[left], counts[right], into, step).astype(np.int16)


@dataclass(frozen=True)
class Quantisation:
    """The model's input: q = sat8((count × multiplier + 2^(shift-1)) >> shift), scale 1/128.

    multipliers: six integers of 0..32767; shift: 1..24. Chosen from the training data before
    training (see `choose`), so that training sees what the device sees.
    """

    multipliers: tuple[int, ...]
    shift: int

    def __post_init__(self) -> None:
        if len(self.multipliers) != 6 or not all(0 <= m <= 32767 for m in self.multipliers):
            raise ValueError(f"need six multipliers of 0..32767, not {self.multipliers}")
        if not 1 <= self.shift <= 24:
            raise ValueError(f"need a shift of 1..24, not {self.shift}")

    def quantise(self, counts: Int16) -> Int8:
        """Counts int16[..., 6] -> int8[..., 6]."""
        product = counts.astype(np.int64) * np.array(self.multipliers, np.int64)
        return np.clip((product + (1 << (self.shift - 1))) >> self.shift, -128, 127).astype(np.int8)

    @classmethod
    def choose(cls, counts: Int16, percentile: float = 99.5) -> "Quantisation":
        """One gain for the accelerometer and one for the gyroscope, from training counts (N, 6).

        The given percentile of the absolute counts of each sensor is put at 96/128, so that
        stronger motion of other people still fits; one gain per sensor keeps its geometry.
        """
        shift = 16
        multipliers: list[int] = []
        for channels in (slice(0, 3), slice(3, 6)):
            magnitude = np.percentile(np.abs(counts[:, channels].astype(np.int64)), percentile)
            gain = round(96 * 2**shift / max(float(magnitude), 256.0))
            multipliers += [min(gain, 32767)] * 3
        return cls(tuple(multipliers), shift)

"""Figures of a file -> contract counts."""

import math
from typing import Literal

import numpy as np

from tinygesture.contract import COUNTS_PER_UNIT, GYRO_COUNTS_PER_DPS, Float64, Int16
from tinygesture.dataset.importing.notices import Findings, Refused

Imu = Literal["lsm9ds1", "bmi270", "other"]
STANDARD_GRAVITY = 9.80665  # m/s² per g (ISO 80000-3)
# Arduino's LSM9DS1 library says 2000/32768 °/s per raw count; it is 0.070 (data sheet, G_So).
FACTOR, SHIFT = 37581, 15
_MSS_FROM = 5.0  # a median above it is gravity in m/s²: ±4 g on three axes is 6.9 at most
_LEAST, _MOST = {"g": 0.0, "m/s2": 2.5}, {"g": 7.0, "m/s2": 40.0}  # of a median, where it is named
_RAW_FROM = 40.0  # and above this neither: raw counts, or thousandths of a g
_RADIANS_END = 35.0  # 2000 °/s in rad/s
# Motion tells the unit: for each g that the accelerometer moves (root mean square), the gyroscope's
# 99th percentile was 126 to 1560 °/s in the real recordings of the tests, which is 2 to 28 rad/s.
_MOVED_G, _DPS_PER_G = 0.15, 60.0
_ENOUGH_ROWS = 20
_GYRO = frozenset({"deg/s", "rad/s"})
_CLIPPED_ROWS, _RANGE_NOISE_G = 5, 0.002
_TOLERANCE = 1.0015  # figures of three decimals are rounded


def accel_unit(
    values: Float64, named: frozenset[str], given: frozenset[str], found: Findings
) -> str:
    """The unit of the accelerometer in float64[N, 6]: as given, or as gravity shows it.

    named: what the file says. Raises Refused where gravity fits no unit.
    """
    if chosen := given & {"g", "m/s2"}:
        return min(chosen)
    gravity = float(np.median(np.linalg.norm(values[:, :3], axis=1)))
    if gravity > _RAW_FROM:
        raise Refused(
            0, f"gravity is {gravity:.4g} here, so this is neither g nor m/s²: convert it first"
        )
    said = min(named & {"g", "m/s2"}, default="")
    if said and _LEAST[said] < gravity < _MOST[said]:
        return said
    unit = "m/s2" if gravity > _MSS_FROM else "g"
    if said:
        found.repair(0, f"the file says {said}, but gravity is not so in it: read as {unit}")
    elif unit == "m/s2":
        found.repair(0, "gravity is near 9.8 and not 1: read as m/s² and converted to g")
    return unit


def gyro_unit(
    values: Float64, named: frozenset[str], given: frozenset[str], found: Findings
) -> str:
    """The unit of the gyroscope: as given or named, or as the motion shows it.

    `found` takes it, too, unless nothing tells it: then it is taken for deg/s.
    """
    gyro = np.abs(values[:, 3:])
    fastest = float(np.percentile(gyro, 99))
    moved = _motion_g(values) if len(values) >= _ENOUGH_ROWS else 0.0
    if chosen := (given & _GYRO or named) & _GYRO:
        found.gyro_unit = min(chosen)
    elif fastest > _RADIANS_END or (moved > _MOVED_G and fastest > _DPS_PER_G * moved):
        found.gyro_unit = "deg/s"
    elif moved > _MOVED_G and fastest > 0:
        found.gyro_unit = "rad/s"
        found.repair(
            0, f"the gyroscope says {gyro.max():.2g} at most while the hand moves: read as rad/s"
        )
    return found.gyro_unit or "deg/s"


def _motion_g(values: Float64) -> float:
    """Root mean square of what differs from the median of the accelerometer, in g."""
    accel = values[:, :3]
    scale = STANDARD_GRAVITY if np.median(np.linalg.norm(accel, axis=1)) > _MSS_FROM else 1.0
    squares = ((accel - np.median(accel, axis=0)) ** 2).sum(axis=1)
    return float(np.sqrt(squares.mean())) / scale


def say_factor(imu: Imu, found: Findings) -> None:
    if imu == "lsm9ds1":
        found.repair(
            0,
            "the gyroscope was multiplied by 1.147: Arduino's LSM9DS1 library says too little "
            "(--imu other takes it as it is)",
        )


def in_units(values: Float64, accel: str, gyro: str) -> Float64:
    """float64[N, 6] in the units of a file -> g and °/s."""
    scaled = values.copy()
    if accel == "m/s2":
        scaled[:, :3] /= STANDARD_GRAVITY
    if gyro == "rad/s":
        scaled[:, 3:] = np.rad2deg(scaled[:, 3:])
    return scaled


def beyond_range(values: Float64) -> tuple[int, str] | None:
    """The first of float64[N, 6] in g and °/s that no contract sample can hold, and why."""
    limits = np.array([4.0] * 3 + [2000.0] * 3) * _TOLERANCE
    outside = np.abs(values) > limits
    if not outside.any():
        return None
    row, column = map(int, np.argwhere(outside)[0])
    unit = ("g", "°/s")[column // 3]
    return row, f"{values[row, column]:.6g} {unit} is beyond ±{(4, 2000)[column // 3]} {unit}"


def range_end_g(values: Float64, found: Findings) -> float:
    """The end of the accelerometer's range where float64[N, 6] in g and °/s show it, or infinity:

    one of ±2 g cuts off what a gesture has above it.
    """
    accel = np.abs(values[:, :3])
    end_g = float(accel.max()) - _RANGE_NOISE_G
    rows = int((accel > end_g).any(axis=1).sum())
    if abs(accel.max() - 2.0) >= 0.01 or rows < _CLIPPED_ROWS:
        return math.inf
    found.repair(
        0, f"the accelerometer ends at ±2 g, which {rows} rows reach: taken as it is, and marked"
    )
    return end_g


def to_counts(values: Float64, imu: Imu) -> Int16:
    """g and °/s as a library says them, float64[N, 6] -> contract counts int16[N, 6].

    With lsm9ds1 the gyroscope's raw counts go through the integers of the board's driver.
    """
    counts = np.rint(values * COUNTS_PER_UNIT).astype(np.int64)
    if imu == "lsm9ds1":
        raw = np.rint(values[:, 3:] * GYRO_COUNTS_PER_DPS).astype(np.int64)
        counts[:, 3:] = (raw * FACTOR + (1 << (SHIFT - 1))) >> SHIFT
    saturated: Int16 = np.clip(counts, -32768, 32767).astype(np.int16)
    return saturated

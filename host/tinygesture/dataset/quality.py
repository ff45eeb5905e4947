"""What can be wrong with a recording, and from where on it counts as wrong.

The limits of motion lie between what was measured: in 395 real gestures of five recorders the
least was 0.17 g and 19 °/s; a hand that rests has 0.06 g and 4 °/s at most (the virtual one).
"""

from typing import NamedTuple

import numpy as np

from tinygesture.contract import CHANNELS, MAX_GAP_US, Int16, to_units
from tinygesture.dataset.labels import is_background, is_rest
from tinygesture.dataset.recording import Recording

SLOW_HZ = 100.0  # a rate must be above it
FROZEN_SAMPLES = 25  # equal values of one channel in a row; noise left 5 at most in real recordings
STILL_G, STILL_DPS = 0.08, 10.0  # a gesture has more motion than one of these
RESTLESS_G, RESTLESS_DPS = 0.12, 15.0  # rest has less motion than both
RANGE_END = 32767


class Fault(NamedTuple):
    """mark: one word, for the index; sentence: what a person reads."""

    mark: str
    sentence: str


def check(recording: Recording) -> list[Fault]:
    """The faults of a recording; none is as it should be."""
    meta, counts = recording.meta, recording.counts
    faults = []

    def found(mark: str, sentence: str) -> None:
        faults.append(Fault(mark, sentence))

    if meta.rate_hz <= SLOW_HZ:
        found("slow", f"{meta.rate_hz:.1f} Hz only; it should be above {SLOW_HZ:g} Hz")
    gap_us = int(np.diff(recording.t_us).max(initial=0))
    if meta.drops:
        found("drops", f"{meta.drops} samples lost")
    elif gap_us > MAX_GAP_US:
        found("drops", f"a gap of {gap_us / 1000:.0f} ms")
    if meta.crc_errors:
        found("damaged", f"{meta.crc_errors} damaged frames")
    if meta.clipped:
        found("clipped", f"{meta.clipped} samples at the end of the sensor's range")
    if frozen := frozen_channels(counts):
        found("frozen", f"{' '.join(frozen)} stood still: the sensor probably hangs")
    accel_g, gyro_dps = motion(counts)
    is_still = accel_g < STILL_G and gyro_dps < STILL_DPS
    if is_rest(meta.label):
        if accel_g > RESTLESS_G or gyro_dps > RESTLESS_DPS:
            found("restless", f"too much motion for {meta.label}")
    elif is_still and meta.label and not is_background(meta.label):
        found("still", f"hardly any motion for a {meta.label}")
    return faults


def marks(faults: list[Fault]) -> str:
    """As `Meta.marks` holds them."""
    return " ".join(fault.mark for fault in faults)


def motion(counts: Int16) -> tuple[float, float]:
    """counts int16[n, 6] -> root mean square of what differs from the median: g and °/s."""
    units = to_units(counts)
    squares = (units - np.median(units, axis=0)) ** 2
    accel, gyro = squares[:, :3].sum(axis=1).mean(), squares[:, 3:].sum(axis=1).mean()
    return float(np.sqrt(accel)), float(np.sqrt(gyro))


def frozen_channels(counts: Int16) -> list[str]:
    """Channels of int16[n, 6] with FROZEN_SAMPLES equal values in a row, not at the range's end."""
    if len(counts) < FROZEN_SAMPLES:
        return []
    same = np.diff(counts, axis=0) == 0
    same &= np.abs(counts[1:].astype(np.int32)) < RANGE_END
    width = FROZEN_SAMPLES - 1
    runs = np.lib.stride_tricks.sliding_window_view(same, width, axis=0).all(axis=2)
    return [name for name, run in zip(CHANNELS, runs.any(axis=0), strict=True) if run]

"""The detector over hours of probabilities at once: the same events as `Detector`, step by step."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygesture.contract import CANONICAL_PERIOD_US, Int8, Int64
from tinygesture.detector import DetectorConfig, Event, smoothing_steps

Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Smoothed:
    """Probabilities as the detector averages them, from reset; a run is a stretch of steps with the
    same label on top.

    top: int64[steps], the label on top; sums: int64[steps], its latest probabilities, of 256 each,
    added up; filled: int64[steps], over how many steps; runs: int64[runs], their first steps.
    """

    top: Int64
    sums: Int64
    filled: Int64
    runs: Int64


def smoothed(probabilities: Int8, length: int) -> Smoothed:
    """probabilities: int8[steps, labels]; length: over how many steps they are averaged."""
    sums = np.cumsum(probabilities.astype(np.int64) + 128, axis=0)
    sums[length:] -= sums[:-length].copy()
    steps = np.arange(len(sums))
    top = sums.argmax(axis=1)
    runs = np.flatnonzero(np.diff(top, prepend=-1))
    return Smoothed(top, sums[steps, top], np.minimum(steps + 1, length), runs)


def events(config: DetectorConfig, probabilities: Int8, window: int, hop: int) -> list[Event]:
    """Those of probabilities int8[steps, labels] from reset, the first of which is known with
    canonical sample `window` - 1, and each further one `hop` samples later. Times count from
    sample 0."""
    given = smoothed(probabilities, smoothing_steps(config, hop))
    over = given.sums >= np.array(config.thresholds)[given.top] * given.filled
    over &= (config.background >> given.top & 1) == 0
    ready = np.flatnonzero(streaks(over, given.runs) * hop >= max(config.minimum, 1))
    run = np.searchsorted(given.runs, ready, side="right") - 1
    found: list[Event] = []
    earliest = 0  # the first step at which the refractory time is over
    for steps in np.split(ready, np.flatnonzero(np.diff(run)) + 1):
        due = steps[np.searchsorted(steps, earliest) :]
        if len(due) == 0:
            continue
        step = int(due[0])
        start = int(given.runs[np.searchsorted(given.runs, step, side="right") - 1])
        confidence = config.confidence(int(given.sums[step] // given.filled[step]))
        times = [(window - 1 + at * hop) * CANONICAL_PERIOD_US for at in (start, step)]
        found.append(Event(int(given.top[step]), confidence, *times))
        earliest = step + -(-config.refractory // hop)
    return found


def streaks(over: Bool, runs: Int64) -> Int64:
    """How many steps in a row, up to and with each one, were over within its run: int64[steps]."""
    steps = np.arange(len(over))
    begun = np.where(over, 0, steps + 1)
    begun[runs] = np.maximum(begun[runs], runs)
    length: Int64 = steps + 1 - np.maximum.accumulate(begun)
    return length

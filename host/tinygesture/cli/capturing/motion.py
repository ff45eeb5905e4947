"""How much a hand moves at this moment, in one number, and from where on that is a gesture.

The limits lie between what was measured with `Motion`: the virtual hand at rest reaches 8 °/s (12
people, both IMUs); the strongest moment of each of 395 real gestures of four recorders was over
80 °/s (tests/host/cli/test_trigger.py).
"""

import numpy as np

from tinygesture.contract import Float64, Int16, Int64, to_units

DPS_PER_G = 100.0  # 0.01 g counts as much as 1 °/s
REACH_US = 400_000
LEAST_DPS = 20.0  # a threshold that a hand at rest does not reach
ABOVE_REST = 3.0  # times the strongest moment of a hand that was asked to hold still
RESTLESS_DPS = 60.0  # nobody holds still who reaches this


class Motion:
    """The motion of each sample of a stream, wherever the stream is cut into blocks.

    It is how far the sample is from the mean of the 0.4 s before it: in °/s of turning, or
    in hundredths of a g of acceleration, whichever is more. Gravity and a gyroscope's bias, which
    stay the same, count for nothing.
    """

    def __init__(self) -> None:
        self._t_us = np.zeros(0, np.int64)
        self._counts = np.zeros((0, 6), np.int64)

    def of(self, t_us: Int64, counts: Int16) -> Float64:
        """The motion of the next samples, t_us int64[n], counts int16[n, 6]: float64[n], °/s."""
        times = np.concatenate([self._t_us, t_us])
        values = np.concatenate([self._counts, counts.astype(np.int64)])
        ends = np.arange(len(self._t_us), len(times))
        begins = np.searchsorted(times, t_us - REACH_US)
        sums = np.concatenate([np.zeros((1, 6), np.int64), np.cumsum(values, axis=0)])
        before = np.maximum(ends - begins, 1)[:, None]
        motion = _distance(counts - (sums[ends] - sums[begins]) / before)
        motion[ends == begins] = 0.0  # nothing is known of what was before
        kept = int(begins[-1]) if len(begins) else 0
        self._t_us, self._counts = times[kept:], values[kept:]
        return motion


def spread(counts: Int16) -> float:
    """How far a sample of int16[n, 6] is from their mean at most, in the same °/s."""
    return float(_distance(counts - counts.mean(axis=0)).max())


def _distance(differences: Float64) -> Float64:
    """Differences of counts [n, 6] -> float64[n], °/s."""
    units = to_units(differences)
    turning = np.linalg.norm(units[:, 3:], axis=1)
    pushed = DPS_PER_G * np.linalg.norm(units[:, :3], axis=1)
    distance: Float64 = np.maximum(turning, pushed)
    return distance


def threshold_above(rest_dps: float) -> float:
    """The threshold, °/s, for a hand whose strongest moment at rest is `rest_dps`."""
    return max(LEAST_DPS, ABOVE_REST * rest_dps)

"""Where a continuous recording has motion that may be a gesture."""

import numpy as np

from tinygesture.cli.capturing.motion import Motion, threshold_above
from tinygesture.contract import Float64, Int16, Int64

REST_PERCENTILE = 25  # so much of a recording, at least, is taken for rest
JOINED_US = 300_000  # a shorter rest is part of the motion around it
SHORTEST_US = 250_000
MARGIN_US = 40_000  # a gesture begins before its motion is strong, and ends after that

Span = tuple[int, int]  # the beginning and the end in µs


def motion(t_us: Int64, counts: Int16) -> Float64:
    """How much the hand moves at each sample, t_us int64[N], counts int16[N, 6]: float64[N], °/s.

    Before as well as after it there is something else: with `Motion` alone, which looks back, a
    motion seems to last on for as long as that reaches.
    """
    backward = Motion().of(t_us[-1] - t_us[::-1], counts[::-1])[::-1]
    nearer: Float64 = np.minimum(Motion().of(t_us, counts), backward)
    return nearer


def spans(t_us: Int64, of: Float64) -> list[Span]:
    """Stretches of a motion float64[N], each apart from the next, on the clock of the samples."""
    threshold = threshold_above(float(np.percentile(of, REST_PERCENTILE)))
    times = t_us[of >= threshold]
    if len(times) == 0:
        return []
    last_us = int(t_us[-1])
    breaks = np.flatnonzero(np.diff(times) > JOINED_US)
    begins = times[np.concatenate([[0], breaks + 1])].tolist()
    ends = times[np.concatenate([breaks, [len(times) - 1]])].tolist()
    return [
        (max(begin - MARGIN_US, 0), min(end + MARGIN_US, last_us))
        for begin, end in zip(begins, ends, strict=True)
        if end - begin >= SHORTEST_US
    ]

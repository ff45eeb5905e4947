"""From sample messages to a continuous, counted stream."""

import numpy as np

from tinygesture.contract import Int64
from tinygesture.link.messages import Samples


class SampleTracker:
    """Unwraps the board's 32-bit clock and counts what is missing between messages.

    lost: samples that the board produced and that did not arrive.
    """

    def __init__(self) -> None:
        self.received = 0
        self.lost = 0
        self._next_index: int | None = None
        self._last_us: int | None = None

    def unwrap(self, samples: Samples) -> Int64:
        """The unwrapped times of this message's samples, int64[n] in µs, on the board's clock."""
        if self._next_index is not None:
            self.lost += (samples.index - self._next_index) & 0xFFFFFFFF
        self._next_index = (samples.index + len(samples.t_us)) & 0xFFFFFFFF
        self.received += len(samples.t_us)
        steps = np.diff(samples.t_us, prepend=samples.t_us[:1]) & 0xFFFFFFFF
        first = int(samples.t_us[0])
        if self._last_us is not None:
            first = self._last_us + ((first - self._last_us) & 0xFFFFFFFF)
        unwrapped: Int64 = first + np.cumsum(steps)
        self._last_us = int(unwrapped[-1])
        return unwrapped

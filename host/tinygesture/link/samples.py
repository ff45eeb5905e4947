"""From sample messages to a continuous, counted stream."""

from typing import NamedTuple

import numpy as np

from tinygesture.contract import Int64
from tinygesture.link.messages import Samples
from tinygesture.link.session import LinkLost

HALF_CLOCK = 2**31  # a step of this size or more, on counters of 32 bits, is a step back


class Gap(NamedTuple):
    """What is missing before a message, as far as anybody knows; reset: the board began anew."""

    samples: int
    seconds: float
    reset: bool

    @property
    def sentence(self) -> str:
        if self.reset:
            return "The board was reset: its clock began anew."
        return (
            f"Nothing was heard for {self.seconds:.1f} s ({self.samples:,} samples are missing): "
            "this computer probably slept."
        )


class SampleTracker:
    """Unwraps the board's 32-bit clock and counts what is missing between messages.

    lost: samples that the board produced and that did not arrive.
    """

    def __init__(self) -> None:
        self.received = 0
        self.lost = 0
        self._next_index: int | None = None
        self._last_us: int | None = None

    def gap(self, samples: Samples) -> Gap:
        """Between the message before and this one, which has a sample and is not counted yet."""
        if self._next_index is None or self._last_us is None:
            return Gap(0, 0.0, reset=False)
        missing = (samples.index - self._next_index) & 0xFFFFFFFF
        passed_us = (int(samples.t_us[0]) - self._last_us) & 0xFFFFFFFF
        if missing >= HALF_CLOCK or not 0 < passed_us < HALF_CLOCK:
            return Gap(0, 0.0, reset=True)
        return Gap(missing, passed_us / 1e6, reset=False)

    def unwrap(self, samples: Samples) -> Int64:
        """The unwrapped times of this message's samples, int64[n] in µs, on the board's clock.

        Raises LinkLost where clock or index stand still or jump back.
        """
        if len(samples.t_us) == 0:
            return samples.t_us
        lost = 0 if self._next_index is None else (samples.index - self._next_index) & 0xFFFFFFFF
        if lost >= HALF_CLOCK:
            raise _jumped()
        self.lost += lost
        self._next_index = (samples.index + len(samples.t_us)) & 0xFFFFFFFF
        self.received += len(samples.t_us)
        first = int(samples.t_us[0])
        before = first - 1 if self._last_us is None else self._last_us
        first = before + ((first - before) & 0xFFFFFFFF)
        steps = np.diff(samples.t_us) & 0xFFFFFFFF
        unwrapped: Int64 = np.concatenate([[first], first + np.cumsum(steps)])
        taken = np.diff(unwrapped, prepend=before)
        if np.any((taken == 0) | (taken >= HALF_CLOCK)):
            raise _jumped()
        self._last_us = int(unwrapped[-1])
        return unwrapped


def _jumped() -> LinkLost:
    return LinkLost(
        "The board's clock stood still or jumped back; it was probably reset. What was saved "
        "stays. Repeat the command, and press the board's reset button first if it happens again."
    )

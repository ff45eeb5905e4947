"""Per-step probabilities -> gesture events. Integer twin of firmware/lib/detector."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Int8

MAX_SMOOTHING_STEPS = 64
AS_GIVEN = 64  # the doubt with which a confidence is the smoothed probability


@dataclass(frozen=True)
class DetectorConfig:
    """Durations are in canonical samples, so that every architecture shares them.

    smoothing: probabilities are averaged over this long.
    minimum: a label must keep its threshold this long to become an event.
    refractory: after an event, nothing for this long.
    background: bit i says that label i (rest, idle, random) is never an event.
    thresholds: of 256, the smoothed probability that each label needs.
    doubt: of 64, 0..255: how much of the probability that is left for other labels is doubt.
    """

    smoothing: int
    minimum: int
    refractory: int
    background: int
    thresholds: tuple[int, ...]
    doubt: int = AS_GIVEN

    def confidence(self, probability: int) -> int:
        """Of 256, how probably an event is right at a smoothed probability of 256."""
        doubt = ((256 - probability) * self.doubt + 32) >> 6
        return min(max(256 - doubt, 0), 255)


@dataclass(frozen=True)
class Event:
    """label, confidence of 256, and the times of the steps at which the label came on top and
    at which the event was reported, in µs on the clock of the samples."""

    label: int
    confidence: int
    start_us: int
    end_us: int


class Detector:
    """While a label is on top without a break it becomes one event at most.

    hop: canonical samples per step.
    """

    def __init__(self, config: DetectorConfig, hop: int) -> None:
        self.config = config
        self.hop = hop
        self._history: deque[Int8] = deque(maxlen=smoothing_steps(config, hop))
        self.reset()

    def reset(self) -> None:
        self._history.clear()
        self._top = -1  # no step yet
        self._reported = False
        self._start_us = 0
        self._over = 0
        self._since_event = 0xFFFF

    def push(self, probabilities: Int8, t_us: int) -> Event | None:
        """One step's probabilities int8[labels], 1/256 each above -128."""
        self._history.append(probabilities)
        sums = np.sum(np.array(self._history, np.int64) + 128, axis=0)
        self._since_event = min(self._since_event + self.hop, 0xFFFF)
        top = int(np.argmax(sums))
        if top != self._top:
            self._top = top
            self._reported = False
            self._start_us = t_us
            self._over = 0
        background = self.config.background >> top & 1
        over = int(sums[top]) >= self.config.thresholds[top] * len(self._history)
        self._over = min(self._over + self.hop, 0xFFFF) if over and not background else 0
        if self._over == 0 or self._over < self.config.minimum:
            return None
        if self._reported or self._since_event < self.config.refractory:
            return None
        self._reported = True
        self._since_event = 0
        confidence = self.config.confidence(int(sums[top]) // len(self._history))
        return Event(top, confidence, self._start_us, t_us)


def smoothing_steps(config: DetectorConfig, hop: int) -> int:
    """Over how many steps probabilities are averaged."""
    return min(max(-(-config.smoothing // hop), 1), MAX_SMOOTHING_STEPS)

"""Per-step probabilities -> gesture events. Integer twin of firmware/lib/detector."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import Int8

MAX_SMOOTHING_STEPS = 64
BACKGROUND_LABELS = frozenset(
    [
        "rest",
        "idle",
        "still",
        "random",
        "unknown",
        "none",
        "noise",
        "background",
        "walk",
        "type",
        "travel",
    ]
)


@dataclass(frozen=True)
class DetectorConfig:
    """Durations are in canonical samples, so that every architecture shares them.

    smoothing: probabilities are averaged over this long.
    minimum: a label must stay on top this long to become an event.
    refractory: after an event, nothing for this long.
    threshold: of 256, the smoothed probability an event needs.
    background: bit i says that label i (rest, idle, random) is never an event.
    """

    smoothing: int
    minimum: int
    refractory: int
    threshold: int
    background: int


@dataclass(frozen=True)
class Event:
    """label, confidence of 256, and the times of the steps at which the label came on top and
    at which the event was reported, in µs on the clock of the samples."""

    label: int
    confidence: int
    start_us: int
    end_us: int


class Detector:
    """hop: canonical samples per step."""

    def __init__(self, config: DetectorConfig, label_count: int, hop: int) -> None:
        self.config = config
        self.label_count = label_count
        self.hop = hop
        steps = -(-config.smoothing // hop)
        self._history: deque[Int8] = deque(maxlen=min(max(steps, 1), MAX_SMOOTHING_STEPS))
        self.reset()

    def reset(self) -> None:
        self._history.clear()
        self._candidate: int | None = None
        self._reported = False
        self._on_top = 0
        self._since_event = 0xFFFF
        self._start_us = 0

    def push(self, probabilities: Int8, t_us: int) -> Event | None:
        """One step's probabilities int8[labels], 1/256 each above -128."""
        self._history.append(probabilities)
        sums = np.sum(np.array(self._history, np.int64) + 128, axis=0)
        top = int(np.argmax(sums))
        over = int(sums[top]) >= self.config.threshold * len(self._history)
        candidate = top if over and not self.config.background >> top & 1 else None
        if candidate != self._candidate:
            self._candidate = candidate
            self._reported = False
            self._on_top = 0
            self._start_us = t_us
        self._on_top = min(self._on_top + self.hop, 0xFFFF)
        self._since_event = min(self._since_event + self.hop, 0xFFFF)
        if candidate is None or self._reported:
            return None
        if self._on_top < self.config.minimum or self._since_event < self.config.refractory:
            return None
        self._reported = True
        self._since_event = 0
        return Event(candidate, int(sums[top]) // len(self._history), self._start_us, t_us)

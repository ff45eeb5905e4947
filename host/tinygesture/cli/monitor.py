"""What a board has said lately."""

import time
from collections import deque
from dataclasses import dataclass

import numpy as np

from tinygesture.cli.rate import RateMeter
from tinygesture.contract import Float64, Int16
from tinygesture.link import (
    Error,
    GestureEvent,
    Info,
    Probabilities,
    Samples,
    SampleTracker,
    Statistics,
    Stream,
)
from tinygesture.link.messages import Message

STREAMS = Stream.SAMPLES | Stream.PROBABILITIES | Stream.EVENTS | Stream.STATISTICS
SIGNAL_SAMPLES = 300
EVENTS_KEPT = 100
HOW_TO_GET_A_MODEL = (
    "This board has no model: record gestures with `capture`, train one with "
    "`train-and-export`, then `tinygesture flash NAME`."
)


@dataclass(frozen=True)
class Gesture:
    """A recognised gesture. confidence: 0..1; times in seconds on the board's clock."""

    label: str
    confidence: float
    start_s: float
    end_s: float


class Monitor:
    """Feed it a session's messages.

    probabilities: of the latest model step, float64[labels]. signal: the latest samples.
    """

    def __init__(self, info: Info) -> None:
        self.info = info
        self.tracker = SampleTracker()
        self.rate = RateMeter()
        self.began_us: int | None = None
        self.now_us = 0
        self.probabilities: Float64 = np.zeros(len(info.labels))
        self.gestures: deque[Gesture] = deque(maxlen=EVENTS_KEPT)
        self.statistics: Statistics | None = None
        self.trouble = ""
        self._signal: deque[Int16] = deque(maxlen=SIGNAL_SAMPLES)
        self._heard = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        """By the board's clock, since the first sample."""
        return 0.0 if self.began_us is None else (self.now_us - self.began_us) / 1e6

    @property
    def silent_s(self) -> float:
        """How long no samples have come, by this computer's clock."""
        return time.monotonic() - self._heard

    @property
    def signal(self) -> Int16:
        """int16[n, 6]"""
        return np.array(self._signal, np.int16).reshape(-1, 6)

    def take(self, message: Message) -> Gesture | None:
        """One message; the gesture that it reports."""
        if isinstance(message, Samples) and len(message.t_us):
            t_us = self.tracker.unwrap(message)
            self.rate.push(t_us)
            self.began_us = int(t_us[0]) if self.began_us is None else self.began_us
            self.now_us = int(t_us[-1])
            self._heard = time.monotonic()
            self._signal.extend(message.counts)
        elif isinstance(message, Probabilities):
            self.probabilities = (message.values.astype(np.float64) + 128) / 256
        elif isinstance(message, Statistics):
            self.statistics = message
        elif isinstance(message, Error):
            self.trouble = message.text
        elif isinstance(message, GestureEvent):
            gesture = Gesture(
                self.info.labels[message.label],
                round(message.confidence / 256, 3),
                self._seconds(message.start_us),
                self._seconds(message.end_us),
            )
            self.gestures.append(gesture)
            return gesture
        return None

    def _seconds(self, t_us: int) -> float:
        """A time of the 32-bit clock that is near the latest sample's, unwrapped."""
        behind = (self.now_us - t_us + 2**31) % 2**32 - 2**31
        return (self.now_us - behind) / 1e6

"""What a board has said lately."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from tinygesture.cli.rate import RateMeter
from tinygesture.cli.silence import Silence
from tinygesture.contract import Float64, Int16
from tinygesture.link import (
    Error,
    Gap,
    GestureEvent,
    Info,
    Probabilities,
    Samples,
    SampleTracker,
    Statistics,
    Stream,
)
from tinygesture.link.messages import ErrorCode, Message

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

    @property
    def end_us(self) -> int:
        return round(self.end_s * 1e6)


class Monitor:
    """Feed it a session's messages, and the Info of every further hello.

    probabilities: of the latest model step, float64[labels]. signal: the latest samples. lost:
    samples. silence: how long there have been none. gap: what was missed before the latest message.
    """

    def __init__(self, info: Info) -> None:
        self.info = info
        self.rate = RateMeter()
        self.now_us = 0
        self.silence = Silence()
        self.probabilities: Float64 = np.zeros(len(info.labels))
        self.gestures: deque[Gesture] = deque(maxlen=EVENTS_KEPT)
        self.statistics: Statistics | None = None
        self.trouble = ""  # what the board last said of itself; samples end that of the IMU
        self._of_imu = False
        self.gap: Gap | None = None
        self.notice = ""  # what became of the link
        self._tracker = SampleTracker()
        self._began_us: int | None = None
        self._before_s = 0.0  # of the board's lives before this one
        self._lost_before = 0
        self._greeted_again = False
        self._signal: deque[Int16] = deque(maxlen=SIGNAL_SAMPLES)

    @property
    def elapsed_s(self) -> float:
        """By the board's clock, since the first sample."""
        if self._began_us is None:
            return self._before_s
        return self._before_s + (self.now_us - self._began_us) / 1e6

    @property
    def lost(self) -> int:
        return self._lost_before + self._tracker.lost

    @property
    def signal(self) -> Int16:
        """int16[n, 6]"""
        return np.array(self._signal, np.int16).reshape(-1, 6)

    def take(self, message: Message) -> Gesture | None:
        """One message; the gesture that it reports."""
        self.gap = None
        self.silence.take(message)
        if isinstance(message, Samples) and len(message.t_us):
            self._take_samples(message)
        elif isinstance(message, Info):
            self.info = message
            self.probabilities = np.zeros(len(message.labels))
            self._greeted_again = self._began_us is not None
        elif isinstance(message, Probabilities):
            self.probabilities = (message.values.astype(np.float64) + 128) / 256
        elif isinstance(message, Statistics):
            self.statistics = message
        elif isinstance(message, Error):
            self.trouble = message.text
            self._of_imu = message.code == ErrorCode.IMU
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

    def _take_samples(self, samples: Samples) -> None:
        if self._greeted_again:
            self.gap = self._tracker.gap(samples)
            self._greeted_again = False
        if self.gap and self.gap.reset:
            self._before_s = self.elapsed_s
            self._lost_before = self.lost
            self._tracker, self.rate, self._began_us = SampleTracker(), RateMeter(), None
        t_us = self._tracker.unwrap(samples)
        self.rate.push(t_us)
        self._began_us = int(t_us[0]) if self._began_us is None else self._began_us
        self.now_us = int(t_us[-1])
        if self._of_imu:
            self.trouble, self._of_imu = "", False
        self._signal.extend(samples.counts)

    def _seconds(self, t_us: int) -> float:
        """A time of the 32-bit clock that is near the latest sample's, unwrapped."""
        behind = (self.now_us - t_us + 2**31) % 2**32 - 2**31
        return (self.now_us - behind) / 1e6

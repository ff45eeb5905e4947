"""Recordings that begin by motion and end by rest, cut out of a stream."""

from enum import Enum, auto

import numpy as np

from tinygesture.cli.capturing.motion import Motion
from tinygesture.contract import Float64, Int16, Int64

QUIET_US = 400_000  # rest of this length ends a recording, and comes before the next
PRE_ROLL_S = 0.3


class State(Enum):
    SETTLING = auto()  # there is motion, or has been just now
    WAITING = auto()  # rest: the next motion starts a recording
    RUNNING = auto()
    DONE = auto()


class Trigger:
    """Watches a stream until it holds one recording.

    That begins `pre_roll_us` before the first sample whose motion reaches the threshold, so it has
    the beginning of the gesture, and ends after QUIET_US below it or `longest_us` after its first
    sample, if that is earlier. What it holds does not depend on how the stream is cut into blocks.

    t_us int64[n], counts int16[n, 6]: the recording so far, or else the samples of the pre-roll.
    """

    def __init__(self, threshold_dps: float, pre_roll_us: int, longest_us: int) -> None:
        self.state = State.SETTLING
        self.t_us = np.zeros(0, np.int64)
        self.counts = np.zeros((0, 6), np.int16)
        self._threshold = threshold_dps
        self._pre_roll_us = pre_roll_us
        self._longest_us = longest_us
        self._motion = Motion()
        self._first_us: int | None = None
        self._loud_us = 0  # when there was motion last; while settling, also when listening began

    def push(self, t_us: Int64, counts: Int16) -> None:
        """The next samples, int64[n] and int16[n, 6]; those after the recording's end are left."""
        if len(t_us) == 0 or self.state is State.DONE:
            return
        if self._first_us is None:
            self._first_us = self._loud_us = int(t_us[0])
        self.t_us = np.concatenate([self.t_us, t_us])
        self.counts = np.concatenate([self.counts, counts])
        motion = self._motion.of(t_us, counts)
        ends_us = self._advance(t_us, motion)
        if self.state in (State.RUNNING, State.DONE):
            self._cut(self._began_us, ends_us)
        else:
            self._cut(int(t_us[-1]) - self._pre_roll_us, ends_us)

    def _advance(self, t_us: Int64, motion: Float64) -> int | None:
        """Take the state on, sample by sample; the time at which the recording ended, if it did."""
        now: int
        for now, loud in zip(t_us.tolist(), motion >= self._threshold, strict=True):
            if self.state is State.WAITING and loud:
                self.state = State.RUNNING
                self._began_us = now - self._pre_roll_us
            if loud:
                self._loud_us = now
            quiet = now - self._loud_us >= QUIET_US
            if self.state is State.SETTLING:
                assert self._first_us is not None
                if quiet and now - self._first_us >= self._pre_roll_us:
                    self.state = State.WAITING
            elif self.state is State.RUNNING and (
                quiet or now - self._began_us >= self._longest_us
            ):
                self.state = State.DONE
                return now
        return None

    def _cut(self, begin_us: int, end_us: int | None) -> None:
        kept = self.t_us >= begin_us
        if end_us is not None:
            kept &= self.t_us <= end_us
        self.t_us, self.counts = self.t_us[kept], self.counts[kept]

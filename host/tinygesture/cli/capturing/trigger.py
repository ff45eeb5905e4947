"""Recordings that begin by motion and end by rest, cut out of a stream."""

from enum import Enum, auto

import numpy as np

from tinygesture.cli.capturing.motion import REACH_US, Motion, spread
from tinygesture.contract import Int16, Int64

QUIET_US = REACH_US  # rest of this length ends a recording, and comes before the next
PRE_ROLL_S = 0.3


class State(Enum):
    SETTLING = auto()  # there is motion, or has been just now
    WAITING = auto()  # rest: the next motion starts a recording
    RUNNING = auto()
    DONE = auto()


class Trigger:
    """Watches a stream until it holds one recording.

    That begins `pre_roll_us` before the first sample whose motion reaches the threshold, so it has
    the beginning of the gesture, and ends when the samples of the last QUIET_US are closer together
    than that, or `longest_us` after its first sample, if that is earlier. What it holds does not
    depend on how the stream is cut into blocks.
    """

    def __init__(self, threshold_dps: float, pre_roll_us: int, longest_us: int) -> None:
        self.state = State.SETTLING
        self._threshold = threshold_dps
        self._pre_roll_us = pre_roll_us
        self._longest_us = longest_us
        self._motion = Motion()
        self._t_us = np.zeros(0, np.int64)
        self._counts = np.zeros((0, 6), np.int16)
        self._first_us = 0  # of all samples
        self._started_us = 0  # the sample that started the recording
        self._recorded = slice(0, 0)

    @property
    def t_us(self) -> Int64:
        """Of the recording so far, int64[n]; none while it has not begun."""
        return self._t_us[self._recorded]

    @property
    def counts(self) -> Int16:
        """int16[n, 6]"""
        return self._counts[self._recorded]

    @property
    def listened_us(self) -> int:
        """From the first sample to the last."""
        return int(self._t_us[-1]) - self._first_us if len(self._t_us) else 0

    def push(self, t_us: Int64, counts: Int16) -> None:
        """The next samples, int64[n] and int16[n, 6]; those after the recording's end are left."""
        if len(t_us) == 0 or self.state is State.DONE:
            return
        if len(self._t_us) == 0:
            self._first_us = int(t_us[0])
        motion = self._motion.of(t_us, counts)
        before = len(self._t_us)
        self._t_us = np.concatenate([self._t_us, t_us])
        self._counts = np.concatenate([self._counts, counts])
        for at, loud in enumerate(motion >= self._threshold, start=before):
            self.state = state = self._next(self.state, at, bool(loud))
            if state is State.DONE:
                break
        if state in (State.SETTLING, State.WAITING):
            reach_us = max(self._pre_roll_us, QUIET_US)
            kept = int(np.searchsorted(self._t_us, self._t_us[-1] - reach_us))
            self._t_us, self._counts = self._t_us[kept:], self._counts[kept:]
        else:
            begin_us = self._started_us - self._pre_roll_us
            end = at + 1 if state is State.DONE else len(self._t_us)
            self._recorded = slice(int(np.searchsorted(self._t_us, begin_us)), end)

    def _next(self, state: State, at: int, loud: bool) -> State:
        """The state after the sample with this number in the buffer."""
        now = int(self._t_us[at])
        if state is State.SETTLING:
            long_enough = now - self._first_us >= self._pre_roll_us
            return State.WAITING if long_enough and self._quiet(at, self._first_us) else state
        if state is State.WAITING:
            self._started_us = now
            return State.RUNNING if loud else state
        recorded_us = now - self._started_us + self._pre_roll_us
        if recorded_us >= self._longest_us or self._quiet(at, self._started_us):
            return State.DONE
        return state

    def _quiet(self, at: int, since_us: int) -> bool:
        """Whether the last QUIET_US before a sample, all of them after `since_us`, were quiet."""
        begin_us = int(self._t_us[at]) - QUIET_US
        if begin_us < since_us:
            return False
        begin = int(np.searchsorted(self._t_us, begin_us))
        return spread(self._counts[begin : at + 1]) < self._threshold

"""Recording gestures from a live stream, timed by the board's own clock."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tinygesture.cli.rate import RateMeter
from tinygesture.contract import MAX_GAP_US, Int16, Int64
from tinygesture.errors import UserError
from tinygesture.link import (
    Cue,
    CueKind,
    Error,
    LinkLost,
    Samples,
    SampleTracker,
    Session,
    Stream,
)
from tinygesture.link.messages import Message

SILENCE_S = 3.0


@dataclass(frozen=True)
class Moment:
    """What is going on while somebody gets ready for a gesture, or performs it.

    t_us int64[n], counts int16[n, 6]: the samples since the cue. rate_hz: over the last second;
    drops and crc_errors: of the whole session.
    """

    cue: Cue
    elapsed_s: float
    length_s: float
    t_us: Int64
    counts: Int16
    rate_hz: float
    drops: int
    crc_errors: int


@dataclass(frozen=True)
class Take:
    """One recorded gesture: t_us int64[n] from 0, counts int16[n, 6], and what was lost in it."""

    t_us: Int64
    counts: Int16
    drops: int
    crc_errors: int


class Recorder:
    """Gives the cues and records what follows. show: is told of every moment."""

    def __init__(self, session: Session, show: Callable[[Moment], None]) -> None:
        self._session = session
        self._show = show
        self._tracker = SampleTracker()
        self._rate = RateMeter()
        session.stream(Stream.SAMPLES)

    def take(self, label: str, countdown_s: float, seconds: float) -> Take:
        """A countdown, then the samples of `seconds` from "go". Raises LinkLost."""
        for _ in self._moments(Cue(CueKind.READY, label), countdown_s):
            pass
        lost, damaged = self._tracker.lost, self._session.crc_errors
        *_, last = self._moments(Cue(CueKind.GO, label), seconds)
        self._session.send(Cue(CueKind.NONE))
        steps = np.diff(last.t_us)
        if steps[steps <= MAX_GAP_US].sum() < seconds * 1e6 / 2:
            raise UserError(
                f"Less than half of the {label} arrived from {self._session.name}, so it was not "
                "saved. Use another cable or USB port, and repeat the command."
            )
        return Take(
            last.t_us - last.t_us[0],
            last.counts,
            self._tracker.lost - lost,
            self._session.crc_errors - damaged,
        )

    def _moments(self, cue: Cue, length_s: float) -> Iterator[Moment]:
        """One moment per message, from the first sample after the cue until `length_s` later."""
        while (waiting := self._session.receive(0)) is not None:
            self._samples_of(waiting)  # older than the cue
        self._session.send(cue)
        times: list[Int64] = []
        counts: list[Int16] = []
        heard = time.monotonic()
        for message in self._session.messages(SILENCE_S):
            t_us, samples = self._samples_of(message)
            if len(t_us) == 0:
                if time.monotonic() - heard > SILENCE_S:
                    raise LinkLost(
                        f"{self._session.name} has sent no samples for {SILENCE_S:g} s; its IMU "
                        "probably does not answer. Reset the board and repeat the command."
                    )
                continue
            heard = time.monotonic()
            times.append(t_us)
            counts.append(samples)
            elapsed_s = float(t_us[-1] - times[0][0]) / 1e6
            all_t_us, all_counts = np.concatenate(times), np.concatenate(counts)
            inside = all_t_us - all_t_us[0] < length_s * 1e6
            moment = Moment(
                cue,
                min(elapsed_s, length_s),
                length_s,
                all_t_us[inside],
                all_counts[inside],
                self._rate.hz,
                self._tracker.lost,
                self._session.crc_errors,
            )
            self._show(moment)
            yield moment
            if elapsed_s >= length_s:
                return

    def _samples_of(self, message: Message) -> tuple[Int64, Int16]:
        """t_us int64[n], counts int16[n, 6]; none if it is another message."""
        if isinstance(message, Error):
            raise UserError(
                f"{self._session.name} reports trouble: {message.text}. Reset the board and "
                "repeat the command."
            )
        if not isinstance(message, Samples) or len(message.t_us) == 0:
            return np.zeros(0, np.int64), np.zeros((0, 6), np.int16)
        t_us = self._tracker.unwrap(message)
        self._rate.push(t_us)
        return t_us, message.counts

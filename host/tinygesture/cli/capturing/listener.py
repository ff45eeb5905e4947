"""The samples of a session with a board, as they come, and how well they come."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tinygesture.cli.rate import RateMeter
from tinygesture.cli.silence import Silence
from tinygesture.contract import Int16, Int64
from tinygesture.dataset.quality import RANGE_END
from tinygesture.errors import UserError
from tinygesture.link import (
    Cue,
    CueKind,
    Error,
    Info,
    LinkLost,
    Samples,
    SampleTracker,
    Session,
    Stream,
)
from tinygesture.link.messages import Message

SILENCE_S = 3.0
CLIPPING_US = 1_000_000  # for how long the end of the range is shown


class Interrupted(LinkLost):
    """Samples come again on the same link, but not those that follow the ones before."""


class Block(NamedTuple):
    """t_us int64[n], counts int16[n, 6], n >= 1; lost and damaged: of the session up to here."""

    t_us: Int64
    counts: Int16
    lost: int
    damaged: int


class Listener:
    """Streams samples from a board, and shows it cues.

    rate_hz: over the last second; clips: a sample of the last second is at the range's end.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tracker = SampleTracker()
        self._rate = RateMeter()
        self._clipped_us: int | None = None
        self._now_us = 0
        self.info = session.info
        session.stream(Stream.SAMPLES)

    @property
    def rate_hz(self) -> float:
        return self._rate.hz

    @property
    def lost(self) -> int:
        return self._tracker.lost

    @property
    def damaged(self) -> int:
        return self._session.crc_errors

    @property
    def clips(self) -> bool:
        return self._clipped_us is not None and self._now_us - self._clipped_us < CLIPPING_US

    def cue(self, kind: CueKind, label: str = "") -> None:
        """What the person who holds the board sees. Raises LinkLost."""
        self._session.send(Cue(kind, label))

    def catch_up(self) -> None:
        """Pass over what has come and was not asked for yet. Raises LinkLost."""
        while (message := self._session.receive(0)) is not None:
            self._block(message)

    def blocks(self) -> Iterator[Block]:
        """Samples as they come, every one after the one before, except for losses on the way.

        Raises Interrupted where the board had to be greeted again, LinkLost where no samples come,
        UserError for IMU trouble.
        """
        greeted_again = False
        silence = Silence()
        for message in self._session.lasting_messages(SILENCE_S):
            silence.take(message)
            once_more = greeted_again and isinstance(message, Info)
            if once_more or silence.seconds > SILENCE_S:
                raise LinkLost(
                    f"{self._session.name} has sent no samples for {SILENCE_S:g} s; its IMU "
                    "probably does not answer. Reset the board and repeat the command."
                )
            if isinstance(message, Info):
                greeted_again = True
            elif greeted_again and isinstance(message, Samples) and len(message.t_us):
                gap = self._tracker.gap(message)
                raise Interrupted(f"{gap.sentence} Repeat the command.")
            elif block := self._block(message):
                yield block

    def _block(self, message: Message) -> Block | None:
        if isinstance(message, Error):
            raise UserError(
                f"{self._session.name} reports trouble: {message.text}. Reset the board and "
                "repeat the command."
            )
        if not isinstance(message, Samples) or len(message.t_us) == 0:
            return None
        t_us = self._tracker.unwrap(message)
        self._rate.push(t_us)
        self._now_us = int(t_us[-1])
        ends = (np.abs(message.counts.astype(np.int32)) >= RANGE_END).any(axis=1)
        if ends.any():
            self._clipped_us = int(t_us[ends][-1])
        return Block(t_us, message.counts, self.lost, self.damaged)

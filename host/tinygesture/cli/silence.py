"""Boards that go on talking, and send no samples."""

import time
from collections.abc import Callable

from tinygesture.link import Samples
from tinygesture.link.messages import Message

AT_MOST_S = 1.0


class Silence:
    """Feed it a session's messages.

    seconds: for how long they have held no samples; between two messages AT_MOST_S counts at most,
    since this computer may have paused.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = 0.0
        self._clock = clock
        self._heard_at = clock()

    def take(self, message: Message) -> None:
        now = self._clock()
        self.seconds += min(now - self._heard_at, AT_MOST_S)
        self._heard_at = now
        if isinstance(message, Samples) and len(message.t_us):
            self.seconds = 0.0

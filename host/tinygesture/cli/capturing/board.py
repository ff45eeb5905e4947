"""The board at a port, which may be unplugged, reset or asleep for a while and come back."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tinygesture import boards
from tinygesture.cli.capturing.listener import Listener
from tinygesture.errors import UserError
from tinygesture.link import Info, LinkLost

PATIENCE_S = 30.0  # for a board to come back, where nobody is there to plug it in
ATTEMPTS = 3  # connections in a row that gave no recording, where nobody is there
RETRY_S = 0.3


class Board:
    """A connection that can be made anew. Raises UserError where the first one fails.

    watched: somebody sees the screen, so there is no limit to waiting. `useful` says that the
    connection gave a recording.
    """

    def __init__(self, port: str, watched: bool) -> None:
        self.port = port
        self._watched = watched
        self._failed = 0
        self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    @property
    def info(self) -> Info:
        return self._session.info

    def useful(self) -> None:
        self._failed = 0

    @property
    def how_long(self) -> str:
        return "Ctrl-C ends." if self._watched else f"It has {PATIENCE_S:g} s to do so."

    def wait_for_return(self, lost: LinkLost, pause: Callable[[float], None]) -> None:
        """Connect anew as soon as the port answers. Raises `lost` where that takes too long.

        pause: is called between two attempts, with seconds.
        """
        self._session.close()
        self._failed += 1
        if self._failed >= ATTEMPTS and not self._watched:
            raise lost
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._connect()
            except UserError:
                if time.monotonic() > deadline and not self._watched:
                    raise lost from None
            pause(RETRY_S)

    def _connect(self) -> None:
        session = boards.connect(self.port)
        try:
            self.listener = Listener(session)
        except BaseException:
            session.close()
            raise
        self._session = session

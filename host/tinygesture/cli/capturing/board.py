"""The board at a port, which may be unplugged, reset or asleep for a while and come back."""

import time
from types import TracebackType
from typing import Self

from tinygesture import boards
from tinygesture.cli.capturing.keys import Keys
from tinygesture.cli.capturing.listener import Listener
from tinygesture.cli.capturing.words import View
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
        self.watched = watched
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

    def come_back(self, lost: LinkLost, view: View, keys: Keys) -> bool:
        """Say what happened, and connect anew as soon as the port answers.

        False where somebody quits instead. Raises `lost` where nobody is there and it takes long.
        """
        self._session.close()
        self._failed += 1
        if self._failed >= ATTEMPTS and not self.watched:
            raise lost
        end = "q ends." if self.watched else f"It has {PATIENCE_S:g} s to do so."
        view.show(None)
        view.warn(
            f"{str(lost).split('. ')[0]}. Everything recorded is saved. Waiting for the board to "
            f"come back: plug it in again, or press its reset button. {end}"
        )
        deadline = time.monotonic() + PATIENCE_S
        while not self._connects():
            if time.monotonic() > deadline and not self.watched:
                raise lost
            if keys.pressed(RETRY_S) == "q":
                return False
        view.say("The board is back.")
        return True

    def _connects(self) -> bool:
        try:
            self._connect()
        except UserError:
            return False
        return True

    def _connect(self) -> None:
        session = boards.connect(self.port)
        try:
            self.listener = Listener(session)
        except BaseException:
            session.close()
            raise
        self._session = session

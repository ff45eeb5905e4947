"""A board at a port, which may be unplugged, reset or asleep for a while and come back."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tinygesture import boards
from tinygesture.cli.capturing.keys import Keys
from tinygesture.errors import UserError
from tinygesture.link import Info, LinkLost, Session

PATIENCE_S = 30.0  # for a board to come back, where nobody is there to plug it in
ATTEMPTS = 3  # connections in a row that were of no use, where nobody is there
RETRY_S = 0.3


class Connection:
    """A session that can be made anew. Raises UserError where the first one fails.

    watched: somebody sees the screen, so there is no limit to waiting. `useful` says that the
    connection gave what it was made for. reassurance: a sentence for those who wait.
    """

    reassurance = ""

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
        self.session.close()

    @property
    def info(self) -> Info:
        return self.session.info

    def useful(self) -> None:
        self._failed = 0

    def begin(self) -> None:
        """What is asked of the board in every new session. Raises LinkLost."""

    def make_anew(self, lost: LinkLost, tell: Callable[[str], None], keys: Keys) -> bool:
        """Tell what happened, and connect anew as soon as the port answers.

        False where somebody quits instead. Raises `lost` where nobody is there and it takes long.
        """
        self.session.close()
        self.failed(lost)
        end = "q ends." if self.watched else f"It has {PATIENCE_S:g} s to do so."
        tell(
            f"{str(lost).split('. ')[0]}. {self.reassurance}Waiting for the board to come back: "
            f"plug it in again, or press its reset button. {end}"
        )
        deadline = time.monotonic() + PATIENCE_S
        while not self._connects():
            if time.monotonic() > deadline and not self.watched:
                raise lost
            if keys.pressed(RETRY_S) == "q":
                return False
        tell("The board is back.")
        return True

    def failed(self, lost: LinkLost) -> None:
        """Raises `lost` where that has happened too often and nobody is there."""
        self._failed += 1
        if self._failed >= ATTEMPTS and not self.watched:
            raise lost

    def _connects(self) -> bool:
        try:
            self._connect()
        except UserError:
            return False
        return True

    def _connect(self) -> None:
        self.session: Session = boards.connect(self.port)
        try:
            self.begin()
        except BaseException:
            self.session.close()
            raise

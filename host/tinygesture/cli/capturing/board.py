"""The board that recordings come from."""

from tinygesture.cli.capturing.keys import Keys
from tinygesture.cli.capturing.listener import Interrupted, Listener
from tinygesture.cli.capturing.words import View
from tinygesture.cli.connection import Connection
from tinygesture.link import LinkLost


class Board(Connection):
    """A connection with a listener to its samples."""

    reassurance = "Everything recorded is saved. "

    def begin(self) -> None:
        self.listener = Listener(self.session)

    def come_back(self, lost: LinkLost, view: View, keys: Keys) -> bool:
        """Listen to the samples again: of the same session where that lives, else of a new one.

        False where somebody quits instead. Raises `lost` where nobody is there and it takes long.
        """
        view.show(None)
        if isinstance(lost, Interrupted):
            self.failed(lost)
            try:
                self.begin()
            except LinkLost as gone:
                lost = gone
            else:
                view.warn(f"{str(lost).split('. ')[0]}. {self.reassurance}It goes on.")
                return True
        return self.make_anew(lost, view.warn, keys)

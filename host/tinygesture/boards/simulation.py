"""A running virtual board: its process, its serial socket, and the feed of its IMU."""

import os
import signal
import socket
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from tinygesture.boards.feed import Feed
from tinygesture.boards.kinds import VirtualBoard, virtual_board
from tinygesture.boards.sources import Source, make_source
from tinygesture.errors import UserError

# Ends its process group, which is itself and the board: when the board ends, and when the host
# lets go of its standard input, also because the host was killed.
GUARD = '{ "$@"; kill -KILL 0; } & read -r _; kill -KILL 0'


@dataclass(frozen=True)
class Address:
    """A parsed sim:// URL."""

    board: VirtualBoard
    source: Source
    speed: float
    firmware: Path

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Raises UserError for an unknown board or parameter, or a value that does not fit."""
        board = virtual_board(url)
        parameters = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        firmware = Path(parameters.pop("firmware", "") or board.flashed())
        try:
            speed = float(parameters.pop("speed", "1"))
        except ValueError:
            speed = -1.0
        if not 0 <= speed < 1000:
            raise UserError("speed= is a factor of 0 (as fast as can be) to 1000; 1 is real time.")
        return cls(board, make_source(parameters), speed, firmware)


class Simulation:
    """One virtual board, switched on."""

    def __init__(self, process: subprocess.Popen[bytes], link: socket.socket, feed: Feed) -> None:
        self.serial = link
        self._process = process
        self._feed = feed

    @classmethod
    def start(cls, url: str) -> Self:
        """Raises UserError where the board has no firmware or its emulator is missing."""
        if os.name != "posix":
            raise UserError(
                "Virtual boards need Linux or macOS; on Windows use them in WSL, or a real board."
            )
        address = Address.parse(url)
        board = address.board
        board.check_runnable(address.firmware)
        link, board_link = socket.socketpair()
        feed, board_feed = socket.socketpair()
        with board_link, board_feed:
            command = board.command(address.firmware, board_link.fileno(), board_feed.fileno())
            process = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "virtual-board", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(board_link.fileno(), board_feed.fileno()),
                start_new_session=True,  # Ctrl-C is for the host, which then stops the board
            )
        return cls(process, link, Feed(feed, address.source, address.speed))

    def why_it_ended(self) -> str:
        """A sentence for a board whose serial port closed by itself."""
        self._end()
        assert self._process.stderr is not None
        said = self._process.stderr.read().decode(errors="replace").strip()
        return f"the virtual board ended by itself{': ' + said if said else ''}"

    def stop(self) -> None:
        """Switches the board off; no process is left behind."""
        self._feed.stop()
        self._end()
        self.serial.close()

    def _end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(ProcessLookupError):  # also where somebody killed the guard alone
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

"""What can stand at the other end of the link: finding, building, flashing, connecting."""

import serial

from tinygesture.boards.build import Firmware, build, flash
from tinygesture.boards.find import Found, find
from tinygesture.boards.kinds import (
    BOARDS,
    ENGINES,
    TFLM,
    VIRTUAL_BOARDS,
    BoardKind,
    VirtualBoard,
    board_kind,
    virtual_board,
)
from tinygesture.boards.usb import choose, upload
from tinygesture.link import Session, open_session

__all__ = [
    "BOARDS",
    "ENGINES",
    "TFLM",
    "VIRTUAL_BOARDS",
    "BoardKind",
    "Firmware",
    "Found",
    "VirtualBoard",
    "board_kind",
    "build",
    "choose",
    "connect",
    "find",
    "flash",
    "upload",
    "virtual_board",
]

serial.protocol_handler_packages.append("tinygesture.boards.urlhandler")


def connect(port: str) -> Session:
    """A session with the board at a device or a sim:// URL. Raises UserError."""
    return open_session(port)

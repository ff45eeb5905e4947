"""What is connected to this computer."""

import time
from dataclasses import dataclass
from typing import Any

from serial.tools import list_ports

from tinygesture.boards.kinds import VIRTUAL_BOARDS, VirtualBoard
from tinygesture.errors import UserError

SKETCH = (0x2341, 0x805A)  # vendor and product of a Nano 33 BLE
BOOTLOADER = (0x2341, 0x005A)
NANO = "Arduino Nano 33 BLE"
LOOKS = 5


@dataclass(frozen=True)
class Found:
    """A port that a command can take. board: its kind, or empty where it is not known."""

    port: str
    board: str
    description: str
    in_bootloader: bool = False


def find() -> list[Found]:
    """Serial ports first, Arduino Nano 33 BLE before all, then the virtual boards."""
    return [*_serial_ports(), *_virtual_boards()]


def ports() -> list[Any]:
    """pyserial's ports of now. It stumbles over a device that leaves while it looks."""
    for _ in range(LOOKS - 1):
        try:
            return list(list_ports.comports())
        except (TypeError, OSError):
            time.sleep(0.02)
    return list(list_ports.comports())


def _serial_ports() -> list[Found]:
    found = []
    for port in ports():
        ids = (port.vid, port.pid)
        if ids == SKETCH:
            found.append(Found(port.device, "nano33ble", NANO))
        elif ids == BOOTLOADER:
            found.append(Found(port.device, "nano33ble", f"{NANO}, in its bootloader", True))
        elif port.vid is not None:
            found.append(Found(port.device, "", port.description or "serial port"))
    return sorted(found, key=lambda f: (f.board == "", f.port))


def _virtual_boards() -> list[Found]:
    return [
        Found(
            f"sim://{board.name}",
            board.name,
            f"{board.title}{_state(board)}",
        )
        for board in VIRTUAL_BOARDS.values()
    ]


def _state(board: VirtualBoard) -> str:
    try:
        return "" if board.flashed().is_file() else ", not flashed yet"
    except UserError:
        return ", works in a clone of tinygesture only"

"""Putting firmware on a real board: find it, hand it to PlatformIO, and meet it again afterwards.

A board changes the name of its port between sketch and bootloader, above all on Windows; its USB
serial number stays, so that is what it is followed by.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serial.tools import list_ports

from tinygesture.boards import platformio
from tinygesture.boards.build import Firmware, build, find_bundle
from tinygesture.boards.find import BOOTLOADER, SKETCH
from tinygesture.boards.kinds import COMPILED, NANO33BLE
from tinygesture.errors import UserError
from tinygesture.link import Info, open_session

COMES_BACK_S = 20.0
ANSWERS_S = 10.0
LOOK_EVERY_S = 0.2

DOUBLE_TAP = (
    "Press the board's reset button twice, quickly: the orange light then fades in and out. "
    "Repeat the command while it does."
)


@dataclass(frozen=True)
class Plugged:
    """A Nano 33 BLE on USB. serial: its USB serial number, empty where the system hides it."""

    port: str
    serial: str
    in_bootloader: bool


def plugged(ports: Sequence[Any] | None = None) -> list[Plugged]:
    """Every Nano 33 BLE among pyserial's ports, in sketch or bootloader; None: those of now."""
    found = []
    for port in list_ports.comports() if ports is None else ports:
        ids = (port.vid, port.pid)
        if ids in (SKETCH, BOOTLOADER):
            found.append(Plugged(port.device, port.serial_number or "", ids == BOOTLOADER))
    return sorted(found, key=lambda board: board.port)


def choose(port: str | None) -> Plugged:
    """The only board, or the one at `port`. Raises UserError."""
    ports = list_ports.comports()
    boards = plugged(ports)
    if port is not None:
        known = [board for board in boards if board.port == port]
        return known[0] if known else _unknown(port, ports)
    if len(boards) == 1:
        return boards[0]
    if boards:
        names = ", ".join(board.port for board in boards)
        raise UserError(f"Several boards are connected ({names}). Say which with --port.")
    raise UserError(
        "No Arduino Nano 33 BLE is connected. Plug it in with a cable that carries data (many only "
        f"charge). If it is plugged in and still not found: {DOUBLE_TAP}"
    )


def _unknown(port: str, ports: Sequence[Any]) -> Plugged:
    """A port that is named and not known to be a Nano 33 BLE."""
    for other in ports:
        if other.device != port:
            continue
        if other.vid is None:  # a system that does not tell: take the user's word
            return Plugged(port, "", False)
        raise UserError(
            f"{port} is {other.description or 'another device'} "
            f"({other.vid:04x}:{other.pid or 0:04x}) and no Arduino Nano 33 BLE. "
            "`tinygesture boards` lists the ports."
        )
    raise UserError(
        f"There is no port {port}. `tinygesture boards` lists what is connected. If the board was "
        f"there a moment ago: {DOUBLE_TAP}"
    )


def upload(
    board: Plugged,
    model: str | Path,
    model_id: str,
    report: Callable[[str], None],
    engine: str = COMPILED,
) -> tuple[Firmware, Info]:
    """Builds, uploads, and asks the board what it is now. Raises UserError.

    model: a bundle's folder, or empty; model_id: what the board is to answer, empty for none.
    """
    firmware = build(NANO33BLE, model, report, engine)
    options = ("-t", "upload", "--upload-port", board.port)
    lines, status = platformio.run(NANO33BLE.env(engine), find_bundle(model), report, *options)
    if status != 0:
        raise UserError(explain(board.port, lines))
    info = meet(board, report)
    if info.model_id != model_id:
        raise UserError(
            f"The board runs the model {info.model_id or 'none'} and not {model_id or 'none'}, so "
            "the upload did not take. Repeat the command."
        )
    return firmware, info


def meet(board: Plugged, report: Callable[[str], None]) -> Info:
    """Waits for the board to come back, and for its answer to hello. Raises UserError."""
    deadline = time.monotonic() + COMES_BACK_S
    report("waiting for the board to come back")
    while (port := _port_of(board)) is None:
        if time.monotonic() > deadline:
            raise UserError(
                f"The firmware was written, but the board did not come back within "
                f"{COMES_BACK_S:g} s. Press its reset button once, and look with "
                "`tinygesture boards`."
            )
        time.sleep(LOOK_EVERY_S)
    deadline = time.monotonic() + ANSWERS_S
    while True:
        try:
            with open_session(port) as session:
                return session.info
        except UserError:
            if time.monotonic() > deadline:
                raise
        time.sleep(LOOK_EVERY_S)  # the system may hold a new port for a moment


def _port_of(board: Plugged) -> str | None:
    """Where the board's sketch is now."""
    ports = list_ports.comports()
    if not board.serial:
        return board.port if board.port in {port.device for port in ports} else None
    for other in plugged(ports):
        if other.serial == board.serial and not other.in_bootloader:
            return other.port
    return None


_CAUSES = [
    (
        r"No device found on|SAM-BA operation failed|No such file or directory.*tty|"
        r"could not open port.*FileNotFoundError|Couldn't find a board",
        f"The board's bootloader did not answer on {{port}}. {DOUBLE_TAP}",
    ),
    (
        r"Permission denied|PermissionError|Access is denied",
        "{port} may not be opened. On Linux add yourself to its group with `sudo usermod -aG "
        "dialout $USER` and log in again; on Windows close the program that has it open.",
    ),
    (
        r"[Rr]esource busy|Device or resource busy|could not exclusively lock",
        "{port} is in use. Close the serial monitor that has it open; on Linux ModemManager may "
        "hold a new port for some seconds: wait and repeat the command.",
    ),
    (
        r"Could not install package|HTTPClientError|InternetConnectionError|UnknownPackageError",
        "PlatformIO could not fetch what it uploads with; its registry was probably not reachable. "
        "Go online and try again: it needs that once.",
    ),
    (
        r"Error: Please specify `upload_port`",
        f"PlatformIO did not find the board. {DOUBLE_TAP}",
    ),
]


def explain(port: str, lines: list[str]) -> str:
    """A sentence for an upload that failed, by what PlatformIO and bossac said."""
    said = "\n".join(lines)
    for pattern, sentence in _CAUSES:
        if re.search(pattern, said):
            return sentence.format(port=port)
    last = "\n".join(line for line in lines if line)[-600:]
    return f"The firmware could not be put on the board at {port}; PlatformIO said:\n{last}"

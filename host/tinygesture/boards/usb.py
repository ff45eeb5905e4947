"""Putting firmware on a real board: find it, hand it to PlatformIO, and meet it again afterwards.

A board changes the name of its port between sketch and bootloader, above all on Windows; its USB
serial number stays, so that is what it is followed by.
"""

import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tinygesture.boards import platformio
from tinygesture.boards.build import Firmware, build, find_bundle
from tinygesture.boards.find import BOOTLOADER, SKETCH
from tinygesture.boards.find import ports as ports_of_now
from tinygesture.boards.kinds import COMPILED, NANO33BLE
from tinygesture.errors import UserError
from tinygesture.link import PUSHED, Info, open_session, remove
from tinygesture.link.ports import open_port

COMES_BACK_S = 20.0
ANSWERS_S = 10.0
LOOK_EVERY_S = 0.2

ARDUINO = 0x2341
NO_IMU = "none"  # what the firmware calls it
DOUBLE_TAP = (
    "Press the board's reset button twice, quickly, so that the orange light fades in and out, and "
    "repeat the command while it does."
)


@dataclass(frozen=True)
class Plugged:
    """A Nano 33 BLE on USB. serial: its USB serial number, empty where the system hides it."""

    port: str
    serial: str
    in_bootloader: bool


def plugged(ports: Sequence[Any]) -> list[Plugged]:
    """Every Nano 33 BLE among pyserial's ports, in sketch or bootloader."""
    found = []
    for port in ports:
        ids = (port.vid, port.pid)
        if ids in (SKETCH, BOOTLOADER):
            found.append(Plugged(port.device, port.serial_number or "", ids == BOOTLOADER))
    return sorted(found, key=lambda board: board.port)


def choose(port: str | None) -> Plugged:
    """The only board, or the one at `port`. Raises UserError."""
    ports = ports_of_now()
    boards = plugged(ports)
    if port is not None:
        known = [board for board in boards if _same(board.port, port)]
        return known[0] if known else _unknown(port, ports)
    if len(boards) == 1:
        return boards[0]
    if boards:
        names = ", ".join(board.port for board in boards)
        raise UserError(
            f"Several boards are connected ({names}), and any of them could be meant. Say which "
            "with --port.",
            see="Several boards are connected",
        )
    others = [f"{other.device} is {_named(other)}" for other in ports if other.vid is not None]
    raise UserError(
        f"No Arduino Nano 33 BLE is connected{''.join(f'; {other}' for other in others)}. Plug it "
        "in, with a cable that carries data, since many only charge. If it is plugged in already, "
        f"its sketch probably hangs. {DOUBLE_TAP}",
        see="No board is found",
    )


def _same(listed: str, named: str) -> bool:
    """Whether both name one port: a link such as /dev/serial/by-id/..., macOS's tty for its cu."""
    named = named.replace("/dev/tty.", "/dev/cu.")
    return os.path.normcase(os.path.realpath(listed)) == os.path.normcase(os.path.realpath(named))


def _unknown(port: str, ports: Sequence[Any]) -> Plugged:
    """A port that is named and not known to be a Nano 33 BLE."""
    for other in ports:
        if not _same(other.device, port):
            continue
        if other.vid is None:  # a system that does not tell: take the user's word
            return Plugged(port, "", False)
        if other.vid == ARDUINO:
            raise UserError(
                f"{port} is {_named(other)}, another Arduino than the Nano 33 BLE for which this "
                "firmware is made. Plug in a Nano 33 BLE Sense, or name its port.",
                see="It is another Arduino",
            )
        raise UserError(
            f"{port} is {_named(other)}, probably the serial chip of another board, and no Arduino "
            "Nano 33 BLE. Name the board's own port; `tinygesture boards` lists the ports.",
            see="The port is another board's serial chip",
        )
    raise UserError(
        f"There is no port {port}; the board is probably not plugged in, or hangs, or has another "
        "name now, which `tinygesture boards` lists. If it was there a moment ago, its sketch "
        f"probably hangs. {DOUBLE_TAP}",
        see="No board is found",
    )


def _named(port: Any) -> str:
    return f"{port.description or 'a device'} ({port.vid:04x}:{port.pid or 0:04x})"


def upload(
    board: Plugged,
    model: str | Path,
    model_id: str,
    report: Callable[[str], None],
    engine: str = COMPILED,
) -> tuple[Firmware, Info, str]:
    """Builds, uploads, and asks the board what it is now, and at which port. Raises UserError.

    model: a bundle's folder, or empty; model_id: what the board is to answer, empty for none.
    """
    others = [other for other in plugged(ports_of_now()) if other != board]
    firmware = build(NANO33BLE, model, report, engine)
    before = plugged(ports_of_now())
    board = _found_again(board, [other for other in before if other not in others])
    open_port(board.port).close()  # why it cannot be is said before anything is written
    options = ("-t", "upload", "--upload-port", board.port)
    lines, status = platformio.run(NANO33BLE.env(engine), find_bundle(model), report, *options)
    if status != 0:
        raise explain(board.port, lines)
    info, port = meet(board, before, report)
    if info.model_id != model_id:
        raise UserError(
            f"The board says that it runs the model {info.model_id or 'none'}, and "
            f"{model_id or 'none'} was uploaded; the upload probably did not take, or another "
            "board answered. Repeat the command, with this board alone.",
            see="The board answers with another model",
        )
    if info.imu == NO_IMU:
        raise UserError(
            "The firmware was written and answers, but finds no IMU; the board is probably no "
            "Sense, or its IMU hangs. Unplug it, plug it in again, and look at its light: red "
            "means that the IMU is still missing.",
            see="The IMU does not answer",
        )
    return firmware, info, port


def _found_again(board: Plugged, plugged_now: Sequence[Plugged]) -> Plugged:
    """The board after the build, in which ports may have changed their names. Raises UserError."""
    if not board.serial:
        return board
    same = [other for other in plugged_now if other.serial == board.serial]
    same = [other for other in same if other.port == board.port] or same
    if len(same) == 1:
        return same[0]
    raise UserError(
        f"The board at {board.port} is not there any more; it was probably unplugged or reset "
        "during the build, and nothing was written. Plug it in and repeat the command, which "
        "builds in a moment now.",
        see="The port vanishes during the upload, or does not come back",
    )


def meet(
    board: Plugged, before: Sequence[Plugged], report: Callable[[str], None]
) -> tuple[Info, str]:
    """Waits for the board to come back: its answer to hello, and its port. Raises UserError.

    before: every board that was there before the upload.
    """
    deadline = time.monotonic() + COMES_BACK_S
    report("waiting for the board to come back")
    while (port := _port_of(board, before)) is None:
        if time.monotonic() > deadline:
            raise UserError(
                f"The firmware was written, but the board did not come back within "
                f"{COMES_BACK_S:g} s; it is probably still in its bootloader. Press its reset "
                "button once, and look with `tinygesture boards`.",
                see="The port vanishes during the upload, or does not come back",
            )
        time.sleep(LOOK_EVERY_S)
    deadline = time.monotonic() + ANSWERS_S
    while True:
        try:
            with open_session(port) as session:
                if session.info.engine == PUSHED:
                    remove(session)  # a kept model would run instead of the uploaded one
                return session.info, port
        except UserError as error:
            if time.monotonic() > deadline:
                raise UserError(
                    "The firmware was written, but did not tell what it is. If it never does, "
                    f"press the board's reset button once. What failed: {error.args[0]}",
                    see=error.see or "The board does not answer after the upload",
                ) from error
        time.sleep(LOOK_EVERY_S)  # the system may hold a new port for a moment


def _port_of(board: Plugged, before: Sequence[Plugged]) -> str | None:
    """Where the board's sketch is now.

    Sketches of old cores all have the same USB serial number, so where its own does not come back,
    the only board with a new one is taken.
    """
    ports = ports_of_now()
    if not board.serial:
        return board.port if board.port in {port.device for port in ports} else None
    sketches = [other for other in plugged(ports) if not other.in_bootloader]
    known = {other.serial for other in before}
    same = [other.port for other in sketches if other.serial == board.serial]
    new = [other.port for other in sketches if other.serial not in known]
    return same[0] if same else new[0] if len(new) == 1 else None


class Cause(NamedTuple):
    """Why an upload failed. pattern: of what PlatformIO or bossac says; see: as in UserError."""

    pattern: str
    sentence: str
    see: str


CAUSES = [
    Cause(
        r"could not open port.*(FileNotFoundError|No such file)|No such file or directory.*tty|"
        r"Input/output error|returned no data|bytes to flash[\s\S]*SAM-BA operation failed",
        "{port} vanished during the upload; the cable was probably pulled, or the board reset "
        f"itself. Plug it in again. {DOUBLE_TAP}",
        "The port vanishes during the upload, or does not come back",
    ),
    Cause(
        r"No device found on|SAM-BA operation failed|Couldn't find a board",
        "The board's bootloader did not answer on {port}; the sketch on it probably did not let go "
        f"of the port. {DOUBLE_TAP}",
        "The bootloader does not answer",
    ),
    Cause(
        r"[Dd]evice (unsupported|not supported)",
        "What answered on {port} is no nRF52840; it is probably another board in its bootloader. "
        "Unplug the other boards and repeat the command.",
        "It is another Arduino",
    ),
    Cause(
        r"Permission denied",
        "{port} may not be opened by you; on Linux ports belong to a group, which is probably "
        "dialout. Run `sudo usermod -aG dialout $USER`, log out and in again, and repeat the "
        "command.",
        "The port may not be opened",
    ),
    Cause(
        r"Access is denied|PermissionError",
        "{port} is in use by another program, probably a serial monitor. Close that and repeat the "
        "command.",
        "The port is busy",
    ),
    Cause(
        r"[Rr]esource busy|could not exclusively lock",
        "{port} is in use by another program, probably a serial monitor, or on Linux ModemManager, "
        "which lets go of a new port after some seconds. Close the monitor and repeat the command.",
        "The port is busy",
    ),
    Cause(
        r"Could not install package|HTTPClientError|InternetConnectionError|UnknownPackageError",
        "PlatformIO could not fetch what it uploads with; its registry is probably not reachable. "
        "Go online and repeat the command: it needs that once.",
        "PlatformIO's registry is not reachable",
    ),
]


def explain(port: str, lines: list[str]) -> UserError:
    """Why an upload failed, by what PlatformIO and bossac said."""
    said = "\n".join(lines)
    for cause in CAUSES:
        if re.search(cause.pattern, said):
            return UserError(cause.sentence.format(port=port), see=cause.see)
    last = "\n".join(line for line in lines if line)[-600:]
    return UserError(
        f"The firmware could not be put on the board at {port}; what PlatformIO says below "
        "probably tells why. Unplug the board, plug it in again, and repeat the command.\n"
        f"{last}\n",
        see="The upload fails otherwise",
    )

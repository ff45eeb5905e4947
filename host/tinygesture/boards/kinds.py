"""The kinds of boards: how each is built, where its image goes, how it is started."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tinygesture import project
from tinygesture.errors import UserError

COMPILED, TFLM = "compiled", "tflm"
ENGINES = (COMPILED, TFLM)


@dataclass(frozen=True)
class BoardKind:
    """A board that the firmware is built for."""

    name: str
    title: str
    program: str  # what PlatformIO's build leaves in its folder
    compiler: str  # to be found on this computer; empty: PlatformIO brings its own
    engines: tuple[str, ...] = ENGINES

    def env(self, engine: str) -> str:
        """Its name in platformio.ini. Raises UserError for an engine that it cannot have."""
        if engine not in self.engines:
            raise UserError(
                f"The board {self.name} has no engine {engine!r}, only {', '.join(self.engines)}."
            )
        return self.name if engine == COMPILED else f"{self.name}_{engine}"


@dataclass(frozen=True)
class VirtualBoard(BoardKind):
    """A board in a process of this computer, at sim://NAME."""

    emulator: str = ""

    def flashed(self) -> Path:
        return project.virtual_flash(self.name) / self.program

    def kept(self, firmware: Path) -> Path:
        """What a model is kept in that was pushed to this firmware."""
        return firmware.with_name(f"{firmware.name}.kept")

    def check_runnable(self, firmware: Path) -> None:
        """Raises UserError where the firmware or the emulator is missing."""
        if self.emulator and not shutil.which(self.emulator):
            raise UserError(
                f"{self.emulator} is not installed, and sim://{self.name} runs in it. Install it "
                "(on Debian and Ubuntu: apt install qemu-system-arm), or use sim://native."
            )
        if not firmware.is_file():
            raise UserError(
                f"The virtual board {self.name} has no firmware yet ({firmware} is missing). "
                f"Flash it with `tinygesture flash --board {self.name}`."
            )

    def command(self, firmware: Path, serial_fd: int, feed_fd: int) -> list[str]:
        raise NotImplementedError


class NativeBoard(VirtualBoard):
    def command(self, firmware: Path, serial_fd: int, feed_fd: int) -> list[str]:
        return [str(firmware), str(serial_fd), str(feed_fd), str(self.kept(firmware))]


class Cm4Board(VirtualBoard):
    def command(self, firmware: Path, serial_fd: int, feed_fd: int) -> list[str]:
        return [
            self.emulator,
            *("-M", "mps2-an386", "-display", "none", "-monitor", "none"),
            *("-chardev", f"socket,id=serial,fd={serial_fd}", "-serial", "chardev:serial"),
            *("-chardev", f"socket,id=feed,fd={feed_fd}", "-serial", "chardev:feed"),
            *("-semihosting-config", f"enable=on,target=native,arg={_qemu(self.kept(firmware))}"),
            *("-kernel", str(firmware)),
        ]


def _qemu(path: Path) -> str:
    """As a value among options of QEMU."""
    return str(path).replace(",", ",,")


VIRTUAL_BOARDS: dict[str, VirtualBoard] = {
    "native": NativeBoard(
        "native", "this computer, as a process", "program", "g++", engines=(COMPILED,)
    ),
    "cm4": Cm4Board(
        *("cm4", "emulated Cortex-M4F", "firmware.elf", "arm-none-eabi-g++"),
        emulator="qemu-system-arm",
    ),
}

NANO33BLE = BoardKind("nano33ble", "Arduino Nano 33 BLE Sense", "firmware.elf", "")

BOARDS: dict[str, BoardKind] = {NANO33BLE.name: NANO33BLE, **VIRTUAL_BOARDS}


def board_kind(name: str) -> BoardKind:
    """Raises UserError for a board that the firmware is not built for."""
    if name not in BOARDS:
        raise UserError(f"There is no board {name!r}; there are {', '.join(BOARDS)}.")
    return BOARDS[name]


def virtual_board(url: str) -> VirtualBoard:
    """The board of a sim:// URL. Raises UserError for one that there is not."""
    board = VIRTUAL_BOARDS.get(urlsplit(url).netloc)
    if board is None:
        known = ", ".join(f"sim://{name}" for name in VIRTUAL_BOARDS)
        raise UserError(f"There is no virtual board {url}; there are {known}.")
    return board

"""What this computer has, and what it lacks, for each thing that tinygesture does."""

import importlib.metadata
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from tinygesture import boards, project
from tinygesture.errors import UserError

TRAINING = ("tensorflow", "tflite", "tflite_micro", "tensorflow_lite_support")
UDEV_RULES = ("/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d")
NANO_VENDOR = "2341"


class Finding(NamedTuple):
    """state: good; limited: something cannot be done, and all else can; bad: mend it first."""

    what: str
    state: Literal["good", "limited", "bad"]
    found: str
    advice: str = ""


def checkup() -> list[Finding]:
    """Everything, in the order in which a user needs it."""
    checks: list[Callable[[], Iterator[Finding]]] = [
        _python,
        _clone,
        _training,
        _platformio,
        _virtual_boards,
        _rules,
        _modem_manager,
        _ports,
    ]
    return [finding for check in checks for finding in check()]


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", "good", f"{version}, {sys.executable}")


def _clone() -> Iterator[Finding]:
    try:
        yield Finding("clone", "good", str(project.root()))
    except UserError as error:
        yield Finding("clone", "limited", "the firmware's sources are not here", str(error))


def _training() -> Iterator[Finding]:
    missing = [name for name in TRAINING if importlib.util.find_spec(name) is None]
    if missing:
        yield Finding(
            "training",
            "limited",
            f"not installed: {', '.join(missing)}",
            "Recording and watching work without. To train: ./setup on Linux, or pip install "
            "'.[train]' with Python 3.11.",
        )
    else:
        yield Finding("training", "good", f"TensorFlow {_version('tensorflow')}")


def _platformio() -> Iterator[Finding]:
    version = _version("platformio")
    if not version:
        yield Finding("PlatformIO", "bad", "not installed", "Run ./setup, or pip install '.'.")
        return
    yield Finding("PlatformIO", "good", version)
    try:
        there = (project.root() / ".platformio" / "platforms" / "nordicnrf52").is_dir()
    except UserError:
        return
    if there:
        yield Finding("Nano 33 BLE", "good", "PlatformIO has what builds its firmware")
    else:
        yield Finding(
            "Nano 33 BLE",
            "limited",
            "PlatformIO has not fetched its compiler and core yet",
            "The first `tinygesture flash` fetches them once, over the network.",
        )


def _virtual_boards() -> Iterator[Finding]:
    for kind in boards.VIRTUAL_BOARDS.values():
        tools = [tool for tool in (kind.compiler, kind.emulator) if tool]
        missing = [tool for tool in tools if not shutil.which(tool)]
        if os.name != "posix":
            yield Finding(
                f"sim://{kind.name}", "limited", "needs Linux or macOS", "Use WSL for it."
            )
        elif missing:
            yield Finding(
                f"sim://{kind.name}",
                "limited",
                f"not installed: {', '.join(missing)}",
                "./setup installs it on Debian and Ubuntu.",
            )
        else:
            yield Finding(f"sim://{kind.name}", "good", f"builds and runs with {', '.join(tools)}")


def _rules() -> Iterator[Finding]:
    """On Linux the user may open a port by group, or by a rule for the board."""
    if not sys.platform.startswith("linux"):
        return
    rules = [rule for folder in UDEV_RULES for rule in Path(folder).glob("*.rules")]
    named = [rule for rule in rules if _mentions(rule, NANO_VENDOR)]
    if named:
        yield Finding("udev rule", "good", str(named[0]))
    elif os.geteuid() == 0 or _in_group("dialout"):
        yield Finding("udev rule", "good", "not needed: you may open serial ports")
    else:
        yield Finding(
            "udev rule",
            "limited",
            "none for Arduino boards, and you are not in the group dialout",
            "Run `sudo usermod -aG dialout $USER` and log in again.",
        )


def _mentions(rule: Path, text: str) -> bool:
    try:
        return text in rule.read_text(errors="replace")
    except OSError:
        return False


def _in_group(name: str) -> bool:
    import grp

    try:
        return grp.getgrnam(name).gr_gid in os.getgroups()
    except KeyError:
        return False


def _modem_manager() -> Iterator[Finding]:
    names = (name for name in Path("/proc").glob("[0-9]*/comm") if _mentions(name, "ModemManager"))
    if next(names, None):
        yield Finding(
            "ModemManager",
            "limited",
            "runs, and holds a new port for some seconds",
            "If flashing says that the port is in use, wait and repeat, or stop it: "
            "`sudo systemctl stop ModemManager`.",
        )


def _ports() -> Iterator[Finding]:
    real = [found for found in boards.find() if not found.port.startswith("sim://")]
    for found in real:
        if found.board and not _usable(found.port):
            yield Finding(
                found.port,
                "bad",
                f"{found.description}, which you may not open",
                "On Linux run `sudo usermod -aG dialout $USER` and log in again.",
            )
        else:
            yield Finding(found.port, "good", found.description)
    if not any(found.board for found in real):
        yield Finding(
            "board",
            "limited",
            "no Arduino Nano 33 BLE is connected",
            "Plug it in with a cable that carries data; sim://native and sim://cm4 work without.",
        )


def _usable(port: str) -> bool:
    return os.name != "posix" or os.access(port, os.R_OK | os.W_OK)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""

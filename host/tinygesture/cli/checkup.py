"""What this computer has, and what it lacks, for each thing that tinygesture does."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from tinygesture import boards, project
from tinygesture.cli import serial_access
from tinygesture.errors import UserError

TRAINING = ("tensorflow", "tflite", "tflite_micro", "tensorflow_lite_support")
PYTHON_OF_TRAINING = (3, 11)
NANO_PACKAGES = (  # in PlatformIO's folder: what env:nano33ble is built and uploaded with
    "platforms/nordicnrf52",
    "packages/toolchain-gccarmnoneeabi",
    "packages/framework-arduino-mbed",
    "packages/tool-bossac-nordicnrf52",
)


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
        _packages,
        _clone,
        _training,
        _platformio,
        _virtual_boards,
        _serial_access,
        _modem_manager,
        _ports,
    ]
    return [finding for check in checks for finding in check()]


def _python() -> Iterator[Finding]:
    found = f"{'.'.join(map(str, sys.version_info[:3]))}, {sys.executable}"
    if sys.version_info[:2] == PYTHON_OF_TRAINING:
        yield Finding("Python", "good", found)
    else:
        advice = "Recording, watching and flashing work; training needs Python 3.11: run ./setup."
        yield Finding("Python", "limited", found, advice)


def _packages() -> Iterator[Finding]:
    """What pyproject.toml asks for without extras."""
    needed = [
        re.split(r"[^\w.-]", need)[0]
        for need in importlib.metadata.requires("tinygesture") or []
        if "extra ==" not in need
    ]
    if missing := [name for name in needed if not _version(name)]:
        found = f"not installed: {', '.join(missing)}"
        yield Finding("packages", "bad", found, "Run ./setup, or pip install '.' in the clone.")
    else:
        yield Finding("packages", "good", f"all {len(needed)} are installed")


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
        return  # _packages() says so
    yield Finding("PlatformIO", "good", version)
    try:
        core = project.root() / ".platformio"
    except UserError:
        return
    missing = [name for name in NANO_PACKAGES if not (core / name).is_dir()]
    if not missing:
        yield Finding("Nano 33 BLE", "good", "PlatformIO has what builds and uploads its firmware")
    else:
        yield Finding(
            "Nano 33 BLE",
            "limited",
            f"PlatformIO has not fetched {', '.join(name.split('/')[1] for name in missing)}",
            "The first `tinygesture flash` fetches that once, over the network.",
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


def _serial_access() -> Iterator[Finding]:
    """On Linux the user may open a port by group, or by a rule for the board."""
    if not serial_access.on_linux():
        return
    group = serial_access.USUAL_GROUP
    if rule := serial_access.permitting_rule():
        yield Finding("udev rule", "good", str(rule))
    elif os.geteuid() == 0 or serial_access.is_member(group):
        yield Finding("udev rule", "good", "not needed: you may open serial ports")
    else:
        found = f"none for Arduino boards, and you are not in the group {group}"
        yield Finding("udev rule", "limited", found, serial_access.how_to_join(group))


def _modem_manager() -> Iterator[Finding]:
    if not serial_access.on_linux() or not serial_access.modem_manager_runs():
        return
    if serial_access.ignored_by_modem_manager():
        yield Finding("ModemManager", "good", "runs, and leaves Arduino boards alone")
        return
    yield Finding(
        "ModemManager",
        "limited",
        "runs, and may hold a new port for some seconds",
        "If flashing says that the port is in use, wait and repeat, or stop it: "
        "`sudo systemctl stop ModemManager`. docs/troubleshooting.md has a rule against it.",
    )


def _ports() -> Iterator[Finding]:
    real = [found for found in boards.find() if not found.port.startswith("sim://")]
    for found in real:
        yield _board(found) if found.board else Finding(found.port, "good", found.description)
    if not any(found.board for found in real):
        yield Finding(
            "board",
            "limited",
            "no Arduino Nano 33 BLE is connected",
            "Plug it in with a cable that carries data; sim://native and sim://cm4 work without.",
        )


def _board(found: boards.Found) -> Finding:
    port = found.port
    if serial_access.on_linux():
        if not os.access(port, os.R_OK | os.W_OK):
            advice = serial_access.how_to_join(serial_access.group_of(port))
            return Finding(port, "bad", f"{found.description}, which you may not open", advice)
        if holder := serial_access.holder(port):
            advice = f"Close {holder} before you record, watch or flash."
            return Finding(port, "limited", f"{found.description}, in use by {holder}", advice)
    if found.in_bootloader:
        advice = "`tinygesture flash` works now; a press on its reset button starts its sketch."
        return Finding(port, "limited", found.description, advice)
    return Finding(port, "good", found.description)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""

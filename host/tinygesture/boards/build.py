"""Building the firmware with PlatformIO, and putting it on a virtual board."""

import os
import re
import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tinygesture import project
from tinygesture.boards import platformio
from tinygesture.boards.kinds import COMPILED, BoardKind, VirtualBoard
from tinygesture.dataset.files import clear_errors
from tinygesture.errors import UserError

_SIZE = re.compile(r"^(RAM|Flash):.*used (\d+) bytes")
_TOO_LARGE = ("will not fit in region", "overflowed by", "is greater than maximum allowed")
_LAST_LINES = 12
_FULL = 1 << 20  # bytes free, below which not every tool of a build says why it fails


@dataclass(frozen=True)
class Firmware:
    """A built firmware. flash_bytes, ram_bytes: None where the board has no such limits."""

    program: Path
    flash_bytes: int | None
    ram_bytes: int | None


def build(
    kind: BoardKind,
    model: str | Path = "",
    report: Callable[[str], None] = lambda line: None,
    engine: str = COMPILED,
) -> Firmware:
    """Builds the firmware for a board, with the bundle models/NAME or a bundle's folder.

    report: takes each line of PlatformIO's output. Raises UserError: no such bundle, no compiler,
    a firmware too large for the board, an error of the compiler.
    """
    bundle = find_bundle(model)
    if kind.compiler and not shutil.which(kind.compiler):
        raise UserError(
            f"{kind.compiler} is not installed, and the firmware of {kind.name} is built with it. "
            "Run ./setup again, which installs it, or use sim://native.",
            see="A compiler is missing",
        )
    env = kind.env(engine)
    lines, status = platformio.run(env, bundle, report)
    folder = platformio.build_folder(bundle, env)
    if status != 0:
        lasting = bundle and project.models() / bundle.name  # a draft's own folder goes with it
        log = platformio.build_folder(lasting, env) / f"{env}.log"
        raise _explain(kind, engine, model, lines, log)
    sizes = {m[1]: int(m[2]) for m in map(_SIZE.match, lines) if m}
    return Firmware(folder / env / kind.program, sizes.get("Flash"), sizes.get("RAM"))


def flash(
    kind: VirtualBoard,
    model: str | Path = "",
    report: Callable[[str], None] = lambda line: None,
    engine: str = COMPILED,
) -> Firmware:
    """Builds the firmware and makes it what sim://NAME runs. Raises UserError."""
    firmware = build(kind, model, report, engine)
    target = kind.flashed()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copy2(firmware.program, part)
        part.replace(target)
        kind.kept(target).unlink(missing_ok=True)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(
            f"The firmware could not be written to {target}: {error.strerror}. "
            "The board keeps what it had. Make room and try again.",
            see="The disk is full",
        ) from error
    return firmware


def find_bundle(model: str | Path) -> Path | None:
    if not model:
        return None
    bundle = project.models() / model
    if not (bundle / "compiled_model.cpp").is_file():
        raise UserError(
            f"There is no model {str(model)!r} in {project.models()}. "
            "Make it with train-and-export, or name one that is there.",
            see="There is no such model",
        )
    return bundle


def _explain(
    kind: BoardKind, engine: str, model: str | Path, lines: list[str], log: Path
) -> UserError:
    with clear_errors(log, "write"):
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    what = f"with the model {str(model)!r}" if model else "without a model"

    def said(*words: str) -> bool:
        return any(word in line for line in lines for word in words)

    full = shutil.disk_usage(log.parent).free < _FULL
    if full or said("No space left on device", "There is not enough space on the disk"):
        return UserError(
            f"The firmware {what} could not be built: the disk is full. Free some space and repeat "
            "the command; the board keeps what it had.",
            see="The disk is full",
        )
    if said(*_TOO_LARGE):
        return UserError(
            f"The firmware {what} is too large for the flash or RAM of {kind.name}. "
            "Train a smaller model, or one with fewer labels.",
            see="The firmware is too large",
        )
    if said("No module named 'SCons'"):
        return UserError(
            "PlatformIO could not run its builder: this clone was set up without its registry, "
            "and this Python has no SCons. Use the clone's own: .venv/bin/tinygesture.",
            see="PlatformIO's registry is not reachable",
        )
    if said("VCSBaseException", "install Git client"):
        return UserError(
            "PlatformIO could not fetch TensorFlow Lite Micro, which the engine tflm is made of, "
            "from GitHub. Go online, install git if it is missing, and try again; or use "
            "--engine compiled, which needs no library.",
            see="TensorFlow Lite Micro cannot be fetched",
        )
    if said("Could not install package", "HTTPClientError", "InternetConnectionError"):
        remedy = "Go online and try again: it needs that once."
        if isinstance(kind, VirtualBoard) and engine == COMPILED:
            remedy = "Go online and try again, or run ./setup, which prepares offline builds."
        return UserError(
            "PlatformIO could not fetch what it builds with; its registry is probably not "
            f"reachable. {remedy}",
            see="PlatformIO's registry is not reachable",
        )
    last = "\n".join(deque((line for line in lines if line), _LAST_LINES))
    return UserError(
        f"The firmware for {kind.name} {what} could not be built; its sources were probably "
        "changed, the model was made by another version of tinygesture, or PlatformIO's packages "
        "are damaged. Mend what it says below, make the model anew, or run ./setup again.\n"
        f"{last}\nAll of it is in {log}.",
        see="The firmware cannot be built",
    )

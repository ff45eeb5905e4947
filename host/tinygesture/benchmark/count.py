"""Counts what the parts of a program execute, with a plugin for QEMU (counter.c)."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tinygesture.benchmark.build import HERE, run
from tinygesture.benchmark.parts import Parts
from tinygesture.errors import UserError

EMULATOR = "qemu-system-arm"


@dataclass(frozen=True)
class Counts:
    """loads, stores: words transferred."""

    instructions: int
    loads: int
    stores: int

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.instructions + other.instructions,
            self.loads + other.loads,
            self.stores + other.stores,
        )


def build_plugin(folder: Path) -> Path:
    """counter.c, compiled for the QEMU of this computer.

    Raises UserError where QEMU or a compiler is missing.
    """
    if sys.platform == "win32":
        raise UserError("Counting instructions needs Linux or macOS; on Windows use WSL.")
    if not shutil.which(EMULATOR):
        raise UserError(
            f"{EMULATOR} is not installed, and instructions are counted in it. Install it (on "
            "Debian and Ubuntu: apt install qemu-system-arm; on macOS: brew install qemu)."
        )
    if not shutil.which("cc"):
        raise UserError(
            "There is no C compiler for this computer (cc), and QEMU's plugin that counts is built "
            "with it. Install one (on Debian and Ubuntu: apt install gcc; on macOS: "
            "xcode-select --install)."
        )
    version = re.search(r"version (\d+)", run(EMULATOR, "--version"))
    before_9 = version is not None and int(version[1]) < 9
    target = folder / "counter.so"
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    # QEMU 9 refuses version 1 of its interface for plugins, and older ones know no other.
    flags.append(f"-DPLUGIN_VERSION={1 if before_9 else 2}")
    if sys.platform == "darwin":
        flags += ["-undefined", "dynamic_lookup"]  # QEMU's functions, found when it is loaded
    run("cc", *flags, str(HERE / "counter.c"), "-o", str(target))
    return target


def count(
    program: Path, parts: Parts, plugin: Path, folder: Path
) -> tuple[list[list[Counts]], int]:
    """Of each inference the counts of every part from 1 on; bytes of stack.

    Raises UserError where QEMU takes no plugins, or the program fails.
    """
    ranges, out = folder / "parts.txt", folder / "counts.txt"
    ranges.write_text("".join(f"{a} {b} {part}\n" for a, b, part in parts.ranges), "ascii")
    command = [
        *(EMULATOR, "-M", "mps2-an386", "-display", "none", "-monitor", "none"),
        *("-serial", "none", "-semihosting-config", "enable=on,target=native"),
        *(
            "-plugin",
            f"./{plugin.name},parts={ranges.name},out={out.name}",
            "-kernel",
            program.name,
        ),
    ]
    result = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if "plugin" in result.stderr:
        raise UserError(
            f"This {EMULATOR} takes no plugins, which count instructions; those of Debian, Ubuntu "
            f"and Homebrew do. It said: {result.stderr.strip()}"
        )
    if result.returncode != 0:
        raise UserError(f"The model failed on the emulated board: {result.stderr.strip()}")
    rows = [Counts(*map(int, line.split())) for line in out.read_text("ascii").splitlines()]
    each = len(parts.names)
    return [rows[i : i + each] for i in range(0, len(rows), each)], int(result.stderr)

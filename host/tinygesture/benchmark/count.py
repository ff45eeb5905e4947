"""Counts what the parts of a model's invoke() execute, with a plugin for QEMU (counter.c)."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinygesture.benchmark.build import HERE, TOOLS, run, symbols
from tinygesture.errors import UserError

EMULATOR = "qemu-system-arm"
INVOKE = "tinygesture::compiled_model::invoke("
OUTSIDE, REST = 0, 1  # parts; the layers are numbered from 2 on
_TITLE = re.compile(r"^  // (.*)$")
_ADDRESS = re.compile(r"^0x[0-9a-f]+$", re.MULTILINE)
_FRAME = re.compile(r"^compiled_model\.cpp:(\d+)")


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


def titles(source: str) -> dict[int, str]:
    """The layers of compiled_model.cpp: the comments in invoke(), by their line numbers."""
    lines = source.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("void invoke("))
    end = lines.index("}", start)
    return {i + 1: m[1] for i in range(start, end) if (m := _TITLE.match(lines[i]))}


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


def count(program: Path, source: str, plugin: Path, folder: Path) -> tuple[list[list[Counts]], int]:
    """Of each inference, the counts of [the rest of invoke(), layer, ...]; bytes of stack.

    An instruction of invoke() belongs to the layer in whose lines it stands, also where it was
    inlined; what is called from there belongs to the same layer. The program is as it ships: its
    debug information says where its instructions come from.

    Raises UserError where QEMU takes no plugins, or the program fails.
    """
    parts, out = folder / "parts.txt", folder / "counts.txt"
    parts.write_text(_parts(program, list(titles(source))), "ascii")
    command = [
        *(EMULATOR, "-M", "mps2-an386", "-display", "none", "-monitor", "none"),
        *("-serial", "none", "-semihosting-config", "enable=on,target=native"),
        *("-plugin", f"./{plugin.name},parts={parts.name},out={out.name}", "-kernel", program.name),
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
    layers = 1 + len(titles(source))
    return [rows[i : i + layers] for i in range(0, len(rows), layers)], int(result.stderr)


def _parts(program: Path, lines: Sequence[int]) -> str:
    """The ranges of addresses that counter.c reads."""
    functions = {s.name: s for s in symbols(program) if s.is_function}
    main = functions["main"]
    invoke = next(s for name, s in functions.items() if name.startswith(INVOKE))
    addresses = range(invoke.address, invoke.address + invoke.size, 2)
    command = [f"{TOOLS}addr2line", "--addresses", "--inlines", "--basenames", "-e", str(program)]
    chains = _ADDRESS.split(run(*command, text="\n".join(map(hex, addresses))))[1:]
    ranges = [f"{main.address} {main.address + main.size} {OUTSIDE}"]
    for address, chain in zip(addresses, chains, strict=True):
        found = _FRAME.search(chain.splitlines()[-1])  # the outermost: a line of invoke() itself
        line = int(found[1]) if found else 0
        part = REST + sum(title <= line for title in lines)
        ranges.append(f"{address} {address + 2} {part}")
    return "\n".join(ranges) + "\n"

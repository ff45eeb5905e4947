"""Our sources compiled for the real board's core with its users' flags, and what they take.

The flags are those of Arduino's core for the Nano 33 BLE with the changes that platformio.ini
makes; every warning is an error.
"""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

COMPILER = "arm-none-eabi-g++"
LIBRARIES = Path(__file__).parents[1] / "firmware" / "lib"
CORE = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=softfp"]
LANGUAGE = ["-std=gnu++14", "-fno-exceptions", "-fno-rtti", "-funsigned-char"]
FLAGS = [*CORE, *LANGUAGE, "-O2", "-ffunction-sections", "-fdata-sections"]
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
INCLUDES = [f"-I{folder}" for folder in sorted(LIBRARIES.iterdir())]


@dataclass(frozen=True)
class Size:
    """Bytes. flash: code, constants and initial values; ram: variables."""

    flash: int = 0
    ram: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(self.flash + other.flash, self.ram + other.ram)


def compile_object(source: Path, folder: Path, options: Sequence[str] = INCLUDES) -> Path:
    """The object in `folder`; beside it stands a .su file with each function's stack frame."""
    target = folder / f"{source.stem}.o"
    command = [COMPILER, *FLAGS, *WARNINGS, "-fstack-usage", *options]
    subprocess.run([*command, "-c", str(source), "-o", str(target)], check=True)
    return target


def size(objects: Iterable[Path]) -> Size:
    total = Size()
    for path in objects:
        command = ["arm-none-eabi-size", str(path)]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        text, data, bss = map(int, lines.splitlines()[1].split()[:3])
        total += Size(text + data, data + bss)
    return total


def largest_frame(objects: Iterable[Path]) -> int:
    """Bytes of stack that the hungriest function takes for itself."""
    lines = [line for o in objects for line in o.with_suffix(".su").read_text().splitlines()]
    assert not [line for line in lines if line.endswith("dynamic")]
    return max(int(line.split("\t")[1]) for line in lines)

"""A compiled model built for the emulated Cortex-M4F, and what it takes of flash and RAM."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tinygesture import project
from tinygesture.errors import UserError
from tinygesture.export.compiler import CompiledModel
from tinygesture.export.compiler.memory import ALIGNMENT

HERE = Path(__file__).parent
TOOLS = "arm-none-eabi-"
CPU = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
# Those of firmware/platforms/cm4 and of the board's core; -g names lines and changes no code.
FLAGS = [*CPU, "-O2", "-ffunction-sections", "-fdata-sections", "-g"]
LANGUAGE = [
    *("-std=gnu++14", "-fno-exceptions", "-fno-rtti"),
    *("-fno-threadsafe-statics", "-fno-use-cxa-atexit"),
]
PLANS = ("plan.cpp", "plan_kernels.cpp", "plan_reader.cpp")  # in firmware/lib/inference
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
LINK = ["--specs=nano.specs", "-nostartfiles", "-Wl,--gc-sections"]

_SYMBOL = re.compile(r"^ *\d+: ([0-9a-f]+) +(\w+) (OBJECT|FUNC) +\w+ +\w+ +\w+ (.*)$", re.MULTILINE)
_SECTION = re.compile(r"^(\.[\w.]+) +(\d+)", re.MULTILINE)
_WEIGHTS = re.compile(r"::k(Weights|Bias|Constant)\d*$")


@dataclass(frozen=True)
class Size:
    """Bytes that a model, its kernels and what they call add to a firmware."""

    code: int
    tables: int
    weights: int  # with biases and constant operands
    ram: int  # arena and state
    image: int  # flash of the whole program that was measured, with its start-up and printf


@dataclass(frozen=True)
class Symbol:
    address: int
    size: int
    is_function: bool
    name: str


def build(
    model: CompiledModel, folder: Path, inferences: int, *, with_plans: bool = False
) -> tuple[Path, Size]:
    """The program that runs the model so many times (main.cpp), in `folder`; the model's size.

    with_plans: the model is run by what the firmware runs plans with.

    Raises UserError where there is no compiler or there are no sources of the kernels.
    """
    if not shutil.which(f"{TOOLS}g++"):
        raise UserError(
            f"{TOOLS}g++ is not installed, and the model is built with it. Install it (on Debian "
            "and Ubuntu: run ./setup again; on macOS: brew install --cask gcc-arm-embedded)."
        )
    firmware = project.root() / "firmware"
    library, platform = firmware / "lib", firmware / "platforms" / "cm4"
    (folder / "compiled_model.h").write_text(model.header, "utf-8")
    (folder / "compiled_model.cpp").write_text(model.source, "utf-8")

    options = [f"-I{path}" for path in (folder, library / "kernels", library / "inference")]
    options += [f"-DINFERENCES={inferences}", *_buffers(model)]
    engine = [folder / "compiled_model.cpp", *sorted(library.glob("kernels/*.cpp"))]
    if with_plans:
        engine += [library / "inference" / name for name in PLANS]
    around = [HERE / "main.cpp", platform / "startup.c"]
    with ThreadPoolExecutor() as pool:
        objects = list(pool.map(lambda source: _compile(source, folder, options), engine + around))
    program, alone = folder / "benchmark.elf", folder / "alone.elf"
    script = f"-T{platform / 'cm4.ld'}"
    _link(program, [script], objects)
    kept = [f"-Wl,--undefined={name}" for name in _functions(objects[0])]
    _link(alone, [script, *kept], objects[: len(engine)])
    return program, _size(program, alone)


def compiler() -> str:
    """Its name and version: the figures hold for it."""
    return f"{TOOLS}g++ {run(f'{TOOLS}g++', '-dumpversion').strip()}"


def symbols(program: Path) -> list[Symbol]:
    """The functions and variables of a program or an object, by their C++ names."""
    text = run(f"{TOOLS}readelf", "--symbols", "--wide", "--demangle", str(program))
    return [
        Symbol(int(m[1], 16) & ~1, int(m[2], 0), m[3] == "FUNC", m[4])
        for m in _SYMBOL.finditer(text)
    ]


def run(*command: str, text: str = "") -> str:
    """What a program of the toolchain says. Raises UserError where it fails."""
    result = subprocess.run(command, input=text, capture_output=True, text=True)
    if result.returncode != 0:
        raise _explain(command[0], result.stderr.strip())
    return result.stdout


def _explain(command: str, said: str) -> UserError:
    if "No space left on device" in said:
        return UserError(
            "The model could not be built: the disk is full. Free some space and repeat the "
            "command.",
            see="The disk is full",
        )
    if re.search(r"region `\w+' overflowed", said):
        return UserError(
            "The model is too large for the flash or RAM of the emulated board. "
            "Make it smaller; `tinygesture compile` says what its parts take."
        )
    return UserError(
        f"The model could not be built for the emulated board; {command} said:\n{said}"
    )


def _buffers(model: CompiledModel) -> list[str]:
    """Macros of main.cpp: where the buffers of invoke()'s arguments lie in one array."""
    aligned = [-(-n // ALIGNMENT) * ALIGNMENT for n in (*model.input_sizes, *model.output_sizes)]
    inputs = sum(aligned[: len(model.input_sizes)])
    arguments = ", ".join(f"buffers + {sum(aligned[:i])}" for i in range(len(aligned)))
    return [f"-DINPUT_BYTES={inputs}", f"-DBUFFER_BYTES={sum(aligned)}", f"-DARGUMENTS={arguments}"]


def _compile(source: Path, folder: Path, options: Sequence[str]) -> Path:
    target = folder / f"{source.name}.o"
    command = ["gcc"] if source.suffix == ".c" else ["g++", *LANGUAGE]
    command = [TOOLS + command[0], *command[1:], *FLAGS, *WARNINGS, *options]
    run(*command, "-c", str(source), "-o", str(target))
    return target


def _link(target: Path, options: Sequence[str], objects: Sequence[Path]) -> None:
    run(f"{TOOLS}g++", *CPU, *LINK, *options, *map(str, objects), "-o", str(target))


def _functions(target: Path) -> list[str]:
    """What an object offers to others, as the linker calls it."""
    text = run(f"{TOOLS}nm", "--defined-only", "--extern-only", str(target))
    return [line.split()[-1] for line in text.splitlines()]


def _size(program: Path, alone: Path) -> Size:
    """alone: a program that is nothing but the model."""
    flash, ram = _sections(alone)
    constants = [s for s in symbols(alone) if not s.is_function and s.address < flash]
    weights = sum(symbol.size for symbol in constants if _WEIGHTS.search(symbol.name))
    tables = sum(symbol.size for symbol in constants) - weights
    return Size(flash - weights - tables, tables, weights, ram, _sections(program)[0])


def _sections(program: Path) -> tuple[int, int]:
    """Bytes of flash and of RAM, without the stack."""
    text = run(f"{TOOLS}size", "--format=sysv", "--radix=10", str(program))
    sizes = {match[1]: int(match[2]) for match in _SECTION.finditer(text)}
    flash = sum(sizes.get(name, 0) for name in (".text", ".ARM.extab", ".ARM.exidx", ".data"))
    return flash, sizes.get(".data", 0) + sizes.get(".bss", 0)

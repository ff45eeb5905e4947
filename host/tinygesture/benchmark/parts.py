"""Which part of a program its addresses belong to: the layers of compiled code, or functions."""

import re
from dataclasses import dataclass
from pathlib import Path

from tinygesture.benchmark.build import TOOLS, Symbol, run, symbols

CALLER, ENTRY = 0, 1
REST = "entry and exit"
_INVOKE = "tinygesture::compiled_model::invoke("
_TITLE = re.compile(r"^  // (.*)$")
_ADDRESS = re.compile(r"^0x[0-9a-f]+$", re.MULTILINE)
_FRAME = re.compile(r"^compiled_model\.cpp:(\d+)")
_QUALIFIED = re.compile(r"^void |tinygesture::|\(anonymous namespace\)::|\([^)]*\)( const)?$")


@dataclass(frozen=True)
class Parts:
    """As counter.c takes them: main() is part 0, and invoke() begins in part 1."""

    names: list[str]  # of part 1, 2, ...
    ranges: list[tuple[int, int, int]]  # begin, end, part


def layers(program: Path, source: str) -> Parts:
    """[REST, each layer ...]: the commented calls in invoke() of compiled_model.cpp.

    An instruction of invoke() belongs to the layer in whose lines it stands, also where it was
    inlined. The debug information of the program says which these are.
    """
    titles = _titles(source)
    main, invoke, _ = _functions(program)
    addresses = range(invoke.address, invoke.address + invoke.size, 2)
    command = [f"{TOOLS}addr2line", "--addresses", "--inlines", "--basenames", "-e", str(program)]
    chains = _ADDRESS.split(run(*command, text="\n".join(map(hex, addresses))))[1:]
    ranges = [_range(main, CALLER)]
    for address, chain in zip(addresses, chains, strict=True):
        found = _FRAME.search(chain.splitlines()[-1])  # the outermost: a line of invoke() itself
        line = int(found[1]) if found else 0
        part = ENTRY + sum(title <= line for title in titles)
        ranges.append((address, address + 2, ENTRY if address == invoke.address else part))
    return Parts([REST, *titles.values()], ranges)


def functions(program: Path) -> Parts:
    """[REST, each function ...]: for a program whose layers are data."""
    main, invoke, others = _functions(program)
    names = [_QUALIFIED.sub("", symbol.name) for symbol in others]
    ranges = [_range(symbol, part) for part, symbol in enumerate([main, invoke, *others])]
    return Parts([REST, *names], ranges)


def _titles(source: str) -> dict[int, str]:
    """The comments in invoke(), by their line numbers."""
    lines = source.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("void invoke("))
    end = lines.index("}", start)
    return {i + 1: m[1] for i in range(start, end) if (m := _TITLE.match(lines[i]))}


def _functions(program: Path) -> tuple[Symbol, Symbol, list[Symbol]]:
    """main(), invoke() and the others."""
    found = {symbol.name: symbol for symbol in symbols(program) if symbol.is_function}
    invoke = next(name for name in found if name.startswith(_INVOKE))
    return found.pop("main"), found.pop(invoke), list(found.values())


def _range(symbol: Symbol, part: int) -> tuple[int, int, int]:
    return symbol.address, symbol.address + symbol.size, part

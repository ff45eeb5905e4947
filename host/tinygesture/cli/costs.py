"""What `benchmark` reads and shows."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinygesture.errors import UserError

if TYPE_CHECKING:
    from rich.table import Table

    from tinygesture.benchmark import Benchmark, Counts

# What a comparison may hold, and how the table calls it.
FIGURES = {
    "instructions_per_inference": "instructions",
    "macs": "multiply-accumulates",
    "loads": "words loaded",
    "stores": "words stored",
    "flash_bytes": "flash of the model, bytes",
    "image_bytes": "flash of the program measured, bytes",
    "ram_bytes": "RAM (arena and state), bytes",
    "stack_bytes": "stack of invoke(), bytes",
}
_COLUMNS = ("MACs", "instructions", "loads", "stores", "per MAC")
_SHAPE = re.compile(r"\((?:1, )*([\d, ]*)\)")


def read_comparison(path: Path) -> dict[str, Any]:
    """Of a JSON object like those that --json writes: FIGURES, each as one number, and a name.

    UserError where it holds none of FIGURES.
    """
    from tinygesture.dataset.files import clear_errors

    try:
        with clear_errors(path, "read"):
            given = json.loads(path.read_text("utf-8"))
        found = {name: _number(given[name]) for name in FIGURES if name in given}
        if not found:
            raise ValueError
        return {"name": str(given.get("name", path.stem)), **found}
    except (ValueError, TypeError, RecursionError) as error:
        raise UserError(
            f"{path} holds no figures to compare with. It is one JSON object like the one that "
            f"--json writes; what it may hold: name, {', '.join(FIGURES)}."
        ) from error


def _number(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_number, value.values()))
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(value)
    return value


def values(found: "Benchmark", whole: "Benchmark | None" = None) -> dict[str, Any]:
    """The figures as JSON; `whole`: of whole windows, where `found` is of a hop."""
    window = {"instructions_per_window": whole.counts.instructions} if whole else {}
    return {
        **window,
        "instructions_per_inference": found.counts.instructions,
        "instructions_least": found.least,
        "macs": found.macs,
        "loads": found.counts.loads,
        "stores": found.counts.stores,
        "flash_bytes": {
            "code": found.size.code,
            "tables": found.size.tables,
            "weights": found.size.weights,
        },
        "image_bytes": found.size.image,
        "ram_bytes": found.size.ram,
        "stack_bytes": found.stack,
        "compiler": found.compiler,
        "layers": [
            {
                "name": layer.name,
                "macs": layer.macs,
                "instructions": layer.counts.instructions,
                "loads": layer.counts.loads,
                "stores": layer.counts.stores,
            }
            for layer in found.layers
        ],
    }


def layers_table(found: "Benchmark") -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_footer=True)
    total = _cells(found.macs, found.counts)
    table.add_column("layer", footer="in total")
    for name, footer in zip(_COLUMNS, total, strict=True):
        table.add_column(name, justify="right", footer=footer)
    for layer in found.layers:
        table.add_row(_short(layer.name), *_cells(layer.macs, layer.counts))
    return table


def _cells(macs: int, counts: "Counts") -> list[str]:
    """For _COLUMNS."""
    per_mac = f"{counts.instructions / macs:.2f}" if macs else ""
    numbers = (macs, counts.instructions, counts.loads, counts.stores)
    return [*(f"{number:,}" if number else "" for number in numbers), per_mac]


def _short(name: str) -> str:
    """Without the dimensions of 1 that begin a shape: CONV_2D 58×8 -> 27×16."""
    return _SHAPE.sub(lambda shape: shape[1].replace(", ", "×") or "1", name)


def totals_table(found: Mapping[str, Any], peer: Mapping[str, Any]) -> "Table":
    """found: as `values` gives it; peer: as `read_comparison` gives it, or nothing."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("per inference")
    table.add_column("this", justify="right")
    if peer:
        table.add_column(escape(peer["name"]), justify="right")
        table.add_column("this / it", justify="right")
    for name, title in FIGURES.items():
        value, other = _number(found[name]), peer.get(name)
        cells = [title, f"{value:,}"]
        if other is not None:
            cells += [f"{other:,}", f"{value / other:.3f}" if other else ""]
        table.add_row(*cells)
        if name == "flash_bytes":
            for part, size in found[name].items():
                table.add_row(f"  {part}", f"{size:,}")
    return table

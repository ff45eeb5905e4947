"""Accuracy under other conditions, as a table."""

from typing import Any

from rich.table import Table
from rich.text import Text

DIM = "bright_black"


def robustness_table(figures: dict[str, Any]) -> Table:
    """Of `evaluation.robustness.robustness`: a row per condition, a cell per point."""
    table = Table(
        title=f"Accuracy of {figures['recordings']} recordings under other conditions",
        caption="With its 95 % interval; yellow where that lies below the accuracy unchanged.",
        show_header=False,
        show_lines=True,
    )
    unchanged = figures["unchanged"]["value"]
    for name, curve in figures["curves"].items():
        table.add_row(name, *(_cell(point, curve["unit"], unchanged) for point in curve["points"]))
    return table


def _cell(point: dict[str, float], unit: str, unchanged: float) -> Text:
    colour = "yellow" if point["high"] < unchanged else "bold"
    space = " " if unit.isalpha() else ""
    return Text.assemble(
        (f"{point['at']:g}{space}{unit}\n", DIM),
        (f"{point['value']:.1%}\n", colour),
        (f"{point['low']:.0%}–{point['high']:.0%}", DIM),
    )

"""The limits of firmware/budget.toml, and the table that a test shows where one is broken."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from cortex_m4 import Size

BUDGET = tomllib.loads((Path(__file__).parent / "firmware" / "budget.toml").read_text("utf-8"))


def check(limits: Mapping[str, Mapping[str, int]], taken: Mapping[str, Size]) -> None:
    """Fails with the whole table where a part takes more than its limit, or has none."""
    assert set(taken) == set(limits), "tests/firmware/budget.toml lists other parts"
    lines = [f"{'part':12}{'flash':>8}{'limit':>8}{'RAM':>8}{'limit':>8}"]
    over = []
    for part, size in taken.items():
        limit = Size(**limits[part])
        broken = size.flash > limit.flash or size.ram > limit.ram
        over += [part] if broken else []
        figures = (size.flash, limit.flash, size.ram, limit.ram)
        lines.append(f"{part:12}" + "".join(f"{n:8}" for n in figures) + "  OVER" * broken)
    table = "\n".join(lines)
    assert not over, f"over budget: {', '.join(over)}\n{table}"

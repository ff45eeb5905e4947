"""Small tables in the tutorial's format, and what the importer makes of them."""

import numpy as np

from tinygesture.contract import Float64
from tinygesture.dataset.importing.importer import read_file
from tinygesture.dataset.importing.notices import Findings
from tinygesture.dataset.importing.sources import File
from tinygesture.dataset.importing.takes import Options, Take

HEADER = "aX,aY,aZ,gX,gY,gZ"
FACTOR_SAID = "1.147"


def gesture(seed: int, rows: int = 119) -> Float64:
    """float64[rows, 6], g and °/s: begins with a motion and ends at rest, as triggered ones do."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 1, rows)[:, None]
    waves = rng.normal(1, 0.3, 6) * np.cos(2 * np.pi * rng.uniform(1, 2, 6) * t) * np.exp(-3 * t)
    return waves * np.array([0.8] * 3 + [300.0] * 3) + np.array([0, 0, 1, 0, 0, 0])


def gestures(count: int, rows: int = 119) -> list[Float64]:
    return [gesture(seed, rows) for seed in range(count)]


def lines(values: Float64) -> list[str]:
    return [",".join(f"{value:.3f}" for value in row) for row in values]


def table(recordings: list[Float64], separator: str = "\n", header: str = HEADER) -> str:
    """The tutorial's file: a line per row, `separator` between recordings."""
    body = separator.join("\n".join(lines(values)) + "\n" for values in recordings)
    return (header + "\n" if header else "") + body


def read(
    content: str | bytes, name: str = "punch.csv", **options: object
) -> tuple[list[Take], Findings]:
    data = content.encode() if isinstance(content, str) else content
    found = Findings(name)
    return read_file(File(name, lambda: data, ""), Options(**options), found), found  # type: ignore[arg-type]


def repairs(found: Findings) -> str:
    return "\n".join(f"{n.line}: {n.reason}" for n in found.repaired if FACTOR_SAID not in n.reason)


def refusals(found: Findings) -> str:
    return "\n".join(f"{notice.line}: {notice.reason}" for notice in found.refused)


def same(takes: list[Take], others: list[Take]) -> bool:
    """Whether these are the same recordings, count for count."""
    return [take.counts.tolist() for take in takes] == [take.counts.tolist() for take in others]

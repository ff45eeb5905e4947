"""A data set as files that other programs read.

Both formats have no times, only a steady rate: jitter and gaps are lost, counts are kept exactly.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tinygesture.contract import CHANNELS, to_units
from tinygesture.dataset.files import clear_errors, write_atomically
from tinygesture.dataset.index import Entry
from tinygesture.dataset.recording import Recording
from tinygesture.dataset.store import Dataset
from tinygesture.errors import UserError

HEADER = ",".join(CHANNELS)
_ROW = "%.5f,%.5f,%.5f,%.3f,%.3f,%.3f"  # finer than a third of a count
STANDARD_GRAVITY = 9.80665  # m/s² per g (ISO 80000-3)
_SENSORS = [
    *({"name": f"acc{axis}", "units": "m/s2"} for axis in "XYZ"),
    *({"name": f"gyr{axis}", "units": "deg/s"} for axis in "XYZ"),
]

Advance = Callable[[int, int], None]  # recordings done, recordings in all


def require_empty(folder: Path) -> None:
    """Raises UserError where something would be mixed with what is there."""
    with clear_errors(folder, "make the folder"):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise UserError(f"{folder} is not empty. Name a new or an empty folder.")


def to_tutorial(
    dataset: Dataset, entries: Sequence[Entry], out: Path, advance: Advance
) -> list[Path]:
    """LABEL.csv as in Arduino's gesture tutorial: g and °/s, a blank line after each recording.

    Raises UserError where a recording is damaged or a file cannot be written.
    """
    require_empty(out)
    by_label: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_label[entry.label].append(entry)
    done = 0
    written = []
    for label, group in by_label.items():
        blocks = []
        for entry in group:
            rows = to_units(dataset.load(entry).counts).tolist()
            blocks.append("\n".join(_ROW % tuple(row) for row in rows))
            done += 1
            advance(done, len(entries))
        written.append(out / f"{label}.csv")
        write_atomically(
            written[-1], "\n\n".join([f"{HEADER}\n{blocks[0]}", *blocks[1:], ""]).encode()
        )
    return written


def to_edge_impulse(
    dataset: Dataset, entries: Sequence[Entry], out: Path, advance: Advance
) -> list[Path]:
    """LABEL.ID.json in Edge Impulse's data acquisition format, unsigned: m/s² and °/s.

    Raises UserError where a recording is damaged or a file cannot be written.
    """
    require_empty(out)
    written = []
    for done, entry in enumerate(entries, start=1):
        written.append(out / f"{entry.label}.{entry.id}.json")
        document = _document(dataset.load(entry), entry)
        write_atomically(written[-1], json.dumps(document).encode())
        advance(done, len(entries))
    return written


def _document(recording: Recording, entry: Entry) -> dict[str, object]:
    values = to_units(recording.counts)
    values[:, :3] *= STANDARD_GRAVITY
    rate_hz = entry.rate_hz or 100.0  # a single sample has no rate
    return {
        "protected": {"ver": "v1", "alg": "none"},
        "signature": "0" * 64,
        "payload": {
            "device_type": entry.board or "unknown",
            "interval_ms": round(1000 / rate_hz, 6),
            "sensors": _SENSORS,
            "values": np.round(values, 5).tolist(),
        },
    }

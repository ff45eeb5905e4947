"""Times that stand in a table -> microseconds."""

import numpy as np

from tinygesture.contract import Float64, Int64
from tinygesture.dataset.importing.notices import Findings
from tinygesture.dataset.importing.table import Bool, Rows

# One second, one millisecond, one microsecond; at 10 to 1100 Hz a step fits one of them only.
_UNITS_US = (1e6, 1e3, 1.0)
_STEP_US = (900.0, 100_000.0)


def unit_us(rows: Rows) -> float | None:
    """Microseconds in a unit of the table's time; None where the steps look like no time."""
    if rows.time is None or len(rows.time) < 2:
        return None
    step = float(np.median(np.diff(rows.time)))
    return next((u for u in _UNITS_US if _STEP_US[0] <= step * u <= _STEP_US[1]), None)


def restarts(rows: Rows, found: Findings) -> Bool:
    """bool[N]: where the time goes back, which is where another recording begins."""
    assert rows.time is not None
    back = np.diff(rows.time, prepend=rows.time[0]) < 0
    if back.any():
        line = int(rows.lines[np.argmax(back)])
        found.repair(line, "the time goes back: a recording begins there")
    return back


def times(time: Float64, unit: float) -> Int64 | None:
    """int64[N] in µs from 0; None where they do not increase."""
    passed = (time - time[0]) * unit
    if not np.all(np.abs(passed) < 2**53):
        return None
    t_us: Int64 = np.rint(passed).astype(np.int64)
    return t_us if np.all(np.diff(t_us) > 0) else None

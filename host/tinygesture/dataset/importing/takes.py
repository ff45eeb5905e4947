"""What the importers of single files have in common."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

import numpy as np

from tinygesture.contract import Int16, Int64
from tinygesture.dataset.importing.units import Imu
from tinygesture.dataset.intervals import Interval
from tinygesture.dataset.recording import NAME_LENGTH, check_name
from tinygesture.errors import UserError

RATE_HZ = 119.0  # the nominal rate of the LSM9DS1 in Arduino's tutorial
_BOARDS = {"lsm9ds1": "Arduino Nano 33 BLE Sense", "bmi270": "Arduino Nano 33 BLE Sense Rev2"}


@dataclass(frozen=True)
class Options:
    """What a user says of the files; None: as the file says, or as is usual.

    units: of g, m/s2, deg/s and rad/s, at most one for each sensor; rows: of each recording where
    nothing divides them.
    """

    label: str | None = None
    subject: str = "unknown"
    session: str = "import"
    rate_hz: float | None = None
    imu: Imu | None = None
    units: frozenset[str] = frozenset()
    rows: int | None = None


@dataclass(frozen=True, eq=False)
class Take:
    """One recording of a file: t_us int64[N] from 0, counts int16[N, 6].

    line: where it begins; label "" and intervals, where it is continuous; recorded_at: ISO 8601;
    clipped: samples at the end of the accelerometer's range; assumed_hz: its rate, if it is only
    assumed.
    """

    line: int
    label: str
    t_us: Int64
    counts: Int16
    imu: Imu
    board: str = ""
    recorded_at: str = ""
    intervals: tuple[Interval, ...] = ()
    continuous: bool = False
    clipped: int = 0
    assumed_hz: float | None = None


def board_of(imu: Imu) -> str:
    """The board that has this sensor, as far as it is known."""
    return _BOARDS.get(imu, "")


def grid(count: int, rate_hz: float) -> Int64:
    """Times of samples at a steady rate, int64[count] in µs from 0."""
    t_us: Int64 = np.rint(np.arange(count) * (1e6 / rate_hz)).astype(np.int64)
    return t_us


def clean_name(text: str) -> str:
    """The nearest name that a label can have, or ""."""
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", ascii_only).strip("_-")[:NAME_LENGTH].rstrip("_-")
    try:
        return check_name(name, "label")
    except UserError:
        return ""


def label_of_file(name: str) -> str:
    """punch.csv, punch.1.csv, punch (2).csv, circle.json.6600p2qi.json -> punch and circle.

    A file whose name is a number, or begins with one, is called after its folder.
    """
    path = PurePosixPath(name.replace("\\", "/"))
    stem = re.sub(r"\s*\(\d+\)$", "", path.name.lstrip(".").partition(".")[0])
    if stem[:1].isdigit() and path.parent.name:
        stem = path.parent.name
    return clean_name(stem)


def iso_time(seconds: object) -> str:
    """Seconds since 1970 as ISO 8601 in UTC, or "" where they are no time."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return ""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return ""

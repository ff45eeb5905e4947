"""Edge Impulse's data acquisition format, JSON or CBOR, and the .labels files beside it."""

import json
from typing import Any, NamedTuple

import cbor2
import numpy as np

from tinygesture.contract import CHANNELS, Float64
from tinygesture.dataset.importing import units
from tinygesture.dataset.importing.layout import ACCELEROMETER_ONLY, column_of, unit_of
from tinygesture.dataset.importing.notices import Findings, Refused
from tinygesture.dataset.importing.takes import Options, Take, board_of, clean_name, grid, iso_time
from tinygesture.dataset.importing.units import Imu
from tinygesture.dataset.intervals import Interval

LABELS = ".labels"
NANO = "ARDUINO_NANO33"  # how the device type of their firmware for the board begins
_RATES_HZ = (1.0, 10_000.0)


class Segment(NamedTuple):
    """What was performed from `start` to `end`, both included, in samples or milliseconds."""

    label: str
    start: float
    end: float


Said = str | list[Segment]  # of a file: its label, or what happened in it


def is_cbor(data: bytes) -> bool:
    """Whether these bytes begin as a map does in CBOR (RFC 8949, major type 5)."""
    return data[:1] != b"" and 0xA0 <= data[0] <= 0xBF


def read(data: bytes, label: str, said: Said | None, options: Options, found: Findings) -> Take:
    """The recording in a file; label: what it is unless `said`, of the files beside it, knows.

    Raises Refused.
    """
    document = _decode(data)
    payload = document.get("payload") if isinstance(document, dict) else None
    if not isinstance(payload, dict) or "values" not in payload or "sensors" not in payload:
        raise Refused(0, "this is no recording of Edge Impulse: it has no payload with sensors")
    values, named = _six_axes(payload, found)
    accel = units.accel_unit(values, named, options.units, found)
    gyro = units.gyro_unit(values, named, options.units, found)
    values = units.in_units(values, accel, gyro)
    if outside := units.beyond_range(values):
        raise Refused(0, f"{outside[1]} (sample {outside[0] + 1})")
    device = str(payload.get("device_type", ""))
    imu: Imu = options.imu or ("lsm9ds1" if device.upper().startswith(NANO) else "other")
    units.say_factor(imu, found)
    rate_hz = options.rate_hz or _rate_hz(payload)
    t_us = grid(len(values), rate_hz)
    segments = said if isinstance(said, list) and not options.label else []
    if isinstance(said, str) and not options.label:
        label = clean_name(said)
    if not label and not segments:
        raise Refused(0, "this recording has no label: name it with --label")
    labels = ", ".join(dict.fromkeys(segment.label for segment in segments)) or label
    found.summary = f"labelled {labels}, Edge Impulse, {rate_hz:.4g} Hz"
    return Take(
        line=0,
        label="" if segments else label,
        t_us=t_us,
        counts=units.to_counts(values, imu),
        imu=imu,
        board=device or board_of(imu),
        recorded_at=_created(document),
        intervals=_intervals(segments, len(values), 1000 / rate_hz, int(t_us[-1])),
        continuous=bool(segments),
    )


def _decode(data: bytes) -> Any:
    try:
        if is_cbor(data):
            return cbor2.loads(data)
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, ArithmeticError, RecursionError, MemoryError, cbor2.CBORError) as error:
        raise Refused(getattr(error, "lineno", 0), "this is neither whole JSON nor CBOR") from error


def _six_axes(payload: dict[Any, Any], found: Findings) -> tuple[Float64, frozenset[str]]:
    """float64[N, 6] as the file says them, and the units that it names."""
    sensors, values = payload["sensors"], payload["values"]
    if not isinstance(sensors, list) or not all(isinstance(one, dict) for one in sensors):
        raise Refused(0, "the list of sensors is damaged")
    names = [str(sensor.get("name", "")) for sensor in sensors]
    roles = [column_of(name).role for name in names]
    missing = [channel for channel in CHANNELS if channel not in roles]
    if missing == ["gX", "gY", "gZ"]:
        raise Refused(0, ACCELEROMETER_ONLY)
    if missing:
        raise Refused(0, f"there is no {', '.join(missing)} among the sensors {', '.join(names)}")
    if left := [name for name, role in zip(names, roles, strict=True) if role not in CHANNELS]:
        found.repair(0, f"left out: the sensors {', '.join(left)}")
    places = [roles.index(channel) for channel in CHANNELS]
    named = {unit_of(str(sensors[place].get("units", ""))) for place in places}
    return _table(values, len(sensors))[:, places], frozenset(named - {""})


def _table(values: Any, width: int) -> Float64:
    """Rows of numbers as float64[N, width]. Raises Refused for anything else."""
    if not isinstance(values, list) or not values:
        raise Refused(0, "there are no values in it")
    for number, row in enumerate(values, start=1):
        if not isinstance(row, list) or len(row) != width:
            raise Refused(0, f"sample {number} does not have {width} values")
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in row):
            raise Refused(0, f"sample {number} holds something that is no number")
    try:
        table = np.array(values, np.float64)
    except OverflowError as error:
        raise Refused(0, "a number is too large") from error
    if not np.isfinite(table).all():
        raise Refused(0, "a value is not a finite number")
    return table


def _rate_hz(payload: dict[Any, Any]) -> float:
    interval_ms = payload.get("interval_ms")
    if isinstance(interval_ms, int | float) and not isinstance(interval_ms, bool):
        rate_hz = 1000 / interval_ms if interval_ms > 0 else 0.0
        if _RATES_HZ[0] <= rate_hz <= _RATES_HZ[1]:
            return rate_hz
    raise Refused(0, f"interval_ms is {interval_ms!r}: name the rate with --rate")


def _created(document: dict[Any, Any]) -> str:
    protected = document.get("protected")
    return iso_time(protected.get("iat") if isinstance(protected, dict) else None)


def _intervals(
    segments: list[Segment], samples: int, interval_ms: float, last_us: int
) -> tuple[Interval, ...]:
    """Their documentation says milliseconds, their files count samples: what fits is taken."""
    if not segments:
        return ()
    unit_us = interval_ms * 1000 if max(s.end for s in segments) < samples else 1000.0
    bounds = [(s.label, round(s.start * unit_us), round((s.end + 1) * unit_us)) for s in segments]
    inside = [(label, start, min(end, last_us + 1)) for label, start, end in bounds]
    return tuple(Interval(*one) for one in inside if one[0] and 0 <= one[1] < one[2])


def read_labels(data: bytes) -> dict[str, Said]:
    """What info.labels or structured_labels.labels say of files, by path. Raises Refused."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
        found: dict[str, Said] = {}
        for file in document.get("files", []):
            label = file.get("label") or {}
            if label.get("type") == "label":
                found[str(file["path"])] = str(label["label"])
            elif label.get("type") == "multi-label":
                found[str(file["path"])] = _segments(label["labels"])
        for name, segments in document.get("structuredLabels", {}).items():
            found[str(name)] = _segments(segments)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Refused(getattr(error, "lineno", 0), "this list of labels is damaged") from error
    return found


def _segments(items: Any) -> list[Segment]:
    return [
        Segment(clean_name(str(i["label"])), float(i["startIndex"]), float(i["endIndex"]))
        for i in items
    ]

"""Edge Impulse's data acquisition format, and the labels beside it."""

import json
from typing import Any

import cbor2
import numpy as np
import pytest
from quirks import gesture, refusals, repairs

from tinygesture.contract import Float64, to_units
from tinygesture.dataset.importing.edge_impulse import Said, read_labels
from tinygesture.dataset.importing.importer import read_file
from tinygesture.dataset.importing.notices import Findings, Refused
from tinygesture.dataset.importing.sources import File
from tinygesture.dataset.importing.takes import Options, Take

NAMES = ["accX", "accY", "accZ", "gyrX", "gyrY", "gyrZ"]
UNITS = ["m/s2"] * 3 + ["dps"] * 3
G = np.array([9.80665] * 3 + [1] * 3)


def document(
    recorded: Float64, names: list[str] = NAMES, units: list[str] = UNITS, **payload: Any
) -> dict[str, Any]:
    return {
        "protected": {"ver": "v1", "alg": "none", "iat": 1_700_000_000},
        "signature": "0" * 64,
        "payload": {
            "device_type": "PHONE",
            "interval_ms": 8,
            "sensors": [{"name": n, "units": u} for n, u in zip(names, units, strict=True)],
            "values": recorded.tolist(),
            **payload,
        },
    }


def read(
    content: Any, name: str = "circle.3abc.json", said: Said | None = None, **options: Any
) -> tuple[list[Take], Findings]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    found = Findings(name)
    return read_file(File(name, lambda: data, "", said), Options(**options), found), found


def test_json_and_cbor_are_the_same() -> None:
    whole = document(gesture(1) * G)
    [take], found = read(whole)
    assert (take.label, take.board, take.recorded_at) == ("circle", "PHONE", "2023-11-14T22:13:20Z")
    assert take.t_us.tolist() == [8000 * k for k in range(119)]
    np.testing.assert_allclose(to_units(take.counts), gesture(1), atol=0.04)
    assert repairs(found) == refusals(found) == ""
    [packed], _ = read(cbor2.dumps(whole), "circle.3abc.cbor")
    np.testing.assert_array_equal(packed.counts, take.counts)


def test_units_that_are_wrong() -> None:
    [take], found = read(document(gesture(1)))
    np.testing.assert_allclose(to_units(take.counts), gesture(1), atol=0.04)
    assert "the file says m/s2, but gravity is not so in it: read as g" in repairs(found)


def test_radians_and_other_sensors() -> None:
    values = np.hstack([np.deg2rad(gesture(1)[:, 3:]), np.ones((119, 1)), gesture(1)[:, :3]])
    names = [*NAMES[3:], "temperature", *NAMES[:3]]
    [take], found = read(document(values, names, ["rad/s"] * 3 + ["C"] + ["g"] * 3))
    np.testing.assert_allclose(to_units(take.counts), gesture(1), atol=0.04)
    assert "left out: the sensors temperature" in repairs(found)


def test_their_firmware_for_the_board_uses_arduinos_library() -> None:
    nano = document(gesture(1) * G, device_type="ARDUINO_NANO33BLE")
    [take], found = read(nano)
    np.testing.assert_allclose(
        to_units(take.counts)[:, 3:], gesture(1)[:, 3:] * 37581 / 32768, atol=0.08
    )
    assert "1.147" in str(found.repaired)
    assert "1.147" not in str(read(nano, imu="bmi270")[1].repaired)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sensors": [{"name": n, "units": "g"} for n in NAMES[:3]]}, "only an accelerometer"),
        ({"sensors": [{"name": "audio", "units": "wav"}], "values": [1, 2]}, "there is no aX"),
        ({"sensors": "accX"}, "sensors is damaged"),
        ({"values": []}, "no values"),
        ({"values": [[1, 2, 3, 4, 5]]}, "sample 1 does not have 6 values"),
        ({"values": [[1, 2, 3, 4, 5, "6"]]}, "no number"),
        ({"values": [[1, 2, 3, 4, 5, True]]}, "no number"),
        ({"values": [[1, 2, 3, 4, 5, 10**400]]}, "too large"),
        ({"values": [[0, 0, 1, 4, 5, float("nan")]]}, "finite"),
        ({"values": [[0, 0, 5, 4, 5, 6]] + [[0, 0, 1, 0, 0, 0]] * 3}, "beyond ±4 g"),
        ({"values": "Ref-BINARY-i16"}, "no values"),
        ({"interval_ms": 0}, "interval_ms is 0: name the rate with --rate"),
        ({"interval_ms": None}, "--rate"),
    ],
)
def test_refusals(change: dict[str, Any], said: str) -> None:
    takes, found = read(document(gesture(1), units=["g"] * 3 + ["dps"] * 3, **change))
    assert takes == []
    assert said in refusals(found)


@pytest.mark.parametrize(
    "data", [b"{", b"{}", b"[]", b'{"payload": 1}', b"\xa1", b"\xbf\xff", b"[" * 100_000, b'"\xff']
)
def test_damaged_files(data: bytes) -> None:
    for name in ("a.json", "a.cbor"):
        takes, found = read(data, name)
        assert takes == []
        assert len(found.refused) == 1


def test_labels_beside_the_files() -> None:
    said = read_labels(
        json.dumps(
            {
                "version": 1,
                "files": [
                    {"path": "a/1.json", "label": {"type": "label", "label": "up down"}},
                    {"path": "2.json", "label": {"type": "unlabeled"}},
                    {
                        "path": "3.json",
                        "label": {
                            "type": "multi-label",
                            "labels": [{"label": "rest", "startIndex": 0, "endIndex": 59}],
                        },
                    },
                ],
                "structuredLabels": {
                    "4.json": [{"label": "wave", "startIndex": 200, "endIndex": 399}]
                },
            }
        ).encode()
    )
    assert list(said) == ["a/1.json", "3.json", "4.json"]
    [take], _ = read(document(gesture(1) * G), said=said["a/1.json"])
    assert take.label == "up_down"
    [take], _ = read(document(gesture(1) * G), said=said["3.json"])
    assert take.continuous
    assert [tuple(i) for i in take.intervals] == [("rest", 0, 60 * 8000)]
    [take], _ = read(document(gesture(1) * G), said=said["4.json"])
    assert [tuple(i) for i in take.intervals] == [("wave", 200_000, 400_000)]
    [take], _ = read(document(gesture(1) * G), said=said["4.json"], label="flex")
    assert (take.label, take.continuous) == ("flex", False)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"files": [1]}', b'{"files": 3}', b"\xff"])
def test_damaged_labels(data: bytes) -> None:
    with pytest.raises(Refused, match="damaged"):
        read_labels(data)

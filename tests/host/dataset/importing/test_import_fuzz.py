"""Whatever a file holds, the answer is recordings and notices; nothing is lost unsaid."""

import json
from typing import Any

import cbor2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quirks import HEADER, gestures, lines, read, table

from tinygesture.contract import Int16

CELLS = st.sampled_from(
    [
        "0.1",
        "-1.25",
        "300",
        "nan",
        "",
        '"',
        '"0.5"',
        "x",
        "1e9",
        "0,5",
        "1.2.3",
        "#",
        ";",
        "\t",
        "aX",
    ]
)
ROWS = st.lists(CELLS, max_size=9).map(",".join)
TEXTS = st.lists(st.one_of(ROWS, st.just(HEADER), st.just("0.1,0.2,1,1,2,3")), max_size=60)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


def answers(data: bytes, name: str) -> None:
    takes, found = read(data, name)
    for take in takes:
        assert take.counts.dtype == np.int16
        assert len(take.t_us) == len(take.counts) >= 1
        assert take.t_us[0] == 0
        assert np.all(np.diff(take.t_us) > 0)
        assert bool(take.label) != take.continuous
    assert takes or found.refused or found.repaired


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.json", "a.cbor", "a"]))
def test_bytes(data: bytes, name: str) -> None:
    answers(data, name)


@given(st.binary(max_size=80), st.integers(0, 20_000), st.integers(0, 40))
@settings(max_examples=60)
def test_a_good_file_with_damage(damage: bytes, place: int, cut: int) -> None:
    data = table(gestures(3)).encode()
    place %= len(data)
    answers(data[:place] + damage + data[place + cut :], "punch.csv")


@given(TEXTS, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_tables(rows: list[str], end: str, encoding: str) -> None:
    answers(end.join(rows).encode(encoding), "punch.csv")


@given(JSON, st.booleans())
@pytest.mark.parametrize("place", ["whole", "payload", "values", "sensors", "interval_ms"])
def test_documents(place: str, value: Any, packed: bool) -> None:
    names = ["accX", "accY", "accZ", "gyrX", "gyrY", "gyrZ"]
    payload = {
        "interval_ms": 10,
        "sensors": [{"name": name, "units": "g"} for name in names],
        "values": [[0, 0, 1, 2, 3, 4]] * 3,
    }
    document: Any = {"payload": payload | {place: value}}
    document = value if place == "whole" else {"payload": value} if place == "payload" else document
    if packed:
        answers(cbor2.dumps(document), "a.cbor")
    else:
        answers(json.dumps(document).encode(), "a.json")


@given(st.lists(st.integers(10, 60), min_size=2, max_size=6), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_every_row_is_in_a_recording_or_told(lengths: list[int], random: Any) -> None:
    """Rows with a damaged one among them are refused with its line; the others come whole."""
    blocks = [lines(values)[:length] for values, length in zip(gestures(6), lengths, strict=False)]
    bad = {k for k in range(len(blocks) - 1) if random.random() < 0.3}
    for k in bad:
        blocks[k][len(blocks[k]) // 2] = "0.1,0.2"
    takes, found = read(HEADER + "\n" + "\n\n".join("\n".join(block) for block in blocks) + "\n")
    kept = [len(block) for k, block in enumerate(blocks) if k not in bad]
    assert [len(take.t_us) for take in takes] == kept
    assert len(found.refused) == len(bad)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_counts_survive_three_decimals(seed: int) -> None:
    """The library's three decimals of °/s give its raw counts back."""
    raw: Int16 = np.random.default_rng(seed).integers(-32768, 32768, (40, 6)).astype(np.int16)
    values = raw * ([4 / 32768] * 3 + [2000 / 32768] * 3)
    [take], _ = read(table([values]), imu="other")
    np.testing.assert_array_equal(take.counts[:, 3:], raw[:, 3:])
    assert np.abs(take.counts[:, :3].astype(int) - raw[:, :3]).max() <= 5

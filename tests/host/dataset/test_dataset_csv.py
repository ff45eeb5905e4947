"""A recording's CSV gives back what was written, and damage is named by its line."""

import io
from pathlib import Path

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tinygesture.contract import COUNTS_PER_UNIT
from tinygesture.dataset import csv
from tinygesture.errors import UserError

T_US = np.array([0, 8400, 16810], np.int64)
COUNTS = np.arange(18, dtype=np.int16).reshape(3, 6) * 1000
LINES = csv.encode(T_US, COUNTS).decode().splitlines()


def read_bytes(tmp_path: Path, data: bytes) -> tuple[np.ndarray, np.ndarray]:
    path = tmp_path / "recording.csv"
    path.write_bytes(data)
    return csv.read(path)


def test_every_count_of_every_channel_comes_back(tmp_path: Path) -> None:
    every = np.arange(-32768, 32768).astype(np.int16)
    counts = np.column_stack([np.roll(every, shift) for shift in range(6)])
    t_us = np.arange(len(every), dtype=np.int64) * 8403
    read_t_us, read_counts = read_bytes(tmp_path, csv.encode(t_us, counts))
    np.testing.assert_array_equal(read_t_us, t_us)
    np.testing.assert_array_equal(read_counts, counts)
    assert read_t_us.dtype == np.int64
    assert read_counts.dtype == np.int16


@given(
    counts=arrays.arrays(np.int16, st.tuples(st.integers(1, 20), st.just(6))),
    steps=st.lists(st.integers(1, 2**40), min_size=19, max_size=19),
)
def test_anything_comes_back(tmp_path: Path, counts: np.ndarray, steps: list[int]) -> None:
    t_us = np.cumsum([0, *steps])[: len(counts)].astype(np.int64)
    read_t_us, read_counts = read_bytes(tmp_path, csv.encode(t_us, counts))
    np.testing.assert_array_equal(read_t_us, t_us)
    np.testing.assert_array_equal(read_counts, counts)


def test_other_programs_read_the_units() -> None:
    table = pandas.read_csv(io.BytesIO(csv.encode(T_US, COUNTS)))
    assert list(table.columns) == ["t_us", "aX", "aY", "aZ", "gX", "gY", "gZ"]
    assert table.aX.iloc[2] == pytest.approx(12000 / 8192, abs=1e-5)
    assert table.gZ.iloc[0] == pytest.approx(5000 / 16.384, abs=1e-3)


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    _, counts = read_bytes(tmp_path, "\r\n".join([*LINES, ""]).encode())
    np.testing.assert_array_equal(counts, COUNTS)


def replaced(line: int, text: str) -> bytes:
    lines = [*LINES]
    lines[line - 1] = text
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"", 1, "empty"),
        (b"\n", 1, "empty"),
        (LINES[0].encode() + b"\n", 2, "no samples"),
        (replaced(1, "t_us,aX,aY"), 1, "header"),
        (replaced(3, "8400,1,2,3,4,5"), 3, "not 6"),
        (replaced(3, "8400,1,2,3,4,5,6,7"), 3, "not 8"),
        (replaced(3, ""), 3, "empty"),
        (replaced(2, "0,1,2,3,4,five,6"), 2, "'five' is not a number"),
        (replaced(2, "0,1,2,3,4,,6"), 2, "'' is not a number"),
        (replaced(2, "0,1,2,3,4,1_0,6"), 2, "'1_0' is not a number"),
        (replaced(3, "8400,1,2,\0\0\0,4,5,6"), 3, "is not a number"),
        (replaced(3, "8400,1,2,nan,4,5,6"), 3, "'nan' is not a number"),
        (replaced(3, "inf,1,2,3,4,5,6"), 3, "'inf' is not a number"),
        (replaced(4, "8400,1,2,3,4,5,6"), 4, "does not increase"),
        (replaced(2, "-5,1,2,3,4,5,6"), 2, "does not increase"),
        (replaced(3, "8400.5,1,2,3,4,5,6"), 3, "whole number"),
        (replaced(4, "20000,1,2,5.2,4,5,6"), 4, "beyond"),
        (replaced(4, "20000,1,2,3,-2000.1,5,6"), 4, "beyond"),
        ("\n".join(LINES).encode(), 4, "cut off"),
        (b"\xff\xfe" + "\n".join(LINES).encode("utf-16-le"), 1, "header"),
    ],
)
def test_damage_is_named(tmp_path: Path, data: bytes, line: int, reason: str) -> None:
    with pytest.raises(UserError) as error:
        read_bytes(tmp_path, data)
    assert f"recording.csv, line {line}: " in str(error.value)
    assert reason in str(error.value)


@given(st.binary(max_size=200), st.integers(0, len("\n".join(LINES))))
def test_any_damage_is_a_sentence_or_harmless(tmp_path: Path, junk: bytes, at: int) -> None:
    data = ("\n".join(LINES) + "\n").encode()
    try:
        t_us, counts = read_bytes(tmp_path, data[:at] + junk + data[at + len(junk) :])
    except UserError as error:
        assert "recording.csv, line " in str(error)
    else:
        assert t_us[0] == 0
        assert (np.diff(t_us) > 0).all()
        assert counts.shape == (len(t_us), 6)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Could not read .*: it does not exist"):
        csv.read(tmp_path / "none.csv")


def test_the_decimals_are_finer_than_half_a_count() -> None:
    assert 0.5e-5 * COUNTS_PER_UNIT[0] < 0.5
    assert 0.5e-3 * COUNTS_PER_UNIT[3] < 0.5


def test_an_hour_is_read_in_parts(tmp_path: Path) -> None:
    n = 25_000
    t_us = np.arange(n, dtype=np.int64) * 5000
    counts = np.random.default_rng(0).integers(-32768, 32768, (n, 6)).astype(np.int16)
    file = tmp_path / "long.csv"
    data = csv.encode(t_us, counts)
    file.write_bytes(data)
    again = csv.read(file)
    np.testing.assert_array_equal(again[0], t_us)
    np.testing.assert_array_equal(again[1], counts)
    lines = data.split(b"\n")
    lines[20_000] = b"what?"
    file.write_bytes(b"\n".join(lines))
    with pytest.raises(UserError, match="line 20001: 7 values are needed"):
        csv.read(file)
    rest = csv.salvage(b"\n".join(lines))
    assert rest is not None
    np.testing.assert_array_equal(rest[1], np.delete(counts, 19_999, axis=0))


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"the folder .*/nowhere does not exist\. Check the name"):
        csv.read(tmp_path / "nowhere" / "a.csv")

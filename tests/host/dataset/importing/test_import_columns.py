"""Headers, delimiters and columns that are too many or too few."""

import numpy as np
import pytest
from quirks import HEADER, gestures, lines, read, refusals, repairs, same, table

from tinygesture.dataset import csv

PLAIN_TEXT = table(gestures(3))
PLAIN = read(PLAIN_TEXT)[0]


def with_columns(before: str, after: str, header: str) -> str:
    rows = [before + line + after if line else "" for line in PLAIN_TEXT.split("\n")[1:]]
    return "\n".join([header, *rows])


@pytest.mark.parametrize(
    "header",
    [
        " aX, aY ,aZ,gX,gY,gZ ",
        "ax,ay,az,gx,gy,gz",
        "AX,AY,AZ,GX,GY,GZ",
        "accX,accY,accZ,gyrX,gyrY,gyrZ",
        "acc_x,acc_y,acc_z,gyro_x,gyro_y,gyro_z",
        "Accelerometer X,Accelerometer Y,Accelerometer Z,Gyroscope X,Gyroscope Y,Gyroscope Z",
        "aX (g),aY (g),aZ (g),gX (deg/s),gY (deg/s),gZ (deg/s)",
    ],
)
def test_headers(header: str) -> None:
    takes, found = read(PLAIN_TEXT.replace(HEADER, header))
    assert same(takes, PLAIN)
    assert "the header" in repairs(found)


def test_columns_in_another_order() -> None:
    swapped = np.roll(np.concatenate(gestures(1)), 3, axis=1)
    takes, _ = read("gX,gY,gZ,aX,aY,aZ\n" + "\n".join(lines(swapped)))
    assert same(takes, PLAIN[:1])


def test_quoted_numbers() -> None:
    quoted = "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) if line else ""
        for line in PLAIN_TEXT.split("\n")
    )
    takes, found = read(quoted)
    assert same(takes, PLAIN)
    assert "2: numbers are in quotes (357 times)" in repairs(found)


def test_whole_lines_in_quotes() -> None:
    quoted = "\n".join(f'"{line}"' if line else "" for line in PLAIN_TEXT.split("\n"))
    assert same(read(quoted)[0], PLAIN)


@pytest.mark.parametrize("delimiter", [";", "\t", " ", " , "])
def test_delimiters(delimiter: str) -> None:
    takes, _ = read(PLAIN_TEXT.replace(",", delimiter))
    assert same(takes, PLAIN)


def test_decimal_commas() -> None:
    takes, found = read(PLAIN_TEXT.replace(",", ";").replace(".", ","))
    assert same(takes, PLAIN)
    assert "decimal comma" in repairs(found)


def test_tabs_without_a_header() -> None:
    takes, found = read(PLAIN_TEXT.removeprefix(HEADER + "\n").replace(",", "\t"))
    assert same(takes, PLAIN)
    assert "1: there is no header" in repairs(found)
    assert "tabs" in repairs(found)


def test_nine_columns() -> None:
    takes, found = read(with_columns("", ",12.1,-3.2,44.0", HEADER + ",mX,mY,mZ"))
    assert same(takes, PLAIN)
    assert "magnetometer" in repairs(found)
    for header in ("", HEADER):
        takes, found = read(with_columns("", ",12.1,-3.2,44.0", header))
        assert same(takes, PLAIN)
        assert "magnetometer" in repairs(found)


def test_a_label_that_the_header_does_not_name() -> None:
    takes, found = read(with_columns("", ",wave", HEADER))
    assert same(takes, PLAIN)
    assert {take.label for take in takes} == {"wave"}
    assert "was read as the label" in repairs(found)


@pytest.mark.parametrize("header", ["aX,aY,aZ\n", "x,y,z\n", ""])
def test_an_accelerometer_alone_is_refused(header: str) -> None:
    three = [",".join(line.split(",")[:3]) for line in lines(gestures(1)[0])]
    takes, found = read(header + "\n".join(three))
    assert takes == []
    assert "1: there is only an accelerometer" in refusals(found)


def test_other_columns_are_refused() -> None:
    takes, found = read("one,two,three,four,five,six\n" + "\n".join(lines(gestures(1)[0])))
    assert takes == []
    assert "1: the columns one, two" in refusals(found)


def test_two_sets_side_by_side() -> None:
    left, right, third = (lines(g) for g in gestures(3))
    rows = [f"{a},{b}" for a, b in zip([*left, "," * 5, *third], right, strict=False)]
    rows += [f"{a}" + "," * 6 for a in [*left, "," * 5, *third][len(right) :]]
    takes, found = read("\n".join([f"{HEADER},{HEADER}", *rows]))
    assert sorted(take.counts.tolist() for take in takes) == sorted(
        take.counts.tolist() for take in PLAIN
    )
    assert "2 sets of columns stand side by side" in repairs(found)


def test_a_label_column() -> None:
    blocks = [
        "\n".join(f"{line},{name}" for line in lines(g))
        for name, g in zip(["circle", "circle", "up down"], gestures(3), strict=True)
    ]
    takes, _ = read(f"{HEADER},label\n" + "\n".join(blocks))
    assert same(takes, PLAIN)
    assert [take.label for take in takes] == ["circle", "circle", "up_down"]
    takes, _ = read(f"{HEADER},label\n" + "\n".join(blocks), label="flex", rows=119)
    assert [take.label for take in takes] == ["flex"] * 3
    takes, found = read("\n".join(blocks))
    assert [take.label for take in takes] == ["circle", "circle", "up_down"]
    assert "was read as the label" in repairs(found)


@pytest.mark.parametrize(
    ("name", "unit"), [("timestamp", 1e3), ("time_us", 1.0), ("time (s)", 1e6)]
)
def test_a_time_column(name: str, unit: float) -> None:
    rows = [
        f"{5 + k * 10_000 / unit:.9g},{line}"
        for g in gestures(3)
        for k, line in enumerate(lines(g))
    ]
    takes, found = read("\n".join([f"{name},{HEADER}", *rows]))
    assert same(takes, PLAIN)
    assert all(np.array_equal(take.t_us, np.arange(119) * 10_000) for take in takes)
    assert "the time goes back: a recording begins there" in repairs(found)
    assert "times from the file" in found.summary


def test_a_time_that_stands_still_is_not_used() -> None:
    rows = [f"{k // 2 * 17},{line}" for k, line in enumerate(lines(gestures(1)[0]))]
    [take], found = read("\n".join([f"ms,{HEADER}", *rows]))
    assert take.t_us[1] == 8403
    assert not found.refused


def test_our_own_file_keeps_its_counts_and_times() -> None:
    take = PLAIN[0]
    [again], found = read(csv.encode(take.t_us, take.counts))
    assert same([again], [take])
    np.testing.assert_array_equal(again.t_us, take.t_us)
    assert "1.147" not in str(found.repaired)


def test_every_character_in_a_cell_of_its_own() -> None:
    spelt = "\n".join(",".join(line) for line in PLAIN_TEXT.split("\n"))
    takes, found = read(spelt)
    assert takes == []
    assert "every character is a cell of its own" in refusals(found)
    assert found.repaired == []

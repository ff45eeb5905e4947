"""Numbers that are damaged, run together, or in other units."""

from pathlib import Path

import numpy as np
import pytest
from quirks import HEADER, gesture, gestures, lines, read, refusals, repairs, same, table

from tinygesture.contract import to_units
from tinygesture.dataset import Dataset
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.takes import Options

PLAIN_TEXT = table(gestures(3))
PLAIN = read(PLAIN_TEXT)[0]


def without_last_comma(text: str) -> str:
    rows = text.split("\n")
    joined = ["".join(r.rsplit(",", 1)) if r and r != HEADER else r for r in rows]
    return "\n".join(joined)


def test_a_comma_missing_in_every_row() -> None:
    text = without_last_comma(PLAIN_TEXT)
    assert same(read(text.replace(HEADER, "aX,aY,aZ,gX,gYgZ"))[0], PLAIN)
    takes, found = read(text)
    assert same(takes, PLAIN)
    assert "2: a comma is missing between two numbers in every row" in repairs(found)
    assert not found.refused


def test_a_comma_missing_before_a_sign() -> None:
    rows = [f"0.{k % 7},1.25,0.5,1.375,{k % 9}3.25-{k % 5}.5" for k in range(119)]
    [take], found = read("\n".join([HEADER, *rows]), imu="other")
    assert "a comma is missing" in repairs(found)
    expected = [0.3, 1.25, 0.5, 1.375, 33.25, -3.5]
    np.testing.assert_allclose(to_units(take.counts)[3], expected, atol=0.04)


def test_a_comma_missing_without_a_place_for_it() -> None:
    rows = [f"0.{k % 7},1.25,0.5,1.375,{k % 9}.25{k % 5}.5" for k in range(119)]
    takes, found = read("\n".join([HEADER, *rows]))
    assert takes == []
    assert "a comma is missing in every row" in refusals(found)


@pytest.mark.parametrize("end", [",12.30,", ",1.0", "", ",,", ",0.1,0.2,0.3,-", ",0.1,0.2,0.3,1.2"])
def test_a_last_line_that_is_cut_off(end: str) -> None:
    cut = "0.123,0.456" + end
    takes, found = read(PLAIN_TEXT + cut)
    assert "the last line is cut off and was left out" in repairs(found)
    assert same(takes, PLAIN)
    assert not found.refused


def test_a_whole_last_line_without_a_line_end() -> None:
    takes, found = read(PLAIN_TEXT.rstrip("\n"))
    assert same(takes, PLAIN)
    assert repairs(found) == ""


@pytest.mark.parametrize(
    "damage", ["0.1,0.2,0.3", "0.1,x,0.3,1,2,3", "0.1,nan,0.3,1,2,3", "1,2,3,4,5,6,7,8"]
)
@pytest.mark.parametrize("separator", ["\n", ""])
def test_a_damaged_row_costs_its_recording_only(damage: str, separator: str) -> None:
    blocks = [lines(g) for g in gestures(3)]
    blocks[1][60] = damage
    text = HEADER + "\n" + separator.join("\n".join(block) + "\n" for block in blocks)
    takes, found = read(text)
    assert same(takes, [PLAIN[0], PLAIN[2]])
    [refused] = found.refused
    assert refused.line == text.split("\n").index(damage) + 1
    assert "the recording around it was left out" in refused.reason


@pytest.mark.parametrize("bad", ["1e999", "-inf", "4.7", "9" * 30])
def test_values_beyond_the_range_are_refused(bad: str) -> None:
    blocks = [lines(g) for g in gestures(3)]
    blocks[2][5] = ",".join([bad, *blocks[2][5].split(",")[1:]])
    takes, found = read(HEADER + "\n" + "\n\n".join("\n".join(block) for block in blocks))
    assert same(takes, PLAIN[:2])
    assert len(found.refused) == 1
    assert found.refused[0].line == 2 + 2 * 120 + 5


def test_the_end_of_the_range_is_within() -> None:
    values = gesture(1)
    values[40] = [4.0, -4.0, 4.0, 2000.0, -2000.0, 1999.9]
    [take], _ = read(table([values]), imu="bmi270")
    assert take.counts[40].tolist() == [32767, -32768, 32767, 32767, -32768, 32766]


def test_metres_per_second_squared() -> None:
    scaled = [g * np.array([9.80665] * 3 + [1] * 3) for g in gestures(3)]
    takes, found = read(table(scaled))
    for take, plain in zip(takes, PLAIN, strict=True):
        assert np.abs(take.counts[:, :3].astype(int) - plain.counts[:, :3]).max() <= 9
        np.testing.assert_array_equal(take.counts[:, 3:], plain.counts[:, 3:])
    assert "read as m/s² and converted to g" in repairs(found)
    takes, found = read(table(scaled), units=frozenset({"g"}))
    assert takes == []
    assert "beyond ±4 g" in refusals(found)


def test_units_in_the_header_and_gravity_that_contradicts() -> None:
    header = "ax (m/s^2),ay (m/s^2),az (m/s^2),gx (deg/s),gy (deg/s),gz (deg/s)"
    takes, found = read(table(gestures(3), header=header))
    assert same(takes, PLAIN)
    assert "the file says m/s2, but gravity is not so in it: read as g" in repairs(found)


def test_radians_per_second() -> None:
    scaled = [g * np.array([1] * 3 + [np.pi / 180] * 3) for g in gestures(3)]
    takes, found = read(table(scaled))
    assert "read as rad/s" in repairs(found)
    assert takes[0].imu == "other"
    expected = gestures(1)[0][:, 3:]
    np.testing.assert_allclose(to_units(takes[0].counts)[:, 3:], expected, atol=0.1)
    said, found = read(table(scaled), units=frozenset({"rad/s"}))
    assert same(said, takes)
    assert "read as rad/s" not in repairs(found)


def test_an_accelerometer_that_ends_at_2_g() -> None:
    values = gesture(1)
    values[10:20, 0] = 2.0
    takes, found = read(table([values, gesture(2)]))
    assert "the accelerometer ends at ±2 g, which 10 rows reach" in repairs(found)
    assert [take.clipped for take in takes] == [10, 0]


def test_what_is_assumed_and_cut_off_stays_visible(tmp_path: Path) -> None:
    values = gesture(1)
    values[10:20, 0] = 2.0
    file = tmp_path / "punch.csv"
    file.write_text(table([values]), encoding="utf-8")
    import_into(tmp_path / "d", [file])
    [entry] = Dataset.open(tmp_path / "d").entries
    assert (entry.clipped, entry.marks) == (10, "clipped")
    assert entry.firmware == "imported, 119 Hz assumed"
    import_into(tmp_path / "said", [file], Options(rate_hz=100))
    assert Dataset.open(tmp_path / "said").entries[0].firmware == "imported"


def test_raw_counts_are_refused() -> None:
    takes, found = read(table([np.rint(g * 8192) for g in gestures(2)]))
    assert takes == []
    assert "neither g nor m/s²" in refusals(found)


def test_the_gyroscope_of_an_lsm9ds1_goes_through_the_drivers_integers() -> None:
    raw = np.arange(-32768, 32768, 551)[:119]
    values = np.zeros((119, 6))
    values[:, 2] = 1
    values[:, 3] = raw * 2000 / 32768  # as Arduino's library says it
    text = "\n".join([HEADER, *(",".join(f"{v:.3f}" for v in row) for row in values)])
    [take], found = read(text)
    expected = np.clip((raw * 37581 + 16384) >> 15, -32768, 32767)
    np.testing.assert_array_equal(take.counts[:, 3], expected)
    assert "1.147" in str(found.repaired)
    assert take.board == "Arduino Nano 33 BLE Sense"
    [plain], found = read(text, imu="other")
    np.testing.assert_array_equal(plain.counts[:, 3], raw)
    assert "1.147" not in str(found.repaired)


def test_a_rate_that_is_given() -> None:
    [take], found = read(table([gesture(1)]), rate_hz=50.0)
    assert take.t_us.tolist() == [20_000 * k for k in range(119)]
    assert "50 Hz as you say" in found.summary

"""Files of intervals that people write: a spreadsheet's are read, slips are told in words."""

import pytest

from tinygesture.dataset.intervals import HEADER, Interval, read, within
from tinygesture.errors import UserError


def test_a_spreadsheets_mark_in_front_is_no_part_of_the_header(tmp_path):
    file = tmp_path / "a.labels.csv"
    file.write_bytes(f"{HEADER}\r\n5,7,circle\r\n".encode("utf-8-sig"))
    assert read(file) == [Interval("circle", 5, 7)]


@pytest.mark.parametrize("row", ["1,2", "nan,5,circle", "1,2.5,circle", "", "1,2,circle,3"])
def test_a_slip_is_told_in_words(tmp_path, row):
    file = tmp_path / "a.labels.csv"
    file.write_text(f"{HEADER}\n{row}\n1,2,circle\n")
    words = "line 2: .* is no beginning and end in whole microseconds with a label\\. Correct"
    with pytest.raises(UserError, match=words):
        read(file)


@pytest.mark.parametrize("content", [b"", b"\x00\xff\n1,2\n", b"start_us;end_us;label\n"])
def test_what_is_no_list_of_intervals(tmp_path, content):
    file = tmp_path / "a.labels.csv"
    file.write_bytes(content)
    with pytest.raises(UserError, match="Put that line first, or move the file away"):
        read(file)


def test_the_same_interval_twice(tmp_path):
    file = tmp_path / "a.labels.csv"
    file.write_text(f"{HEADER}\n1,2,circle\n1,3,circle\n1,2,circle\n")
    with pytest.raises(UserError, match="line 4: the interval of line 2 again"):
        within(file, read(file), 60_000_000)


@pytest.mark.parametrize("row", ["60000000,61000000,circle", "1,61000001,circle"])
def test_an_interval_of_another_recording(tmp_path, row):
    file = tmp_path / "a.labels.csv"
    file.write_text(f"{HEADER}\n1,61000000,circle\n{row}\n")
    with pytest.raises(UserError, match=r"line 3: circle .* and the recording ends at 60\.000 s"):
        within(file, read(file), 60_000_000)


def test_a_name_that_cannot_be_one(tmp_path):
    file = tmp_path / "a.labels.csv"
    file.write_text(f"{HEADER}\n1,2,<b>\n")
    with pytest.raises(UserError, match=r"line 2: '<b>' cannot be .* with no dash\. Correct"):
        read(file)

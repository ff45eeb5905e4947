"""Files of intervals that people write: a spreadsheet's are read, slips are told in words."""

import pytest

from tinygesture.dataset.intervals import HEADER, Interval, read
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


def test_a_name_that_cannot_be_one(tmp_path):
    file = tmp_path / "a.labels.csv"
    file.write_text(f"{HEADER}\n1,2,<b>\n")
    with pytest.raises(UserError, match=r"line 2: '<b>' cannot be .* with no dash\. Correct"):
        read(file)

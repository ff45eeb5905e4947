"""Label tracks of Audacity, as it and people write them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.dataset import Interval, audacity
from tinygesture.errors import UserError

MINUTE_US = 60_000_000


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "labels.txt"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "1.210000\t2.480000\tcircle\n4.033000\t5.150000\tpunch\n",
        "1,210000\t2,480000\tcircle\r\n4,033000\t5,150000\tpunch\r\n",
        "4.033\t5.15\tpunch\n\n1.21\t2.48\t circle ",
        "1.21\t2.48\tcircle\n\\\t-1.000000\t-1.000000\n4.033\t5.15\tpunch\n\\\t20.5\t3000\n",
        "\ufeff1.21\t2.48\tcircle\n4.033\t5.15\tpunch\n",
    ],
    ids=["as Audacity", "decimal comma", "not in order", "frequencies", "byte order mark"],
)
def test_a_label_track(tmp_path: Path, text: str) -> None:
    track = audacity.read(written(tmp_path, text), MINUTE_US)
    assert track.intervals == [
        Interval("circle", 1_210_000, 2_480_000),
        Interval("punch", 4_033_000, 5_150_000),
    ]
    assert track.notes == []


def test_points_are_left_out_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, "3.2\t3.2\tcircle\n4\t5\tpunch\n")
    intervals, notes = audacity.read(path, MINUTE_US)
    assert intervals == [Interval("punch", 4_000_000, 5_000_000)]
    assert len(notes) == 1
    assert f"{path}, line 1: circle at 3.200 s is a point" in notes[0]


def test_an_end_a_little_too_late_is_that_of_the_recording(tmp_path: Path) -> None:
    path = written(tmp_path, "59\t60.1\tcircle\n")
    assert audacity.read(path, MINUTE_US).intervals == [Interval("circle", 59_000_000, MINUTE_US)]


def test_what_is_cut_off_or_there_twice_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "58\t2000\tcircle\n58\t2000\tcircle\n")
    track = audacity.read(path, MINUTE_US)
    assert track.intervals == [Interval("circle", 58_000_000, MINUTE_US)]
    assert "line 1: circle ends at 2000.000 s, and the recording at 60.000 s" in track.notes[0]
    assert track.notes[-1] == f"{path}, line 2: the same label again: left out."


@pytest.mark.parametrize(
    "line, words",
    [
        ("1.0\t2.0", "with a tab between"),
        ("1.0\t2.0\t", "with a tab between"),
        ("1.0 2.0 circle", "with a tab between"),
        ("one\ttwo\tcircle", "no times in seconds"),
        ("nan\t2\tcircle", "no times in seconds"),
        ("1\tinf\tcircle", "no times in seconds"),
        ("1e305\t1e306\tcircle", "no times in seconds"),
        ("2\t1\tcircle", "ends after that"),
        ("-1\t1\tcircle", "begins at 0 s or later"),
        ("1\t2\ta big circle", "cannot be the name of a label"),
        ("61\t62\tcircle", "probably of another recording"),
    ],
)
def test_what_cannot_be_read_is_named_by_file_and_line(
    tmp_path: Path, line: str, words: str
) -> None:
    path = written(tmp_path, f"0.5\t0.9\tpunch\n{line}\n")
    with pytest.raises(UserError) as raised:
        audacity.read(path, MINUTE_US)
    assert str(raised.value).startswith(f"{path}, line 2: ")
    assert words in str(raised.value)


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "labels.txt"
    path.write_bytes(data)
    try:
        for interval in audacity.read(path, MINUTE_US).intervals:
            assert 0 <= interval.start_us < interval.end_us <= MINUTE_US
    except UserError:
        pass


intervals = st.lists(
    st.tuples(
        st.sampled_from(["circle", "punch", "Rest_2"]),
        st.integers(0, MINUTE_US - 2),
        st.integers(1, MINUTE_US),
    ).map(lambda one: Interval(one[0], one[1], min(one[1] + one[2], MINUTE_US - 1))),
    max_size=20,
    unique=True,
)


@given(intervals)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, found: list[Interval]
) -> None:
    path = tmp_path_factory.mktemp("track") / "labels.txt"
    found = sorted(found, key=lambda one: one.start_us)
    path.write_bytes(audacity.encode(found))
    assert audacity.read(path, MINUTE_US).intervals == found


def test_what_is_no_file_of_labels_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    large.touch()
    os.truncate(large, audacity.MAX_BYTES + 1)
    for path in (Path("/dev/zero"), tmp_path, large):
        with pytest.raises(UserError, match=f"{path} is no file of labels"):
            audacity.read(path, MINUTE_US)
    with pytest.raises(UserError, match="it does not exist"):
        audacity.read(tmp_path / "missing.txt", MINUTE_US)

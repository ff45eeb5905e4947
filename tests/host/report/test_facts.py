"""Plain values, as people read them."""

import pytest

from tinygesture.report.facts import moment


@pytest.mark.parametrize(
    "recorded_at",
    [
        "2026-11-21T09:10:52Z",
        "2026-11-21T09:10:52.731+00:00",
        "2026-11-21T10:10:52+01:00",
        "2026-11-21T09:10:52",
    ],
)
def test_times_are_read_the_same_whoever_wrote_them(recorded_at):
    assert moment(recorded_at) == "2026-11-21 09:10:52 UTC"


@pytest.mark.parametrize("words", ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+05:00"])
def test_what_is_no_time_stays(words):
    assert moment(words) == words

"""What the report says of the events of each label."""

from typing import Any

from tinygesture.evaluation.statistics import proportion
from tinygesture.report import stream


def manifest(gestures: int, recognised: int, false: int, recordings: int) -> dict[str, Any]:
    counted = {"gestures": gestures, "recognised": recognised, "false": false, "duplicates": 0}
    tested = {"labels": {"circle": {"support": recordings}}}
    return {
        "events": {**counted, "labels": {"circle": counted}},
        "metrics": {"int8": tested},
    }


def test_playing_a_recording_three_times_makes_no_interval_narrower() -> None:
    label, whole = stream.rows(manifest(30, 27, 6, recordings=10))
    assert label.recall == whole.recall == proportion(9, 10)
    assert label.precision == whole.precision == proportion(9, 11)
    assert stream.rows(manifest(10, 9, 2, recordings=10))[0][2:] == label[2:]


def test_where_nothing_was_played_or_heard_there_is_no_share() -> None:
    assert stream.rows(manifest(0, 0, 0, recordings=0))[0][2:] == (None, None)
    never_heard = stream.rows(manifest(30, 0, 0, recordings=10))[0]
    assert never_heard.recall == proportion(0, 10)
    assert never_heard.precision is None
    only_false = stream.rows(manifest(0, 0, 1, recordings=0))[0]
    assert only_false.recall is None
    assert only_false.precision == proportion(0, 1)
    assert stream.rows({"metrics": {}}) == []

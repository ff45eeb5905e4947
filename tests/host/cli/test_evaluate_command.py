"""`tinygesture evaluate`: what it says beside the figures."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tinygesture.cli.evaluation_report import how_to_mark, remarks, show
from tinygesture.cli.output import Output
from tinygesture.cli.verification import check_model
from tinygesture.dataset import Interval
from tinygesture.errors import UserError
from tinygesture.evaluation.events import figures
from tinygesture.evaluation.matching import Reported, match
from tinygesture.evaluation.metrics import score

DATA = Path("recordings")
LABELS = ["circle", "punch"]


def said(actual=(0, 1), predicted=(0, 1), labels=LABELS, **more):
    return {
        "model": "swing",
        "port": None,
        **score(actual, predicted, labels),
        "unknown_labels": {},
        "events": None,
        "used": len(actual),
        "synthetic": 0,
        "seen_in_training": 0,
        "unmarked": [],
        **more,
    }


def events(**more):
    performed = [Interval("circle", 0, 1_000_000), Interval("walk", 5_000_000, 20_000_000)]
    reported = [
        Reported("circle", 0.9, 100_000, 800_000),
        Reported("circle", 0.9, 900_000, 1_200_000),
        Reported("punch", 0.8, 8_000_000, 9_000_000),
    ]
    found = figures([match(performed, reported, LABELS)], LABELS, hours=0.5)
    return {**found, "recordings": 1, "gaps": 0, "unknown_labels": {}, **more}


def test_nothing_is_said_where_every_label_was_recorded():
    assert remarks(said(), DATA) == []


def test_labels_without_a_recording_are_named():
    labels = ["circle", "punch", "rest"]
    [sentence] = remarks(said([0, 0], [0, 1], labels), DATA)
    assert sentence == "No recording of punch, rest: macro-F1 is that of the other labels."


@pytest.mark.parametrize(
    "more, words",
    [
        ({"seen_in_training": 2}, "trained on all recordings, so the figures flatter it"),
        ({"seen_in_training": 1}, "trained on 1 of 2 recordings"),
        ({"synthetic": 1}, "1 of 2 recordings are synthetic"),
        ({"synthetic": 2}, "All recordings are synthetic"),
        ({"unknown_labels": {"flex": 3}}, "does not know them: flex (3)."),
        ({"unmarked": ["continuous/3"]}, "`tinygesture label continuous/3 --data recordings`"),
        ({"events": events(unknown_labels={"flex": 2})}, "does not know flex (2): what it reports"),
        ({"events": events(gaps=1)}, "Samples are missing in 1 place of"),
    ],
)
def test_remarks(more, words):
    [sentence] = remarks(said(**more), DATA)
    assert words in sentence


def test_of_many_recordings_some_are_named():
    names = [f"continuous/{i}" for i in range(1, 6)]
    assert "in continuous/1, continuous/2, continuous/3 and 2 more, so" in how_to_mark(names, DATA)


def test_events_in_words(capsys):
    show(Output(as_json=False), said(events=events()), LABELS)
    text = " ".join(capsys.readouterr().out.split())
    assert "swing on the host: 100.0% of 2 recordings right" in text
    assert "1 of 1 gestures in 30.0 minutes recognised; 3 events, 1 of them false" in text
    assert "1 of them a second time: precision 0.333, recall 1.000, F1 0.500." in text
    assert "False events: 2.00 an hour, and at most 9.49 with 95 % confidence" in text
    assert "(1 during walk)" in text
    assert "0.80 s after the beginning of its gesture" in text
    assert "gestures last 1.00 s. It counts until 0.5 s after the end." in text


def test_background_alone_in_words(capsys):
    quiet = figures([match([], [], LABELS)], LABELS, hours=3.0)
    nothing = said([], [], events={**quiet, "recordings": 1, "gaps": 0, "unknown_labels": {}})
    show(Output(as_json=False), nothing | {"accuracy": None, "macro_f1": None}, LABELS)
    text = " ".join(capsys.readouterr().out.split())
    assert "3.00 hours of background, without a gesture of the model's." in text
    assert "False events: 0.00 an hour, and at most 1.00 with 95 % confidence." in text
    assert "recordings right" not in text and "in the median" not in text
    assert remarks(nothing, DATA) == []


@pytest.mark.parametrize("board, flash", [("cm4", True), ("nano33ble", True), ("teensy41", False)])
def test_no_option_is_advised_that_does_not_exist(board, flash):
    session = SimpleNamespace(
        name="/dev/ttyACM0", info=SimpleNamespace(model_id="", model="", board=board)
    )
    bundle = SimpleNamespace(model_id="01" * 8, name="swing", path="models/swing")
    with pytest.raises(UserError) as raised:
        check_model(session, bundle)
    assert "push swing --keep --port /dev/ttyACM0" in str(raised.value)
    assert (f"flash swing --board {board}" in str(raised.value)) is flash
    assert ("--board" in str(raised.value)) is flash

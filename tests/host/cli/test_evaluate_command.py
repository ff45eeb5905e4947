"""`tinygesture evaluate`: what it says beside the figures."""

from tinygesture.cli.commands.evaluate import _remarks
from tinygesture.evaluation.metrics import score


def test_labels_without_a_recording_are_named():
    figures = score([0, 0], [0, 1], ["circle", "punch", "rest"]) | {"unknown_labels": {}}
    [said] = _remarks(figures, synthetic=0, overlaps=False)
    assert said == "No recording of punch, rest: macro-F1 is that of the other labels."


def test_nothing_is_said_where_every_label_was_recorded():
    figures = score([0, 1], [0, 1], ["circle", "punch"]) | {"unknown_labels": {}}
    assert _remarks(figures, synthetic=0, overlaps=False) == []

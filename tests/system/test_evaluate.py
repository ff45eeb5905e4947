"""tinygesture evaluate on continuous recordings: the host, a board, and what neither can know."""

from dataclasses import replace

import numpy as np
import pytest

from tinygesture.dataset import Dataset

SCRIPT = "circle x 2, walk:4, punch x 2, letter-a, rest:2"


@pytest.fixture(scope="module")
def long(clone, tmp_path_factory):
    """A performance, the same with a gap in it, and one of which nobody has said anything."""
    path = tmp_path_factory.mktemp("data") / "long"
    perform = ("tinygesture", "perform", SCRIPT, "--data", str(path), "--subject", "2")
    done = clone.run(*perform)
    assert done.status == 0, done.stderr
    dataset = Dataset.open(path)
    [entry] = dataset.continuous
    whole, marked = dataset.load(entry), dataset.intervals(entry)
    gap = (whole.t_us < 8_000_000) | (whole.t_us > 8_500_000)
    dataset.add_continuous(replace(whole, t_us=whole.t_us[gap], counts=whole.counts[gap]), marked)
    part = np.s_[:600]
    dataset.add_continuous(replace(whole, t_us=whole.t_us[part], counts=whole.counts[part]))
    return path


@pytest.fixture(scope="module")
def on_the_host(clone, swing, long):
    return clone.run("tinygesture", "evaluate", "swing", str(long), "--json")


def test_events_on_the_host(on_the_host):
    assert on_the_host.status == 0, on_the_host.stderr
    [said] = on_the_host.json
    assert (said["recordings"], said["accuracy"]) == (0, None)
    events = said["events"]
    assert (events["recordings"], events["gaps"]) == (2, 1)
    assert events["gestures"] == 8
    assert 0 <= events["recognised"] <= 8
    assert events["events"] == events["recognised"] + events["false"] + events["duplicates"]
    assert events["false_per_hour_upper"] > events["false_per_hour"] >= 0
    assert (events["delay_ms"]["median"] is not None) == (events["recognised"] > 0)
    assert events["tolerance_ms"] == 500
    assert events["unknown_labels"] == {"letter-a": 2}
    assert set(events["labels"]) == {"circle", "punch"}
    assert said["unmarked"] == ["continuous/3"]
    text = on_the_host.stderr
    assert "of 8 gestures in" in text and "with 95 % confidence" in text
    assert "tinygesture label continuous/3" in text
    assert "The model does not know letter-a (2)" in text
    assert "Samples are missing in 1 place" in text
    assert "All recordings are synthetic" in text


def test_the_events_of_a_board_are_the_same(on_the_host, clone, swing, long, board):
    port = clone.port(board, "swing")
    done = clone.run("tinygesture", "evaluate", "swing", str(long), "--port", port, "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    [host] = on_the_host.json
    assert said["events"] == host["events"]
    device = said["device"]
    assert device["vectors"] == device["equal"] > 200
    assert device["events"] == device["events_equal"] == host["events"]["events"]


def test_gestures_and_continuous_recordings_side_by_side(clone, swing, long, synthetic, tmp_path):
    both = Dataset.create(tmp_path / "both")
    gestures, continuous = Dataset.open(synthetic), Dataset.open(long)
    both.adopt(gestures.entries, gestures)
    both.adopt(continuous.continuous[:1], continuous)
    done = clone.run("tinygesture", "evaluate", "swing", str(both.path))
    assert done.status == 0, done.stderr
    assert "of 48 recordings right" in done.stdout
    assert "of 4 gestures in" in done.stdout
    assert "recognised" in done.stdout
    assert "so the figures flatter it" in done.stdout  # whatever data set they are in now


def test_nobody_has_said_what_happened(clone, swing, long, tmp_path):
    source = Dataset.open(long)
    silent = Dataset.create(tmp_path / "silent")
    silent.adopt(source.continuous[2:], source)
    done = clone.run("tinygesture", "evaluate", "swing", str(silent.path))
    assert done.status == 2
    assert "Nobody has said what happened in continuous/1" in done.stderr
    assert f"tinygesture label continuous/1 --data {silent.path}" in done.stderr

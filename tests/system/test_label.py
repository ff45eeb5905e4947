"""tinygesture label: a person who marks a recording with keys."""

import os
import signal

import pytest
from person import Person

from tinygesture.dataset import Dataset

RIGHT = "\x1b[C"


@pytest.fixture
def data(clone, tmp_path):
    """A data set with one continuous recording of which nobody has said anything."""
    script = "circle x 2, rest:2, punch, walk:3"
    clone.run("tinygesture", "perform", script, "--data", str(tmp_path / "d"))
    dataset = Dataset.open(tmp_path / "d")
    truth = dataset.intervals(dataset.continuous[0])
    dataset.set_intervals(dataset.continuous[0], [])
    return dataset, truth


def label(clone, dataset, *options):
    command = ("tinygesture", "label", "continuous/1", *options, "--data", str(dataset.path))
    return Person(clone, *command)


def test_marking_goes_on_where_it_was_left(clone, data):
    dataset, truth = data
    [entry] = dataset.continuous
    person = label(clone, dataset, "circle", "punch")
    person.read("u undo q quit")
    person.press("1")
    person.read("1 circle ×1")
    [first] = dataset.intervals(entry)  # on the disk before the next key
    assert first.label == "circle"
    assert abs(first.start_us - truth[0].start_us) < 120_000
    person.press("e" + RIGHT + "\r")
    person.press("q")
    status, drawn = person.leave()
    assert status == 0, drawn
    assert "without a label: left out" in drawn
    assert "Done: 1 interval of continuous/1" in drawn

    person = label(clone, dataset, "circle", "punch")
    person.read("1 named")
    person.press("1")
    person.press("n")
    person.read("its label: ▏")
    person.press("Jab\r")
    person.read("3 Jab ×1")
    person.press("u")
    person.read("3 Jab ×0")
    person.press("2")
    person.read("2 punch ×1")
    person.press("q")
    assert person.leave()[0] == 0
    assert [one.label for one in dataset.intervals(entry)] == ["circle", "circle", "punch"]
    assert dataset.intervals(entry)[0] == first


def test_what_was_marked_is_kept_at_ctrl_c(clone, data):
    dataset, _ = data
    person = label(clone, dataset, "circle")
    person.read("u undo q quit")
    person.press("1")
    person.read("1 circle ×1")
    os.killpg(person.process.pid, signal.SIGINT)
    status, drawn = person.leave()
    assert status == 130
    assert "Stopped; 1 interval is saved." in drawn
    assert len(dataset.intervals(dataset.continuous[0])) == 1


def test_a_recording_of_background(clone, data):
    dataset, _ = data
    [entry] = dataset.continuous
    person = label(clone, dataset)
    person.read("u undo q quit")
    person.press("q")
    person.read("Is all of it background?")
    person.press("y")
    assert person.leave()[0] == 0
    [whole] = dataset.intervals(entry)
    assert whole == ("background", 0, dataset.load(entry).t_us[-1])


def test_without_a_terminal_it_says_what_else_there_is(clone, data):
    dataset, _ = data
    done = clone.run("tinygesture", "label", "continuous/1", "--data", str(dataset.path))
    assert done.status == 2
    assert "Marking needs a terminal" in done.stderr
    assert "--audacity" in done.stderr

"""A person at a terminal who decides what becomes of each recording."""

import os
import signal
import termios
import time

import pytest
from person import Person

from tinygesture.dataset import Dataset


@pytest.fixture
def person(clone, tmp_path):
    person = Person(
        clone,
        *("capture", "circle", "rest", "--count", "2", "--countdown", "0.2", "--seconds", "0.8"),
        *("--data", str(tmp_path / "d"), "--port", clone.port("native", speed=2), "--bell"),
    )
    yield person
    person.process.kill()


QUESTION = "q keep and quit"


def labels(data):
    return [entry.label for entry in Dataset.open(data).entries]


def test_keep_redo_discard_undo_quit(person, tmp_path):
    data = tmp_path / "d"
    person.read("circle 1 of 2")
    person.read(QUESTION)
    assert labels(data) == ["circle"]  # on the disk before anybody is asked
    person.press("\n")
    person.read("circle 2 of 2")
    person.read(QUESTION)
    person.press("r")
    person.read("circle 2 of 2: once more")
    person.read(QUESTION)
    person.press(" ")
    person.read("rest 1 of 2")
    person.read(QUESTION)
    person.press("d")
    person.read("rest 1 of 2: discarded")
    person.read(QUESTION)
    person.press("u")
    person.read("circle: the last one is undone, and comes again")
    person.press("\x1b[A")  # an arrow decides nothing
    person.press("\r")
    person.read("circle 2 of 2")
    person.read(QUESTION)
    person.press("q")
    status, drawn = person.leave()
    assert status == 0, drawn
    assert "Stopped: 3 recordings saved" in drawn
    assert "The same command goes on with the 1 that is missing" in drawn
    assert sorted(labels(data)) == ["circle", "circle", "rest"]
    assert sorted(labels(data / "trash")) == ["circle", "circle", "rest"]


def test_keys_while_nothing_is_asked(person):
    person.read("\x07")  # the bell, at the start
    person.read("GO")
    person.press("d")
    person.read("get ready")
    person.read("GO")
    person.press("q")
    status, drawn = person.leave()
    assert status == 0
    assert "Stopped: 0 recordings saved" in drawn
    assert "The same command goes on with the 4 that are missing" in drawn


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_is_on_the_screen_is_kept_when_the_command_ends(person, tmp_path, how):
    person.read(QUESTION)
    os.killpg(person.process.pid, how)
    status, drawn = person.leave()
    assert status == 130
    assert "Stopped; 1 recording saved" in drawn
    assert labels(tmp_path / "d") == ["circle"]


def test_a_board_that_leaves_during_the_question(clone, person, tmp_path):
    person.read(QUESTION)
    for line in clone.processes():
        if "virtual-board" not in line:
            os.kill(int(line.split()[0]), signal.SIGKILL)
    time.sleep(0.3)
    person.press("\n")
    person.read("Waiting for the board to come back")
    person.read("The board is back.")
    person.read(QUESTION)
    person.press("q")
    assert person.leave()[0] == 0
    assert labels(tmp_path / "d") == ["circle", "circle"]


def test_marks_of_a_continuous_recording(clone, tmp_path):
    person = Person(
        clone,
        *("capture", "circle", "punch", "--continuous", "--data", str(tmp_path / "d")),
        *("--port", clone.port("native", speed=1)),
    )
    person.read("1 circle ×0")
    for key, shown in (("1", "1 circle ×1"), ("2", "2 punch ×1"), ("2", "1 circle ×1")):
        time.sleep(0.4)
        person.press(key)
        person.read(shown)
    person.press("q")
    status, drawn = person.leave()
    assert status == 0
    assert "Done: 1 recording saved" in drawn
    dataset = Dataset.open(tmp_path / "d")
    [entry] = dataset.continuous
    circle, punch = dataset.intervals(entry)
    assert (circle.label, punch.label) == ("circle", "punch")
    assert circle.end_us == punch.start_us
    assert 0.2e6 < circle.end_us - circle.start_us < 2e6
    assert punch.end_us < dataset.load(entry).t_us[-1]


@pytest.mark.parametrize("stopped", [False, True])
def test_q_ends_watch(clone, stopped):
    """Also after Ctrl-Z and fg: between them the shell has the terminal."""
    person = Person(clone, "tinygesture", "watch", "--port", clone.port("native", speed=1))
    person.read("q ends")
    person.read("gX gY gZ")
    if stopped:
        os.killpg(person.process.pid, signal.SIGSTOP)
        termios.tcsetattr(person.theirs, termios.TCSANOW, person.modes)
        os.killpg(person.process.pid, signal.SIGCONT)
        person.read("gX gY gZ")
    person.press("q")
    status, drawn = person.leave()
    assert status == 0
    assert "Done: 0 gestures" in drawn

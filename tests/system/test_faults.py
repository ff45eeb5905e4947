"""Cables pulled, boards reset, computers asleep: it is noticed, said, and the commands go on."""

import os
import re
import signal
import time
from contextlib import contextmanager

import numpy as np
import pytest
from bridge import Bridge

from tinygesture.dataset import Dataset

ASLEEP_S = 4  # the board gives the host up after 2 s
REAL_TIME = 1


@contextmanager
def watch(clone, port, *more):
    command = ("tinygesture", "watch", "--json", "--port", port, *more)
    with clone.start(*command, bufsize=0) as process:
        yield process


def capture(clone, port, data, *more):
    return clone.start(
        *("capture", "circle", "--countdown", "0", "--data", str(data), "--json"),
        *("--port", port, *more),
    )


def said_until(process, words):
    """What a command says, up to a line with these words."""
    lines = []
    while words not in (line := process.stderr.readline()):
        assert line, lines
        lines.append(line)
    return [*lines, line]


def pause(process, seconds):
    os.killpg(process.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGCONT)


def whole(dataset):
    """Every recording is one stretch of one clock, without a gap."""
    for entry in dataset.every:
        t_us = dataset.load(entry).t_us
        steps = np.diff(t_us)
        yield t_us[0] == 0 and steps.min() > 0 and steps.max() < 50_000


def missing(line):
    """(seconds, samples) of what watch says of a gap."""
    said = re.match(r"Nothing was heard for ([\d.]+) s \(([\d,]+) samples are missing\)", line)
    return float(said[1]), int(said[2].replace(",", ""))


# A board that is reset, and a serial chip that keeps the port open


def test_a_reset_during_watch(clone, board):
    with (
        Bridge(clone.port(board, speed=REAL_TIME)) as bridge,
        watch(clone, bridge.port, "--seconds", "9") as process,
    ):
        process.stderr.readline()
        time.sleep(5)
        bridge.reset()
        said_until(process, "The board was reset: its clock began anew.")
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    done, figures = said.strip().split(": ")
    assert done == "Done"
    assert float(figures.split(" in ")[1].split(" s ")[0]) >= 9  # both lives together


def test_a_reset_during_a_gesture(clone, tmp_path):
    """Nothing of it is kept, and it is made again."""
    with (
        Bridge(clone.port("native", speed=REAL_TIME)) as bridge,
        capture(clone, bridge.port, tmp_path, "--count", "3", "--seconds", "3") as process,
    ):
        process.stdout.readline()
        time.sleep(1.5)
        bridge.reset()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "The board was reset: its clock began anew. Everything recorded is saved." in said
    dataset = Dataset.open(tmp_path)
    assert len(dataset.entries) == 3 and all(whole(dataset))
    assert all(entry.drops == 0 for entry in dataset.entries)


def test_a_reset_during_a_continuous_recording(clone, tmp_path):
    """The recording ends there, and another begins."""
    with (
        Bridge(clone.port("native", speed=REAL_TIME)) as bridge,
        capture(clone, bridge.port, tmp_path, "--continuous", "--seconds", "8") as process,
    ):
        time.sleep(5)
        bridge.reset()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "The board was reset" in said
    dataset = Dataset.open(tmp_path)
    assert len(dataset.continuous) == 2 and all(whole(dataset))
    assert sum(entry.drops for entry in dataset.continuous) == 0


# A host that does not read for a while, and a board that gives it up


def test_a_computer_that_sleeps_during_watch(clone, board):
    """The board is greeted again on the same link; what is missing is told."""
    with (
        Bridge(clone.port(board, speed=REAL_TIME)) as bridge,
        watch(clone, bridge.port, "--seconds", "9") as process,
    ):
        process.stderr.readline()
        time.sleep(1)
        pause(process, ASLEEP_S)
        *_, line = said_until(process, "Nothing was heard for")
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    seconds, samples = missing(line)
    assert ASLEEP_S - 3 < seconds < ASLEEP_S + 4
    assert samples == pytest.approx(seconds * 119, rel=0.05)
    lost = int(said.split("Hz, ")[1].split(" ")[0])
    assert samples <= lost < samples + 600  # the pipe's own losses are told as well


def test_the_virtual_person_does_not_begin_again_after_a_sleep(clone):
    """Greeting a virtual board again must not switch it off and on."""
    port = clone.port("native", speed=REAL_TIME)
    with watch(clone, port, "--seconds", "8") as process:
        process.stderr.readline()
        time.sleep(1)
        pause(process, ASLEEP_S)
        *_, line = said_until(process, "Nothing was heard for")
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "reset" not in line + said


def test_a_computer_that_sleeps_during_a_gesture(clone, tmp_path):
    """What was cut is made again; what was saved before is whole."""
    with (
        Bridge(clone.port("native", speed=REAL_TIME)) as bridge,
        capture(clone, bridge.port, tmp_path, "--count", "2", "--seconds", "4") as process,
    ):
        process.stdout.readline()
        time.sleep(0.3)
        pause(process, ASLEEP_S)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "Nothing was heard for" in said and "Everything recorded is saved." in said
    dataset = Dataset.open(tmp_path)
    assert len(dataset.entries) == 2
    fine = zip(dataset.every, whole(dataset), strict=True)
    assert all(good or "drops" in entry.marks.split() for entry, good in fine)


# A cable that is pulled


class Cable:
    """A port whose board can be unplugged, and another plugged in under the same name."""

    def __init__(self, clone, link, board, model="", **parameters):
        self._url = clone.port(board, model, **parameters)
        self._link = link
        self.port = str(link)
        self.plug_in()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bridge:
            self.pull()

    def plug_in(self):
        self.bridge = Bridge(self._url)
        self._link.symlink_to(self.bridge.port)

    def pull(self):
        self._link.unlink()
        self.bridge.__exit__(None, None, None)
        self.bridge = None


def test_a_pulled_cable_during_watch(clone, tmp_path):
    with (
        Cable(clone, tmp_path / "port", "native", speed=REAL_TIME) as cable,
        watch(clone, cable.port, "--seconds", "6") as process,
    ):
        process.stderr.readline()
        time.sleep(3)
        cable.pull()
        [line] = said_until(process, "Waiting for the board to come back")
        assert "broke off" in line
        time.sleep(1)
        cable.plug_in()
        said_until(process, "The board is back.")
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "Done: " in said and "Traceback" not in said


@pytest.mark.parametrize(
    ("command", "fault", "said"),
    [("evaluate", "pull", "broke off"), ("verify", "reset", "has sent nothing for 10 s")],
)
def test_a_fault_while_samples_run_through_a_board(
    clone, swing, synthetic, tmp_path, command, fault, said
):
    data = [str(synthetic)] if command == "evaluate" else []
    measure = ("tinygesture", command, "swing", *data, "--json")
    with (
        Cable(clone, tmp_path / "port", "native", "swing") as cable,
        clone.start(*measure, "--port", cable.port) as process,
    ):
        while cable.bridge.heard < 10_000:
            assert process.poll() is None
            time.sleep(0.001)
        cable.pull() if fault == "pull" else cable.bridge.reset()
        shown, complaint = process.communicate(timeout=30)
    assert process.returncode == 2, complaint
    assert said in complaint and "repeat the command" in complaint
    assert "Traceback" not in complaint and shown == ""

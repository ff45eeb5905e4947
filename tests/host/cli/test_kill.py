"""kill -9 at a hundred random moments of a sitting: what was reported is there, whole."""

import json
import os
import random
import select
import signal
import sys
import time

import pytest
from test_sitting import Desk, Session

from tinygesture.dataset import Dataset

MOMENTS = 100
LONGEST_S = 0.06  # some recordings


class Pipe:
    """Reports each recording to the parent process."""

    def __init__(self, descriptor):
        self._descriptor = descriptor

    def emit(self, value):
        os.write(self._descriptor, json.dumps(value).encode() + b"\n")


def record(desk, descriptor):
    """Record without an end; every other recording is made once more, which removes one."""
    try:
        desk.out = Pipe(descriptor)
        desk.sit("circle", "rest", count=10_000, seconds=0.3)
    finally:
        os._exit(1)


def killed(data, monkeypatch, wait_s):
    """What a process reported that was killed `wait_s` after its first recording."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        record(Desk(data, monkeypatch, Session(), keys=["r", "\n"] * 10_000), writing)
    os.close(writing)
    assert select.select([reading], [], [], 10)[0]
    time.sleep(wait_s)
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    with os.fdopen(reading, "rb") as pipe:
        return [json.loads(line) for line in pipe.read().split(b"\n")[:-1]]


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_kill_9_at_a_hundred_moments(tmp_path, monkeypatch):
    moments = random.Random(7)
    torn = 0
    for number in range(MOMENTS):
        folder = tmp_path / str(number // 10)
        folder.mkdir(exist_ok=True)
        reported = killed(folder, monkeypatch, moments.uniform(0, LONGEST_S))
        torn += any(folder.rglob(".*.tmp"))
        dataset = Dataset.open(folder / "d")
        known = {entry.id: entry for entry in dataset.entries}
        assert reported and all(line["id"] in known for line in reported)
        for entry in dataset.entries:
            assert len(dataset.load(entry).t_us) == entry.samples
        trash = Dataset.open(dataset.path / "trash")
        named = {entry.id for entry in [*dataset.entries, *trash.entries]}
        there = {path.stem.partition("-")[2] for path in folder.rglob("[0-9]*.csv")}
        assert there == named  # no file that no index knows
    assert torn > 0  # the moments were such that something was under way

"""A data set of 10,000 recordings, and that five times the recordings take five times as long."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
import pytest

from tinygesture.dataset import Dataset, Meta, Recording, measure
from tinygesture.dataset.repair import repair

BIN = Path(sys.executable).parent
FEW, MANY = 2_000, 10_000
LIMITS_S = {"open and load": 5.0, "repair": 15.0, "list": 1.0}
SAMPLES = 180  # 1.5 s at 119 Hz
QUADRATIC = 2.0  # five times the recordings take less than this times five times as long
SLACK_S = 0.2


def recordings(count: int) -> Any:
    rng = np.random.default_rng(0)
    t_us = np.arange(SAMPLES, dtype=np.int64) * 8403
    for number in range(count):
        counts = rng.integers(-9000, 9000, (SAMPLES, 6)).astype(np.int16)
        known = replace(Meta.unknown(f"label{number % 8}"), subject=f"s{number % 20}", session="1")
        yield Recording(t_us, counts, replace(known, **measure(t_us, counts)))


def open_and_load(path: Path) -> None:
    dataset = Dataset.open(path)
    for entry in dataset.every:
        dataset.load(entry)


def list_it(path: Path) -> None:
    command = [BIN / "tinygesture", "data", "list", "--data", path]
    subprocess.run(command, check=True, capture_output=True)


def add_one_by_one(path: Path) -> None:
    dataset = Dataset.open(path)
    for recording in recordings(100):
        dataset.add(recording)


def rebuild(path: Path) -> None:
    (path / "index.csv").unlink()
    assert len(repair(path)) > 1000


def relabel(path: Path) -> None:
    dataset = Dataset.open(path)
    dataset.relabel(dataset.entries[::4], "other")


def remove_and_restore(path: Path) -> None:
    dataset = Dataset.open(path)
    dataset.remove(dataset.entries[::4])
    assert dataset.trash
    dataset.restore(dataset.trash.every)


STEPS: dict[str, Callable[[Path], object]] = {
    "open and load": open_and_load,
    "list": list_it,
    "repair": repair,
    "add 100 one by one": add_one_by_one,
    "relabel a quarter": relabel,
    "remove a quarter and restore it": remove_and_restore,
    "repair without an index": rebuild,
}
SAME = {"add 100 one by one"}  # takes as long whatever is there already


class Took(NamedTuple):
    """By the clock, and of the processor, which is judged: other programs hardly change it."""

    wall_s: float
    cpu_s: float


def measured(work: Callable[[], object]) -> Took:
    wall_s, cpu_s = time.perf_counter(), sum(os.times()[:4])  # this process and its children
    work()
    return Took(time.perf_counter() - wall_s, sum(os.times()[:4]) - cpu_s)


@pytest.mark.timeout(900)
def test_ten_thousand_recordings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    took: dict[str, dict[int, Took]] = {"add": {}} | {name: {} for name in STEPS}
    for count in (FEW, MANY):
        path = tmp_path / str(count)
        dataset = Dataset.create(path)
        took["add"][count] = measured(lambda d=dataset, n=count: d.add_all(recordings(n)))
        for name, step in STEPS.items():
            took[name][count] = measured(lambda s=step, p=path: s(p))
    show_help = [BIN / "tinygesture", "data", "list", "--help"]
    begin = measured(lambda: subprocess.run(show_help, check=True, capture_output=True))
    with capsys.disabled():
        click.echo(f"\n{'':32} {FEW:>19} {MANY:>19} recordings: s, and s of the processor")
        for name, of in took.items():
            figures = (f"{of[n].wall_s:9.2f} {of[n].cpu_s:9.2f}" for n in (FEW, MANY))
            click.echo(f"{name:32} {' '.join(figures)}")
    for name, limit_s in LIMITS_S.items():
        allowed_s = limit_s + (begin.cpu_s if name == "list" else 0)
        assert took[name][MANY].cpu_s < allowed_s, name
    for name, of in took.items():
        times = 1 if name in SAME else MANY / FEW
        assert of[MANY].cpu_s < QUADRATIC * of[FEW].cpu_s * times + SLACK_S, name

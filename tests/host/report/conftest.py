"""A small data set with everything that a report shows; some of its words are hostile."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import a_model
import numpy as np
import pytest
from browser import Browser, program
from hostile import HOSTILE, quiet

from tinygesture.dataset import Dataset, Interval, Recording
from tinygesture.report import write_dataset_report
from tinygesture.report.model import model_report
from tinygesture.synth import make_dataset

LABELS = ("circle", "punch", "rest")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if program() is None:
        pytest.skip("no Chromium is installed, so the page was not opened in a browser")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """18 synthetic gestures, of which circle/7 is a punch; circle/8, clipped and with a gap; and
    a continuous recording of 40 s with two intervals.
    """
    folder = tmp_path_factory.mktemp("mixed")
    made = make_dataset(folder / "made", LABELS, subjects=[1, 2, 3], count=2)
    dataset = Dataset.create(folder / "data", about=f"Three people {HOSTILE}")
    originals = [made.load(entry) for entry in made.entries]
    dataset.add_all(originals)
    punch = next(one for one in originals if one.meta.label == "punch")
    wrong = punch.counts + np.random.default_rng(1).integers(-9, 9, punch.counts.shape)
    dataset.add(Recording(punch.t_us, wrong.astype(np.int16), replace(punch.meta, label="circle")))
    circle = originals[0]
    late = circle.t_us + np.where(np.arange(len(circle.t_us)) > 60, 80_000, 0)
    clipped = circle.counts.copy()
    clipped[50:55, 0] = 32767
    meta = replace(circle.meta, drops=9, clipped=5, board=HOSTILE, synthetic=False, firmware="é")
    dataset.add(Recording(late, clipped, meta))
    long = [np.concatenate([one.counts for one in originals] * 2)]
    meta = replace(circle.meta, label="")
    t_us = np.arange(len(long[0]), dtype=np.int64) * 8400
    intervals = [Interval("circle", 100_000, 1_400_000), Interval("punch", 9_000_000, 10_500_000)]
    dataset.add_continuous(Recording(t_us, long[0], meta), intervals)
    return dataset


@pytest.fixture(scope="session")
def page(mixed: Dataset) -> Path:
    """Its report."""
    path = mixed.path.parent / "report.html"
    write_dataset_report(mixed, path, quiet)
    return path


@pytest.fixture(scope="session")
def model_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a model."""
    path = tmp_path_factory.mktemp("model") / "report.html"
    path.write_bytes(model_report(a_model.bundle()))
    return path

"""Events in continuous recordings: as the board's pipeline finds them, sample after sample."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import Int8, Int16, Int64, Resampler
from tinygesture.dataset import Dataset, Interval, Meta, Recording
from tinygesture.dataset.cutting import cut_intervals
from tinygesture.detector import Detector, DetectorConfig, Event
from tinygesture.evaluation import continuous
from tinygesture.evaluation.continuous import Heard, HostListener, evaluate_events
from tinygesture.evaluation.overlap import seen
from tinygesture.export.bundle import Bundle

WINDOW, HOP = 6, 2
LABELS = ("rest", "circle", "punch")
CONFIG = DetectorConfig(4, 4, 6, background=0b001, thresholds=(100, 100, 100))
BUNDLE = SimpleNamespace(labels=LABELS, window=WINDOW, hop=HOP, detector=CONFIG)


def answer(last: Int16) -> Int8:
    """What the model makes of a window, by its last sample: a label for each third of the range."""
    row = np.full(len(LABELS), -120, np.int8)
    row[int(last[0]) % 3] = 110
    return row


class Model:
    def __init__(self, bundle: object) -> None: ...

    def predict(self, counts: Int16, progress: object) -> Int8:
        ends = range(WINDOW - 1, len(counts), HOP)
        return np.array([answer(counts[end]) for end in ends], np.int8).reshape(-1, len(LABELS))


def as_the_board(t_us: Int64, counts: Int16) -> Heard:
    """firmware/lib/app/pipeline.h in Python."""
    resampler, detector = Resampler(), Detector(CONFIG, HOP)
    rows, events = [], []
    for at, sample in zip(t_us.tolist(), counts, strict=True):
        restarted, found = resampler.push(at, sample)
        if restarted:
            begin_us, canonical = at, 0
            detector.reset()
        for one in found:
            canonical += 1
            if canonical < WINDOW or (canonical - WINDOW) % HOP:
                continue
            rows.append(answer(one))
            event = detector.push(rows[-1], begin_us + (canonical - 1) * 10_000)
            if event:
                events.append(event)
    return Heard(np.array(rows, np.int8).reshape(-1, len(LABELS)), events)


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> HostListener:
    monkeypatch.setattr(continuous, "HostModel", Model)
    return HostListener(BUNDLE)  # type: ignore[arg-type]


@given(
    steps=st.lists(st.sampled_from([8_000, 8_403, 10_000, 50_000, 50_001, 900_000]), max_size=300),
    holds=st.integers(1, 40),
    seed=st.integers(0, 99),
)
def test_it_hears_what_the_board_hears(
    listener: HostListener, steps: list[int], holds: int, seed: int
) -> None:
    t_us = np.cumsum([0, *steps])
    rng = np.random.default_rng(seed)
    values = np.repeat(rng.integers(0, 3, len(t_us)), holds)[: len(t_us)]
    counts = np.repeat(values[:, None], 6, axis=1).astype(np.int16)
    told: list[int] = []
    heard, board = listener(t_us, counts, told.append), as_the_board(t_us, counts)
    assert (heard.probabilities == board.probabilities).all()
    assert heard.events == board.events
    assert told == sorted(told)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Ten seconds with a circle and a wave; and ten with a gap and nothing in them."""
    made = Dataset.create(tmp_path / "d")
    t_us = np.arange(1000) * 10_000
    counts = np.zeros((1000, 6), np.int16)
    meta = Meta.unknown("")
    intervals = [Interval("circle", 1_000_000, 2_000_000), Interval("wave", 4_000_000, 5_000_000)]
    made.add_continuous(Recording(t_us, counts, meta), intervals)
    gap = np.concatenate([t_us[:500], t_us[500:] + 60_000_000])
    made.add_continuous(Recording(gap, counts, meta), [Interval("walk", 0, 9_000_000)])
    made.add_continuous(Recording(t_us, counts, meta))
    return made


def test_figures_of_all_recordings_together(dataset: Dataset) -> None:
    reported = [Event(1, 200, 1_100_000, 1_900_000), Event(2, 180, 4_200_000, 4_900_000)]
    answers = iter([reported, reported[1:]])

    def listen(t_us: Int64, counts: Int16, told: object) -> Heard:
        return Heard(np.zeros((0, 3), np.int8), next(answers))

    said: list[tuple[str, int, int]] = []
    found = evaluate_events(
        BUNDLE,  # type: ignore[arg-type]
        dataset,
        dataset.continuous[:2],
        listen,
        lambda *progress: said.append(progress),
    )
    assert (found["recordings"], found["gaps"]) == (2, 1)
    assert found["hours"] == pytest.approx(20 / 3600)  # the gap is no time
    assert (found["gestures"], found["recognised"], found["false"]) == (1, 1, 2)
    assert found["false_during"] == {"wave": 1, "walk": 1}
    assert found["unknown_labels"] == {"wave": 1}
    assert list(found["labels"]) == ["circle", "punch"]


def test_a_model_has_seen_what_it_was_trained_on_and_what_was_cut_of_it(dataset: Dataset) -> None:
    [circle, _] = cut_intervals(dataset, dataset.continuous[0]).new
    everything = dataset.every

    def trained(**data: object) -> Bundle:
        return Bundle(Path(), {"data": data}, {})

    def count(bundle: Bundle) -> int:
        return seen(bundle, dataset, everything)

    assert count(trained(id=dataset.id, seen=[])) == 0
    assert count(trained(id="other", seen=[circle.id])) == 2
    assert count(trained(id="other", seen=["000000000000"])) == 0
    assert count(trained(id=dataset.id)) == len(everything)  # made before ids were kept
    assert count(trained(id="other")) == 0

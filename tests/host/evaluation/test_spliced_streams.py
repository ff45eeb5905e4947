"""Test streams: every recording once, whole, where the intervals say."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import Int16
from tinygesture.evaluation.streams import FADE, Stream, spliced
from tinygesture.training.examples import Example

LABELS = ("circle", "punch", "rest")


def examples_of(lengths: list[int]) -> list[Example]:
    """No two have a sample in common."""
    starts = np.cumsum([0, *lengths])
    return [
        Example(np.arange(a, b, dtype=np.int16)[:, None].repeat(6, axis=1) + 1000, i % 3)
        for i, (a, b) in enumerate(pairwise(starts))
    ]


def stretches(*lengths: int) -> list[Int16]:
    return [np.full((length, 6), -1000 * (i + 1), np.int16) for i, length in enumerate(lengths)]


def splice(examples: list[Example], background: list[Int16], seed: int = 0) -> Stream:
    return spliced(examples, LABELS, background, np.random.default_rng(seed))


@given(
    lengths=st.lists(st.integers(1, 300), max_size=8),
    background=st.lists(st.integers(2 * FADE, 1500), min_size=1, max_size=3),
    seed=st.integers(0, 99),
)
def test_every_recording_is_there_once_and_whole(
    lengths: list[int], background: list[int], seed: int
) -> None:
    examples = examples_of(lengths)
    stream = splice(examples, stretches(*background), seed)
    assert stream.counts.dtype == np.int16 and stream.counts.shape[1:] == (6,)
    assert stream.intervals == sorted(stream.intervals, key=lambda one: one.start_us)
    found = []
    last = 0
    for label, start_us, end_us in stream.intervals:
        start, end = start_us // 10_000, end_us // 10_000
        assert start - last >= 2 * FADE
        found.append((LABELS.index(label), stream.counts[start:end].tobytes()))
        last = end
    assert len(stream.counts) - last >= 2 * FADE
    assert sorted(found) == sorted((one.label, one.counts.tobytes()) for one in examples)


def test_background_comes_and_goes_by_degrees() -> None:
    still = Example(np.full((100, 6), 8000, np.int16), 0)
    stream = splice([still] * 5, stretches(1000))
    steps = np.abs(np.diff(stream.counts.astype(int), axis=0)).max()
    assert steps <= 9000 / (FADE + 1) + 1
    assert (stream.counts == -1000).all(axis=1).sum() > 6 * FADE


def test_recordings_begin_at_any_phase_and_any_part_of_the_background_is_used() -> None:
    long = np.arange(30_000, dtype=np.int16)[:, None].repeat(6, axis=1)
    stream = splice(examples_of([50] * 100), [long])
    assert {one.start_us // 10_000 % 8 for one in stream.intervals} == set(range(8))
    assert stream.counts.min() < 3000 and stream.counts.max() > 27_000
    assert stream.hours == pytest.approx(len(stream.counts) / 360_000)


def test_the_seed_decides() -> None:
    examples, background = examples_of([50] * 5), stretches(1000, 2000)
    first, again, other = (splice(examples, background, seed) for seed in (1, 1, 2))
    assert (first.counts == again.counts).all() and first.intervals == again.intervals
    assert first.intervals != other.intervals


def test_background_is_needed() -> None:
    for background in ([], stretches(1000, 2 * FADE - 1)):
        with pytest.raises(ValueError, match="stretches of background"):
            splice(examples_of([50]), background)

"""Training streams: what a board lives through, with labels only where they hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import Quantisation
from tinygesture.training.augment import Augmentation
from tinygesture.training.examples import (
    Example,
    background_indices,
    canonical,
    inputs,
    pad,
)
from tinygesture.training.streams import LONGEST_BACKGROUND, label_weights, splice


def gesture(label: int, length: int = 150, centre: int = 70) -> Example:
    """Stillness, a burst of motion around `centre`, stillness; its samples tell the label."""
    t = np.arange(length)
    burst = 4000 * np.exp(-(((t - centre) / 10) ** 2)) * np.sin(t / 2)
    counts = np.repeat(burst[:, None], 6, axis=1) + np.array([100 * label, 0, 8192, 0, 0, 0])
    return Example(counts.astype(np.int16), label)


def still(label: int, length: int = 150) -> Example:
    return Example(np.full((length, 6), 50 * label, np.int16), label)


def make(examples, background=(), count=20, length=400, lead=1, augmentation=None, seed=0):
    rng = np.random.default_rng(seed)
    return splice(examples, background, count, length, lead, augmentation, rng)


@given(
    lengths=st.lists(st.integers(20, 700), min_size=1, max_size=4),
    lead=st.integers(1, 120),
    length=st.integers(121, 600),
    augmented=st.booleans(),
    seed=st.integers(0, 99),
)
def test_streams_are_whole_and_labelled(lengths, lead, length, augmented, seed):
    examples = [gesture(i, n, n // 2) for i, n in enumerate(lengths)]
    streams = make(examples, (0,), 3, length, lead, Augmentation() if augmented else None, seed)
    assert streams.counts.shape == (3, length, 6) and streams.counts.dtype == np.int16
    assert streams.labels.shape == streams.weights.shape == (3, length)
    assert set(np.unique(streams.labels)) <= set(range(len(lengths)))
    assert streams.weights.min() >= 0 and streams.weights.max() <= 1


def test_a_stream_begins_with_a_recording():
    example = gesture(0)
    streams = make([example])
    assert (streams.counts[:, : len(example.counts)] == example.counts).all()


def test_the_first_recording_fills_the_lead():
    example = gesture(0, length=100, centre=50)
    streams = make([example], lead=120, length=300)
    assert (streams.counts[:, :20] == example.counts[0]).all()
    assert (streams.counts[:, 20:120] == example.counts).all()


def test_a_gesture_is_known_from_its_middle_on():
    weights = label_weights(gesture(0, centre=70).counts, is_background=False)
    assert (weights[:45] == 0).all()
    assert (weights[80:150] == 1).all()
    assert ((weights[:80] > 0) & (weights[:80] < 1)).any()


def test_a_gesture_is_not_remembered_for_ever():
    weights = label_weights(gesture(0, length=600, centre=70).counts, is_background=False)
    assert (weights[80:170] == 1).all()
    assert (weights[220:] == 0).all()


def test_background_is_labelled_but_for_its_beginning():
    weights = label_weights(still(0).counts, is_background=True)
    assert (weights[:18] == 0).all() and (weights[20:] == 1).all()


def test_of_long_background_any_part_is_used():
    long = Example(np.arange(6000, dtype=np.int16)[:, None].repeat(6, axis=1), 0)
    streams = make([long], (0,), count=50, length=LONGEST_BACKGROUND)
    starts = streams.counts[:, 0, 0]
    assert starts.min() < 1000 and starts.max() > 4000


def test_recordings_fade_into_each_other():
    """No sample of the bridge jumps: at most the way between the two, a thirteenth at a time."""
    streams = make([still(0), still(20)], length=1000)
    steps = np.abs(np.diff(streams.counts.astype(int), axis=1)).max()
    assert steps <= 50 * 20 / 13 + 1


def test_between_recordings_no_label_holds():
    streams = make([gesture(0), gesture(1)], length=600)
    changes = np.diff(streams.labels, axis=1) != 0
    assert changes.any()
    assert (streams.weights[:, 1:][changes] == 0).all()


def test_rare_labels_and_background_are_seen_often():
    examples = [gesture(0)] * 90 + [gesture(1)] * 10 + [still(2)] * 100
    streams = make(examples, (2,), count=200, length=1000)
    share = np.bincount(streams.labels.ravel(), minlength=3) / streams.labels.size
    assert share[1] > 0.1
    assert share[2] > 0.3


def test_the_same_seed_gives_the_same_streams():
    examples = [gesture(0), gesture(1), still(2)]
    first = make(examples, (2,), augmentation=Augmentation(), seed=5)
    again = make(examples, (2,), augmentation=Augmentation(), seed=5)
    other = make(examples, (2,), augmentation=Augmentation(), seed=6)
    assert (first.counts == again.counts).all() and (first.weights == again.weights).all()
    assert (first.counts != other.counts).any()


def test_the_longest_stretch_without_a_gap_is_taken():
    t_us = np.concatenate([np.arange(10) * 10_000, 500_000 + np.arange(30) * 10_000])
    counts = np.arange(40, dtype=np.int16)[:, None].repeat(6, axis=1)
    assert canonical(t_us, counts)[:, 0].tolist() == list(range(10, 40))
    assert canonical(t_us[:0], counts[:0]).shape == (0, 6)


def test_padding_holds_the_first_sample():
    counts = np.arange(12, dtype=np.int16).reshape(2, 6)
    assert pad(counts, 4)[:, 0].tolist() == [0, 0, 0, 6]
    assert (pad(counts, 1) == counts).all()


def test_training_sees_the_eight_bits_of_the_board():
    quantisation = Quantisation((256, 256, 256, 512, 512, 512), 16)
    counts = np.array([[-32768, 0, 32767, 128, 1280, -300]], np.int16)
    assert (inputs(counts, quantisation) * 128 == quantisation.quantise(counts)).all()


@pytest.mark.parametrize("labels, expected", [(["Rest", "wave", "idle"], (0, 2)), (["a"], ())])
def test_background_labels(labels, expected):
    assert background_indices(labels) == expected

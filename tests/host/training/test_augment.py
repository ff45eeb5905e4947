"""Augmentation changes what it says, by as much as it says."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.training.augment import Augmentation

KINDS = [field.name for field in fields(Augmentation)]
NOTHING = Augmentation(**dict.fromkeys(KINDS, 0))
STRONG = {"shift": 12, "noise": 40, "bias": 40, "rotation_degrees": 20, "tilt_degrees": 20}


def only(**strengths: float) -> Augmentation:
    return Augmentation(**{**vars(NOTHING), **strengths})


@pytest.fixture
def counts() -> np.ndarray:
    t = np.arange(150)[:, None] / 100
    return (3000 * np.sin(t * [3, 4, 5, 6, 7, 8]) + [0, 0, 8192, 0, 0, 0]).astype(np.int16)


def test_without_strength_nothing_changes(counts):
    assert (NOTHING.apply(counts, np.random.default_rng(0)) == counts).all()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_alone_changes_something(counts, kind):
    changed = only(**{kind: STRONG.get(kind, 0.3)})
    made = [changed.apply(counts, np.random.default_rng(seed)) for seed in range(4)]
    assert any(one.shape != counts.shape or (one != counts).any() for one in made)


@given(st.integers(20, 300), st.integers(0, 99))
def test_a_recording_stays_one(length, seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(-32768, 32768, (length, 6)).astype(np.int16)
    made = Augmentation(
        tilt_degrees=8, warp=0.1, jitter=0.1, shift=8, noise=40, bias=40, dropped=0.02, mirrored=0.5
    ).apply(counts, rng)
    assert made.dtype == np.int16 and made.shape[1] == 6
    assert 0.4 * length - 24 <= len(made) <= 2.5 * length + 24


def test_a_rotation_keeps_lengths_and_angles(counts):
    turned = only(rotation_degrees=20).apply(counts, np.random.default_rng(1)).astype(float)
    before = counts.astype(float)
    for one, other in (
        (slice(0, 3), slice(0, 3)),
        (slice(3, 6), slice(3, 6)),
        (slice(0, 3), slice(3, 6)),
    ):
        products = (before[:, one] * before[:, other]).sum(axis=1)
        assert (turned[:, one] * turned[:, other]).sum(axis=1) == pytest.approx(
            products, rel=0.01, abs=6e4
        )
    assert np.abs(turned - before).max() > 300


def test_a_tilt_turns_gravity_and_leaves_the_motion():
    t = np.arange(200)
    motion = 2000 * np.sin(2 * np.pi * t / 10)  # far faster than gravity changes
    counts = np.stack([motion, 0 * t, 8192 + 0 * t, motion, 0 * t, 0 * t], axis=1).astype(np.int16)
    tilted = only(tilt_degrees=20).apply(counts, np.random.default_rng(2)).astype(float)
    assert (tilted[:, 3:] == counts[:, 3:]).all()
    gravity = tilted[:, :3].mean(axis=0)
    assert np.linalg.norm(gravity) == pytest.approx(8192, rel=0.01)
    assert np.linalg.norm(gravity - [0, 0, 8192]) > 300
    assert tilted[20:-20, 0] - tilted[20:-20, 0].mean() == pytest.approx(motion[20:-20], abs=200)


def test_a_faster_gesture_is_shorter_and_turns_faster(counts):
    rng = np.random.default_rng(3)
    for _ in range(10):
        played = only(speed=0.2).apply(counts, rng)
        speed = len(counts) / len(played)
        assert np.abs(played[:, 3:]).max() == pytest.approx(
            np.abs(counts[:, 3:]).max() * speed, rel=0.03
        )


def test_a_warp_hurries_and_lingers(counts):
    """The turn made by the hand is the same, whenever it is made."""
    warped = only(warp=0.3).apply(counts, np.random.default_rng(5))
    assert warped[:, 3].sum() == pytest.approx(counts[:, 3].sum(), rel=0.1)
    assert np.abs(warped[:100].astype(int) - counts[:100]).max() > 200


def test_lost_samples_are_bridged(counts):
    bridged = only(dropped=0.3).apply(counts, np.random.default_rng(6)).astype(int)
    bends = np.abs(np.diff(bridged, n=2, axis=0)).max(axis=1)
    assert 0.1 < (bends <= 1).mean() < 0.6  # straight lines where the recording has a curve
    assert np.abs(bridged - counts).max() < 300


def test_the_other_hand_of_the_other_hand_is_the_first(counts):
    other = only(mirrored=1)
    rng = np.random.default_rng(0)
    once = other.apply(counts, rng)
    assert (once[:, 1] == -counts[:, 1]).all() and (once[:, 0] == counts[:, 0]).all()
    assert (other.apply(once, rng) == counts).all()


def test_a_shift_holds_or_cuts_the_beginning(counts):
    rng = np.random.default_rng(4)
    lengths = set()
    for _ in range(50):
        shifted = only(shift=12).apply(counts, rng)
        lengths.add(len(shifted) - len(counts))
        common = min(len(shifted), len(counts))
        assert (shifted[-common:] == counts[-common:]).all()
    assert min(lengths) < -5 and max(lengths) > 5 and max(map(abs, lengths)) <= 12


def test_strong_motion_saturates():
    t = np.arange(150)
    loud = np.where((t // 5 % 2)[:, None], 32767, -32767) * np.ones(6)
    louder = only(scale=0.5).apply(loud.astype(np.int16), np.random.default_rng(1))
    assert louder.max() <= 32767 and louder.min() >= -32768
    assert (np.sign(louder[20:-20, 3:]) == np.sign(loud[20:-20, 3:])).all()


def test_very_short_recordings_survive():
    for seed in range(50):
        piece = Augmentation().apply(np.ones((20, 6), np.int16), np.random.default_rng(seed))
        assert len(piece) >= 2

"""Augmentation changes what it says, by as much as it says."""

import numpy as np
import pytest

from tinygesture.training.augment import Augmentation

NOTHING = Augmentation(
    rotation_degrees=0, scale=0, speed=0, shift_samples=0, accel_noise=0, gyro_noise=0
)


def only(**strengths: float) -> Augmentation:
    return Augmentation(**{**vars(NOTHING), **strengths})


@pytest.fixture
def counts() -> np.ndarray:
    t = np.arange(150)[:, None] / 100
    return (3000 * np.sin(t * [3, 4, 5, 6, 7, 8]) + [0, 0, 8192, 0, 0, 0]).astype(np.int16)


def test_without_strength_nothing_changes(counts):
    assert (NOTHING.apply(counts, np.random.default_rng(0)) == counts).all()


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
    assert np.abs(turned - before).max() > 500


def test_a_faster_gesture_is_shorter_and_turns_faster(counts):
    rng = np.random.default_rng(3)
    for _ in range(10):
        played = only(speed=0.2).apply(counts, rng)
        speed = len(counts) / len(played)
        assert np.abs(played[:, 3:]).max() == pytest.approx(
            np.abs(counts[:, 3:]).max() * speed, rel=0.03
        )
        assert np.abs(played[:, :3]).max() == pytest.approx(np.abs(counts[:, :3]).max(), rel=0.03)


def test_a_shift_holds_or_cuts_the_beginning(counts):
    rng = np.random.default_rng(4)
    lengths = set()
    for _ in range(50):
        shifted = only(shift_samples=12).apply(counts, rng)
        lengths.add(len(shifted) - len(counts))
        common = min(len(shifted), len(counts))
        assert (shifted[-common:] == counts[-common:]).all()
    assert min(lengths) < -5 and max(lengths) > 5 and max(map(abs, lengths)) <= 12


def test_strong_motion_saturates(counts):
    loud = np.full_like(counts, 32767)
    louder = [only(scale=0.3).apply(loud, np.random.default_rng(seed)) for seed in range(20)]
    assert max(piece.max() for piece in louder) == 32767
    assert min(piece.min() for piece in louder) > 0


def test_very_short_recordings_survive():
    for seed in range(50):
        piece = Augmentation().apply(np.ones((20, 6), np.int16), np.random.default_rng(seed))
        assert len(piece) >= 2

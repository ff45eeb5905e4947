"""Mining finds what looks like a gesture, and training streams show it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygesture.contract import Quantisation
from tinygesture.training.architectures.conv1d import Conv1D
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.examples import Example
from tinygesture.training.mining import PART, PIECE, hardest, mining_epochs
from tinygesture.training.streams import HARD, splice

QUANTISATION = Quantisation((256,) * 6, 8)  # a count is a count
BACKGROUND = 1


class Trusting:
    """A model that takes for a gesture what is large on the first axis."""

    def __init__(self, arch):
        self.arch = arch

    def predict(self, x, **_):
        likely = x[:, self.arch.window - 1 :: self.arch.hop, 0]
        return np.stack([likely, 1 - likely], axis=-1)


def quiet(length: int, burst_at: int | None = None, height: int = 100) -> Example:
    counts = np.zeros((length, 6), np.int16)
    counts[:, 1] = np.arange(length) % 100
    if burst_at is not None:
        counts[burst_at : burst_at + 50, 0] = height
    return Example(counts, BACKGROUND)


def found(examples, arch):
    return hardest(Trusting(arch), arch, QUANTISATION, examples, (BACKGROUND,))


@pytest.mark.parametrize("arch", [Gru(), Conv1D()])
def test_what_looks_like_a_gesture_is_found(arch):
    examples = [quiet(4000), quiet(4000, 3010), quiet(4001, 1205, height=60)]
    pieces = found(examples, arch)
    assert len(pieces) == pytest.approx(PART * 12_000 / PIECE, abs=1)
    assert [piece.counts[:, 0].max() for piece in pieces[:2]] == [100, 60]
    assert all((piece.counts[:, 0] > 0).sum() == 50 for piece in pieces[:2])
    assert all(piece.label == BACKGROUND and len(piece.counts) == PIECE for piece in pieces)


@given(st.lists(st.integers(1, 900), min_size=1, max_size=5))
def test_pieces_are_parts_of_the_background(lengths):
    pieces = found([quiet(length, 0) for length in lengths], Gru())
    assert pieces
    for piece in pieces:
        assert 0 < len(piece.counts) <= PIECE
        assert (np.diff(piece.counts[:, 1]) % 100 == 1).all()


def test_it_is_looked_for_at_even_distances():
    assert mining_epochs(15, 2, trained=False) == {5, 10}
    assert mining_epochs(15, 2, trained=True) == {0, 5, 10}
    assert mining_epochs(1, 2, trained=False) == set()
    assert mining_epochs(15, 0, trained=True) == set()


def test_half_of_the_background_of_that_label_is_hard():
    gesture, easy, hard, rest = (
        Example(np.full((100, 6), counts, np.int16), label)
        for counts, label in ((1000, 0), (0, BACKGROUND), (10, BACKGROUND), (20, 2))
    )
    rng = np.random.default_rng(0)
    streams = splice([gesture, easy, rest], (BACKGROUND, 2), 100, 1000, 4, None, rng, hard=[hard])
    held = streams.weights > 0
    shown = streams.counts[..., 0]
    assert (shown[held & (streams.labels == BACKGROUND)] == 10).mean() == pytest.approx(
        HARD, abs=0.1
    )
    assert (shown[held & (streams.labels == 2)] == 20).all()

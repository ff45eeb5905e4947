"""Learning on streams: the state goes on from chunk to chunk, as on the board."""

import numpy as np
import pytest

from tinygesture.training.architectures import ARCHITECTURES, architecture
from tinygesture.training.backend import tensorflow
from tinygesture.training.loop import Loop, loop

CHUNK, LABELS, STREAMS = 64, 3, 4


def made(name: str, rate: float = 1e-2) -> tuple[Loop, tuple[np.ndarray, ...]]:
    tf = tensorflow()
    tf.keras.utils.set_random_seed(0)
    arch = architecture(name)
    model = arch.build(LABELS)
    rng = np.random.default_rng(0)
    x = rng.normal(0, 0.3, (STREAMS, 3 * CHUNK + arch.window - arch.hop, 6)).astype(np.float32)
    steps = arch.steps(x.shape[1])
    y = np.eye(LABELS, dtype=np.float32)[rng.integers(0, LABELS, (STREAMS, steps))]
    weights = rng.random((STREAMS, steps)).astype(np.float32)
    return loop(arch, model, CHUNK, tf.keras.optimizers.Adam(rate), 0.0), (x, y, weights)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_in_chunks_the_answers_are_those_of_the_whole_stream(name):
    steps, (x, y, weights) = made(name)
    loss, accuracy = steps.run((x, y, weights), learning=False)
    p = steps.model.predict(x, verbose=0)
    assert loss == pytest.approx(np.average(-np.log((p * y).sum(-1)), weights=weights), rel=1e-4)
    right = p.argmax(-1) == y.argmax(-1)
    assert accuracy == pytest.approx(np.average(right, weights=weights), abs=1e-3)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_learning_makes_the_loss_smaller(name):
    steps, batch = made(name)
    before, _ = steps.run(batch, learning=False)
    for _ in range(10):
        steps.run(batch, learning=True)
    assert steps.run(batch, learning=False)[0] < before - 0.02


def test_judging_changes_nothing():
    steps, batch = made("conv1d")
    first = steps.run(batch, learning=False)
    assert steps.run(batch, learning=False) == first


def test_what_has_no_weight_teaches_nothing():
    steps, (x, y, weights) = made("gru")
    before = steps.model.get_weights()
    steps.run((x, y, 0 * weights), learning=True)
    for one, other in zip(before, steps.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)

"""A model's weights survive the way through a file, bit for bit."""

import numpy as np
import pytest

from tinygesture.contract import Quantisation
from tinygesture.training.architectures import ARCHITECTURES, architecture
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.weights import from_npz, to_npz

QUANTISATION = Quantisation((1,) * 6, 8)
LABELS = ("circle", "punch", "rest")


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_model_comes_back(arch):
    model = architecture(arch).build(3)
    x = np.random.default_rng(0).normal(size=(2, 240, 6)).astype(np.float32)
    back = from_npz(to_npz(model), architecture(arch), LABELS, QUANTISATION, 3)
    np.testing.assert_array_equal(back.model(x), model(x))


def test_the_same_weights_are_the_same_bytes():
    model = Gru().build(3)
    assert to_npz(model) == to_npz(model)


def test_weights_of_another_model_are_refused():
    weights = to_npz(Gru().build(4))
    with pytest.raises(ValueError, match="another model"):
        from_npz(weights, Gru(), LABELS, QUANTISATION, 3)
    weights = to_npz(Gru(units=8).build(3))
    with pytest.raises(ValueError, match="another model"):
        from_npz(weights, Gru(), LABELS, QUANTISATION, 3)

"""The contract of every registered architecture: its two forms are one model."""

import json

import numpy as np
import pytest

from tinygesture.errors import UserError
from tinygesture.training.architectures import ARCHITECTURES, architecture
from tinygesture.training.architectures.base import zero_state
from tinygesture.training.architectures.conv1d import Conv1D
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.backend import quiet, tensorflow

LABELS = 5
MAX_WINDOW = 256  # firmware/lib/inference/model.h


OTHERS = [
    Gru(units=7, features=5, patch=6),
    Conv1D(window=97, filters=(5, 9), kernel=4, stride=3),
]


@pytest.fixture(
    scope="module",
    params=[*(kind() for kind in ARCHITECTURES.values()), *OTHERS],
    ids=lambda arch: f"{arch.name}{list(arch.parameters().values())}",
)
def arch(request):
    return request.param


@pytest.fixture(scope="module")
def trained(arch):
    """The training form with random weights, stronger than fresh ones."""
    with quiet():
        tensorflow().keras.utils.set_random_seed(1)
        model = arch.build(LABELS)
    rng = np.random.default_rng(1)
    model.set_weights([w + rng.normal(0, 0.3, w.shape) for w in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def x():
    """Two streams of what int8 inputs stand for."""
    rng = np.random.default_rng(2)
    return np.clip(np.rint(rng.normal(0, 40, (2, 300, 6))), -128, 127).astype(np.float32) / 128


def test_numbers_fit_the_firmware(arch):
    assert 1 <= arch.hop <= arch.window <= MAX_WINDOW
    assert arch.stream >= arch.window
    assert arch.steps(arch.window - 1) == 0
    assert arch.steps(arch.window) == 1
    assert arch.steps(arch.window + arch.hop) == 2


def test_the_training_form_gives_a_distribution_per_step(arch, trained, x):
    rows = trained(x).numpy()
    assert rows.shape == (2, arch.steps(x.shape[1]), LABELS)
    assert rows.sum(axis=2) == pytest.approx(1, abs=1e-5)
    assert rows.std(axis=1).max() > 0.01


def test_no_step_sees_the_future(arch, trained, x):
    step = arch.steps(x.shape[1]) // 2
    end = arch.window + step * arch.hop
    other = x.copy()
    other[:, end:] = 0
    before, after = trained(x).numpy(), trained(other).numpy()
    assert before[:, : step + 1] == pytest.approx(after[:, : step + 1], abs=1e-6)
    assert np.abs(before[:, step + 1 :] - after[:, step + 1 :]).max() > 1e-3


def test_both_forms_give_the_same_answers(arch, trained, x):
    """A stream of the training form against one inference after the other, state carried over.

    The export form rounds input and state to 1/128, which moves a probability by a few hundredths.
    """
    with quiet():
        exported = arch.transfer(trained, LABELS)
    shape = next(tuple(t.shape) for t in exported.inputs if t.name == "x")
    state = {name: zero_state(exported, name) for name in arch.state}
    rows = []
    for start in range(0, x.shape[1] - arch.window + 1, arch.hop):
        outputs = exported({"x": x[0, start : start + arch.window].reshape(shape), **state})
        state = {name: outputs[output].numpy() for name, output in arch.state.items()}
        rows.append(outputs["probabilities"].numpy()[0])
    assert np.array(rows) == pytest.approx(trained(x).numpy()[0], abs=0.05)


def test_parameters_come_back_from_json(arch):
    parameters = json.loads(json.dumps(arch.parameters()))
    assert architecture(arch.name, parameters) == arch


@pytest.mark.parametrize(
    "name, parameters", [("gru", {"depth": 2}), ("conv1d", {"window": 8, "filters": [4] * 3})]
)
def test_parameters_that_do_not_fit(name, parameters):
    with pytest.raises(ValueError, match=r"no such parameters: depth|too short for 3 layers"):
        architecture(name, parameters)


def test_an_unknown_architecture_is_a_sentence():
    with pytest.raises(UserError, match="Choose one of: gru, conv1d"):
        architecture("transformer")

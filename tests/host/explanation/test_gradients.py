"""Attributions and connectivity against closed forms and finite differences."""

import numpy as np
import pytest

from tinygesture.explanation.gradients import connectivity, integrated_gradients
from tinygesture.training.architectures import architecture
from tinygesture.training.backend import tensorflow

LABEL = 1


def untrained(name: str, strong: float):
    """Random weights, as many times what they are at first."""
    arch = architecture(name)
    tensorflow().keras.utils.set_random_seed(3)
    model = arch.build(3)
    model.set_weights([strong * weight for weight in model.get_weights()])
    return arch, model


@pytest.fixture(scope="module")
def x():
    return np.random.default_rng(1).uniform(-1, 1, (136, 6)).astype(np.float32)


def test_of_a_logistic_function_the_closed_form(x):
    """p = sigmoid(w x): sample i gets w_i (x_i - b_i) of each part of the change of p."""
    weights = np.random.default_rng(2).normal(size=(136, 6)).astype(np.float32)

    def model(batch, training):
        tf = tensorflow()
        p = tf.sigmoid(tf.reduce_sum(batch * weights, axis=(1, 2)))
        return tf.stack([1 - p, p], axis=1)[:, None]

    baseline = np.full(6, 0.1, np.float32)
    found = integrated_gradients(model, x, baseline, 1)
    logits = [float((part * weights).sum()) for part in (x, np.broadcast_to(baseline, x.shape))]
    p, p_baseline = (1 / (1 + np.exp(-logit)) for logit in logits)
    expected = weights * (x - baseline) * (p - p_baseline) / (logits[0] - logits[1])
    np.testing.assert_allclose(found, expected, atol=2e-3 * np.abs(expected).max())


@pytest.mark.parametrize("strong", [1.0, 3.0])
@pytest.mark.parametrize("name", ["gru", "conv1d"])
def test_attributions_add_up_to_what_they_explain(x, name, strong):
    arch, model = untrained(name, strong)
    baseline = np.zeros(6, np.float32)
    found = integrated_gradients(model, x, baseline, LABEL)
    p, p_baseline = np.asarray(model(np.stack([x, 0 * x])))[:, : arch.steps(len(x)), LABEL].mean(
        axis=1
    )
    assert found.sum() == pytest.approx(p - p_baseline, abs=2e-3)


def test_what_equals_the_baseline_and_what_no_step_sees_gets_nothing(x):
    _, model = untrained("gru", 1.0)
    baseline = x[0]
    still = np.concatenate([x, x[:3]])
    still[:40] = baseline
    found = integrated_gradients(model, still, baseline, LABEL)
    assert not found[:40].any()
    assert found[40 : len(x)].any()
    assert not found[len(x) :].any()  # less than a step


@pytest.mark.parametrize("name", ["gru", "conv1d"])
def test_connectivity_is_the_norm_of_the_gradient(x, name):
    arch, model = untrained(name, 1.0)
    found = connectivity(model, x, LABEL, arch)
    steps = arch.steps(len(x))
    assert found.shape == (steps, arch.window // arch.hop + steps - 1)
    step, block, small = steps - 1, found.shape[1] - 3, 2e-2
    gradient = []
    for sample in range(block * arch.hop, (block + 1) * arch.hop):
        for channel in range(6):
            nudged = np.stack([x, x])
            nudged[:, sample, channel] += [small, -small]
            more, less = np.asarray(model(nudged), np.float64)[:, step, LABEL]
            gradient.append((more - less) / (2 * small))
    assert found[step, block] == pytest.approx(np.linalg.norm(gradient), rel=0.02)


@pytest.mark.parametrize("name", ["gru", "conv1d"])
def test_a_step_uses_nothing_that_is_yet_to_come_or_outside_its_window(x, name):
    arch, model = untrained(name, 1.0)
    found = connectivity(model, x, LABEL, arch)
    steps, blocks = found.shape
    for step in range(steps):
        assert not found[step, step + blocks - steps + 1 :].any()
        if not arch.state:
            assert not found[step, :step].any()


def test_a_certain_answer_has_its_connectivity_too(x):
    arch, model = untrained("gru", 1.0)
    of_each = connectivity(model, x, LABEL, arch)
    kernel, bias = model.get_layer("probabilities").get_weights()
    model.get_layer("probabilities").set_weights([kernel, bias + np.float32([0, 14, 0])])
    p = np.asarray(model(x[None]))[0, :, LABEL]
    assert (p > 1 - 1e-5).all()
    certain = connectivity(model, x, LABEL, arch)
    used = [found / found.sum(axis=1, keepdims=True) for found in (of_each, certain)]
    np.testing.assert_allclose(*used, atol=0.02)

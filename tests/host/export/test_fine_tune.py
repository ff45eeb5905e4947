"""Fine-tuning for int8: only where it is needed, and it helps a model that int8 spoils."""

from dataclasses import replace

import numpy as np
import pytest

from tinygesture.dataset import Dataset, split
from tinygesture.export import fine_tune
from tinygesture.export.fine_tune import fine_tuned, rounded
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.backend import tensorflow
from tinygesture.training.examples import load
from tinygesture.training.fit import Fitted, Settings, fit
from tinygesture.training.predict import predict

LABELS = ["circle", "punch", "rest"]
SETTINGS = Settings(epochs=8, passes=24, background_minutes=2, mining=0)


@pytest.fixture(scope="module")
def parts(synthetic: Dataset):
    divided = split(synthetic.entries, validation=0.5, seed=0)
    return load(synthetic, divided.train, LABELS), load(synthetic, divided.validation, LABELS)


@pytest.fixture(scope="module")
def trained(parts) -> Fitted:
    return fit(*parts, LABELS, Gru(units=28, features=24), 0, SETTINGS)


def spoilt(fitted: Fitted, factor: float) -> Fitted:
    """The same function in float, but one feature is `factor` times as large, and what reads it so
    much smaller: with one scale for all, int8 has few steps left for the others."""
    model = fitted.architecture.build(len(fitted.labels))
    model.set_weights(fitted.model.get_weights())
    kernel, bias = model.get_layer("features").get_weights()
    kernel[..., 0] *= factor
    bias[0] *= factor
    model.get_layer("features").set_weights([kernel, bias])
    inward, *rest = model.get_layer("gru").get_weights()
    inward[0] /= factor
    model.get_layer("gru").set_weights([inward, *rest])
    return replace(fitted, model=model)


def test_a_model_that_int8_spoils_is_taught(trained, parts):
    train, validation = parts
    worse = spoilt(trained, 300)
    whole, same = (predict(one, [e.counts for e in validation]) for one in (trained, worse))
    assert np.concatenate(whole) == pytest.approx(np.concatenate(same), abs=1e-3)
    tuned, found = fine_tuned(worse, train, validation, 0, SETTINGS)
    assert found["int8"] < found["float"] - 0.005
    assert found["fine_tuned"] > found["int8"]
    assert tuned is not worse and tuned.history == trained.history


def test_a_model_that_int8_does_not_hurt_stays(trained, parts, monkeypatch):
    monkeypatch.setattr(fine_tune, "_int8_accuracy", lambda *_: 0.99)
    monkeypatch.setattr(fine_tune, "_float_accuracy", lambda *_: 0.994)
    kept, found = fine_tuned(trained, *parts, 0, SETTINGS)
    assert kept is trained
    assert found == {"float": 0.994, "int8": 0.99, "fine_tuned": None}


def test_a_fine_tuning_that_does_not_help_is_dropped(trained, parts, monkeypatch):
    monkeypatch.setattr(fine_tune, "_int8_accuracy", lambda *_: 0.5)
    monkeypatch.setattr(fine_tune, "_float_accuracy", lambda *_: 1.0)
    brief = replace(SETTINGS, epochs=1, passes=1)
    kept, found = fine_tuned(trained, *parts, 0, brief)
    assert kept is trained and found["fine_tuned"] == 0.5


def test_weights_are_rounded_and_learn_as_if_they_were_not():
    tf = tensorflow()
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32))
    bias = tf.Variable(np.ones(4, np.float32))
    with tf.GradientTape() as tape:
        as_int8, same = rounded([kernel.value(), bias.value()])
        total = tf.reduce_sum(3 * as_int8) + tf.reduce_sum(same)
    levels = as_int8.numpy() / (np.abs(kernel.numpy()).max() / 127)
    assert levels == pytest.approx(np.rint(levels), abs=1e-3)
    assert (same.numpy() == 1).all()
    assert (tape.gradient(total, kernel).numpy() == 3).all()

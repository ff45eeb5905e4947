"""Tasks whose answer is known, and small models that have learned them."""

from collections.abc import Callable

import numpy as np

from tinygesture.contract import Int16, Quantisation
from tinygesture.training.architectures import architecture
from tinygesture.training.backend import tensorflow
from tinygesture.training.examples import inputs
from tinygesture.training.fit import Fitted

LABELS = ("off", "on")
PLAIN = Quantisation((256,) * 6, 16)  # counts of ±32768 are the input's ±1
SAMPLES = 128
LOUD = 16000  # counts

Task = Callable[[np.random.Generator, bool], Int16]


def noise(rng: np.random.Generator) -> Int16:
    return rng.normal(0, LOUD / 8, (SAMPLES, 6)).astype(np.int16)


def bump(rng: np.random.Generator, on: bool) -> Int16:
    """On: gyroscope y rises from 0.6 to 0.8 s; every other axis has such rises without meaning."""
    counts = noise(rng)
    for channel in (0, 1, 2, 3, 5):
        start = rng.integers(0, SAMPLES - 20)
        counts[start : start + 20, channel] += LOUD * rng.integers(2)
    counts[60:80, 4] += LOUD * on
    return counts


def cue(rng: np.random.Generator, on: bool) -> Int16:
    """The label is the sign of accelerometer x in the first 0.16 s."""
    counts = noise(rng)
    counts[:16, 0] += LOUD if on else -LOUD
    return counts


def now(rng: np.random.Generator, on: bool) -> Int16:
    """The label is the sign of accelerometer x all of the time."""
    counts = noise(rng)
    counts[:, 0] += LOUD if on else -LOUD
    return counts


def learned(arch: str, task: Task, epochs: int) -> Fitted:
    """Trained on 256 recordings."""
    chosen, rng = architecture(arch), np.random.default_rng(0)
    on = np.arange(256) % 2
    x = inputs(np.stack([task(rng, bool(each)) for each in on]), PLAIN)
    y = np.eye(2, dtype=np.float32)[np.repeat(on[:, None], chosen.steps(SAMPLES), axis=1)]
    keras = tensorflow().keras
    keras.utils.set_random_seed(0)
    model = chosen.build(2)
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=0.05)
    model.compile(keras.optimizers.Adam(2e-2, clipnorm=1.0), loss)
    model.fit(x, y, epochs=epochs, batch_size=32, verbose=0)
    return Fitted(chosen, model, PLAIN, LABELS, len(LABELS), {})

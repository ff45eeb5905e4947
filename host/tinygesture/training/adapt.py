"""A trained model for somebody it has not met, from a few of their recordings."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tinygesture.training.augment import Augmentation
from tinygesture.training.backend import tensorflow
from tinygesture.training.background import TRAINING_PEOPLE, background_examples
from tinygesture.training.examples import Example, background_indices
from tinygesture.training.fit import Fitted, Progress, arrays
from tinygesture.training.streams import splice

STREAM = 512  # canonical samples, or half as much again as the longest recording


@dataclass(frozen=True)
class Adaptation:
    """Everything that shapes an adaptation besides base, recordings and seed."""

    epochs: int = 30
    streams: int = 192
    batch: int = 32
    learning_rate: float = 5e-3
    label_smoothing: float = 0.05
    background_minutes: float = 6.0  # synthetic, so that what the base knows of it is kept
    augmentation: Augmentation = field(default_factory=Augmentation)


def adapt(
    base: Fitted,
    recordings: Sequence[Example],
    seed: int,
    settings: Adaptation,
    progress: Progress = lambda stage, done, total: None,
) -> Fitted:
    """The base, trained on with these recordings between background; architecture, labels and
    quantisation stay. The base is not changed.

    The same arguments give the same weights on the same machine. progress: ("adapting", epochs
    done, epochs).
    """
    progress("adapting", 0, settings.epochs)
    tf = tensorflow()
    arch, labels = base.architecture, base.labels
    quiet = background_examples(settings.background_minutes, TRAINING_PEOPLE, seed, labels)
    longest = max(len(example.counts) for example in recordings)
    made = splice(
        [*recordings, *quiet],
        background_indices(labels),
        settings.streams,
        max(STREAM, 3 * longest // 2),
        arch.window,
        settings.augmentation,
        np.random.default_rng(seed),
    )
    x, y, weights = arrays(made, arch, base.quantisation, len(labels))
    tf.keras.utils.set_random_seed(seed)
    model = arch.build(len(labels))
    model.set_weights(base.model.get_weights())
    steps = settings.epochs * -(-settings.streams // settings.batch)
    rate = tf.keras.optimizers.schedules.CosineDecay(settings.learning_rate, steps, alpha=0.02)
    model.compile(
        optimizer=tf.keras.optimizers.Adam(rate, clipnorm=1.0),
        loss=tf.keras.losses.CategoricalCrossentropy(label_smoothing=settings.label_smoothing),
        weighted_metrics=["accuracy"],
    )
    shown = tf.keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, _: progress("adapting", epoch + 1, settings.epochs)
    )
    history = model.fit(
        x,
        y,
        sample_weight=weights,
        epochs=settings.epochs,
        batch_size=settings.batch,
        verbose=0,
        callbacks=[shown],
    )
    curves = {name: [float(value) for value in curve] for name, curve in history.history.items()}
    return replace(base, model=model, history=curves)

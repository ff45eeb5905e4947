"""Fit one architecture to labelled recordings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinygesture.contract import Quantisation
from tinygesture.training.architectures.base import Architecture, KerasModel
from tinygesture.training.augment import Augmentation
from tinygesture.training.backend import tensorflow
from tinygesture.training.background import (
    TRAINING_PEOPLE,
    VALIDATION_PEOPLE,
    background_examples,
    with_background,
)
from tinygesture.training.examples import Example, background_indices, inputs
from tinygesture.training.streams import Streams, splice

Progress = Callable[[str, int, int], None]  # stage, done, total
LONGEST_STREAM = 2048  # canonical samples
MIN_BATCHES, MAX_BATCHES = 16, 128  # in an epoch


@dataclass(frozen=True)
class Settings:
    """Everything that shapes a training besides data, architecture and seed."""

    epochs: int = 24
    passes: int = 16  # how often an epoch uses each recording, on average
    batch: int = 32
    learning_rate: float = 1e-2
    label_smoothing: float = 0.05
    background_minutes: float = 24.0  # synthetic, in training; half of it in validation
    patience: int = 10
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass(frozen=True)
class Fitted:
    """model: the training form, float32[B, T, 6] -> float32[B, steps, labels].

    recorded: how many of the labels were recorded, the first ones; a background that training
    added is the last one.
    """

    architecture: Architecture
    model: KerasModel
    quantisation: Quantisation
    labels: tuple[str, ...]
    recorded: int
    history: dict[str, list[float]]


def fit(
    train: Sequence[Example],
    validation: Sequence[Example],
    labels: Sequence[str],
    arch: Architecture,
    seed: int,
    settings: Settings,
    progress: Progress = lambda stage, done, total: None,
) -> Fitted:
    """Train on streams of `train`; of all epochs, the weights that do best on `validation`.

    labels: of the recordings. The model gets one more, `background`, and is shown what virtual
    people do meanwhile; where that is recorded too, both become one.

    The same arguments give the same weights on the same machine. progress: ("training", epochs
    done, epochs).
    """
    quantisation = Quantisation.choose(np.concatenate([example.counts for example in train]))
    rng = np.random.default_rng(seed)
    recorded, labels = len(labels), with_background(labels)
    minutes = settings.background_minutes
    length = _stream_length(arch, train)
    samples = sum(len(example.counts) for example in train)
    batches = settings.passes * samples // (length * settings.batch)
    count = settings.batch * min(max(batches, MIN_BATCHES), MAX_BATCHES)
    background = background_indices(labels)

    def streams(examples: Sequence[Example], count: int, augmentation: Augmentation | None) -> Any:
        made = splice(examples, background, count, length, arch.window, augmentation, rng)
        return arrays(made, arch, quantisation, len(labels))

    quiet = background_examples(minutes, TRAINING_PEOPLE, seed, labels)
    x, y, weights = streams([*train, *quiet], count, settings.augmentation)
    quiet = background_examples(minutes / 2, VALIDATION_PEOPLE, seed, labels)
    held = streams([*validation, *quiet], max(2 * len(validation), 64), None)
    tf = tensorflow()
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(seed)
    model = arch.build(len(labels))
    _compile(model, settings, settings.epochs * count // settings.batch)
    callbacks = tf.keras.callbacks
    progress("training", 0, settings.epochs)
    history = model.fit(
        x,
        y,
        sample_weight=weights,
        validation_data=held,
        epochs=settings.epochs,
        batch_size=settings.batch,
        verbose=0,
        callbacks=[
            callbacks.EarlyStopping(patience=settings.patience, restore_best_weights=True),
            callbacks.LambdaCallback(
                on_epoch_end=lambda epoch, _: progress("training", epoch + 1, settings.epochs)
            ),
        ],
    )
    if len(history.epoch) < settings.epochs:  # it stopped early
        progress("training", settings.epochs, settings.epochs)
    curves = {name: [float(value) for value in curve] for name, curve in history.history.items()}
    return Fitted(arch, model, quantisation, labels, recorded, curves)


def _stream_length(arch: Architecture, train: Sequence[Example]) -> int:
    """Canonical samples of a stream: long gestures fit into it whole."""
    long = float(np.percentile([len(example.counts) for example in train], 90))
    return max(arch.stream, min(round(1.2 * long), LONGEST_STREAM))


def _compile(model: KerasModel, settings: Settings, steps: int) -> None:
    keras = tensorflow().keras
    rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, steps, alpha=0.02)
    model.compile(
        optimizer=keras.optimizers.Adam(rate, clipnorm=1.0),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=settings.label_smoothing),
        weighted_metrics=["accuracy"],
    )


def arrays(streams: Streams, arch: Architecture, quantisation: Quantisation, labels: int) -> Any:
    """x float32[B, T, 6]; one-hot y [B, S, labels] and weights [B, S] at the end of each step."""
    ends = slice(arch.window - 1, None, arch.hop)
    y = np.eye(labels, dtype=np.float32)[streams.labels[:, ends]]
    return inputs(streams.counts, quantisation), y, streams.weights[:, ends]

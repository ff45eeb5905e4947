"""Fit one architecture to labelled recordings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinygesture.contract import Quantisation
from tinygesture.training.architectures import architecture
from tinygesture.training.architectures.base import Architecture, KerasModel
from tinygesture.training.augment import Augmentation
from tinygesture.training.backend import quiet, tensorflow
from tinygesture.training.examples import Example, background_indices, inputs
from tinygesture.training.streams import Streams, splice

Progress = Callable[[str, int, int], None]  # stage, done, total


@dataclass(frozen=True)
class Settings:
    """Everything that shapes a training besides data, architecture and seed."""

    epochs: int = 24
    passes: int = 12  # how often an epoch uses each recording, on average
    batch: int = 32
    learning_rate: float = 1e-2
    label_smoothing: float = 0.05
    patience: int = 10
    augmentation: Augmentation = field(default_factory=Augmentation)


@dataclass(frozen=True)
class Fitted:
    """model: the training form, float32[B, T, 6] -> float32[B, steps, labels]."""

    architecture: Architecture
    model: KerasModel
    quantisation: Quantisation
    labels: tuple[str, ...]
    history: dict[str, list[float]]


def fit(
    train: Sequence[Example],
    validation: Sequence[Example],
    labels: Sequence[str],
    arch: str,
    seed: int,
    settings: Settings,
    progress: Progress = lambda stage, done, total: None,
) -> Fitted:
    chosen = architecture(arch)
    tf = tensorflow()
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    quantisation = Quantisation.choose(np.concatenate([e.counts for e in train]))
    background = background_indices(labels)
    samples = sum(len(example.counts) for example in train)
    count = settings.passes * samples // chosen.stream
    count = min(max(count, 16 * settings.batch), 128 * settings.batch)
    window, stream = chosen.window, chosen.stream
    streams = splice(train, background, count, stream, window, settings.augmentation, rng)
    held = splice(validation, background, max(2 * len(validation), 64), stream, window, None, rng)
    with quiet():
        model = chosen.build(len(labels))
        steps = settings.epochs * -(-count // settings.batch)
        schedule = tf.keras.optimizers.schedules.CosineDecay(
            settings.learning_rate, steps, alpha=0.02
        )
        model.compile(
            optimizer=tf.keras.optimizers.Adam(schedule, clipnorm=1.0),
            loss=tf.keras.losses.CategoricalCrossentropy(label_smoothing=settings.label_smoothing),
            weighted_metrics=["accuracy"],
        )
        x, y, w = arrays(streams, chosen, quantisation, len(labels))
        history = model.fit(
            x,
            y,
            sample_weight=w,
            validation_data=arrays(held, chosen, quantisation, len(labels)),
            epochs=settings.epochs,
            batch_size=settings.batch,
            verbose=0,
            callbacks=[
                tf.keras.callbacks.EarlyStopping(
                    "val_loss", patience=settings.patience, restore_best_weights=True
                ),
                tf.keras.callbacks.LambdaCallback(
                    on_epoch_end=lambda epoch, logs: progress(
                        "training", epoch + 1, settings.epochs
                    )
                ),
            ],
        )
    curves = {k: [float(v) for v in values] for k, values in history.history.items()}
    return Fitted(chosen, model, quantisation, tuple(labels), curves)


def arrays(streams: Streams, arch: Architecture, quantisation: Quantisation, labels: int) -> Any:
    """x float32[B, T, 6]; one-hot y [B, S, labels] and weights [B, S] at the end of each step."""
    ends = slice(arch.window - 1, None, arch.hop)
    y = np.eye(labels, dtype=np.float32)[streams.labels[:, ends]]
    return inputs(streams.counts, quantisation), y, streams.weights[:, ends]

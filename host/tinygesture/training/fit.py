"""Fit one architecture to labelled recordings."""

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np

from tinygesture.contract import Quantisation
from tinygesture.training.architectures.base import Architecture, KerasModel, Usual
from tinygesture.training.augment import Augmentation
from tinygesture.training.backend import tensorflow
from tinygesture.training.background import (
    TRAINING_PEOPLE,
    VALIDATION_PEOPLE,
    background_examples,
    with_background,
)
from tinygesture.training.examples import Example, background_indices, inputs
from tinygesture.training.loop import Batch, Straight, loop
from tinygesture.training.mining import hardest, mining_epochs
from tinygesture.training.streams import Streams, splice

Progress = Callable[[str, int, int], None]  # stage, done, total
LONGEST_CHUNK = 1024  # canonical samples
MIN_STEPS, MAX_STEPS = 32, 512  # of learning, in an epoch


@dataclass(frozen=True)
class Settings:
    """Everything that shapes a training besides data, architecture and seed.

    None: as `Architecture.usual` says.
    """

    epochs: int = 16
    passes: int = 16  # how often an epoch uses each recording, about
    repeats: int = 8  # how often a stream is used; then others are spliced
    batch: int = 32
    chunks: int = 8  # of a stream, between two resets
    learning_rate: float = 1e-2
    warm_up: float = 0.05  # the part of the training in which the rate rises; then a cosine
    label_smoothing: float | None = None
    weight_decay: float | None = None  # of AdamW
    average: float = 0.25  # the part of the training over which the weights are averaged; 0: none
    balance: float = 1.0  # labels are drawn by (their share) ** (1 - balance)
    background_minutes: float = 240.0  # synthetic, in training; a tenth of it in validation
    mining: int | None = None  # how often hard background is looked for
    patience: int | None = None  # epochs without a better one; 0: the last epoch's weights
    augmentation: Augmentation = field(default_factory=Augmentation)

    def usual(self, arch: Architecture) -> Usual:
        """What they say of it, and the architecture's where they do not."""
        own = {one.name: getattr(self, one.name) for one in fields(Usual)}
        return replace(arch.usual, **{k: v for k, v in own.items() if v is not None})

    def complete(self, arch: Architecture) -> "Settings":
        """With what they leave to the architecture."""
        return replace(self, **asdict(self.usual(arch)))


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
    base: Fitted | None = None,
    straight: Straight = list,
) -> Fitted:
    """Train on streams of `train`; with early stopping, the weights that do best on `validation`.

    labels: of the recordings. The model gets one more, `background`, and is shown what virtual
    people do meanwhile; where that is recorded too, both become one. base: a model of the same
    labels and architecture to begin with. straight: see `loop`.

    The same arguments give the same weights on the same machine. progress: ("training", epochs
    done, epochs).
    """
    progress("training", 0, settings.epochs)
    usual = settings.usual(arch)
    quantisation = (
        base.quantisation
        if base
        else Quantisation.choose(np.concatenate([example.counts for example in train]))
    )
    recorded, labels = len(labels), with_background(labels)
    background = background_indices(labels)
    chunk = _chunk(arch, train)
    length = settings.chunks * chunk + arch.window - arch.hop
    samples = sum(len(example.counts) for example in train)
    steps = 2 * settings.passes * samples // (chunk * settings.batch)
    steps = min(max(steps, MIN_STEPS), MAX_STEPS)
    groups = -(-steps // (settings.chunks * settings.repeats))

    def batch(
        number: int,
        examples: Sequence[Example],
        count: int,
        augmentation: Augmentation | None,
        hard: Sequence[Example],
    ) -> Batch:
        rng = np.random.default_rng([seed, number])
        made = splice(
            examples,
            background,
            count,
            length,
            arch.window,
            augmentation,
            rng,
            settings.balance,
            hard,
        )
        return arrays(made, arch, quantisation, len(labels))

    minutes = settings.background_minutes
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(tensorflow)  # it takes seconds, and other processes do the rest
        quiet = background_examples(minutes, TRAINING_PEOPLE, seed, labels)
        others = background_examples(minutes / 10, VALIDATION_PEOPLE, seed, labels)
        tf = loading.result()
    held = [*validation, *others]
    unseen = batch(0, held, max(len(validation), 32), None, [])

    def from_epoch(epoch: int, hard: Sequence[Example]) -> Generator[Batch, None, None]:
        known, augmentation = [*train, *quiet], settings.augmentation
        numbers = range(epoch * groups + 1, settings.epochs * groups + 1)
        return _ahead(
            lambda number: batch(number, known, settings.batch, augmentation, hard), numbers
        )

    base_weights = base.model.get_weights() if base else []
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(seed)
    model = arch.build(len(labels))
    if base:
        model.set_weights(base_weights)
    total = settings.epochs * settings.repeats * groups * settings.chunks
    optimizer = _optimizer(settings, usual.weight_decay, total)
    steps_of = loop(arch, model, chunk, optimizer, usual.label_smoothing, straight)
    history: dict[str, list[float]] = {}
    best, best_weights, since = np.inf, model.get_weights(), 0
    mined = mining_epochs(settings.epochs, usual.mining, trained=base is not None)
    batches = from_epoch(0, [])
    for epoch in range(settings.epochs):
        if epoch in mined:
            batches.close()
            batches = from_epoch(epoch, hardest(model, arch, quantisation, quiet, background))
        fresh = [next(batches) for _ in range(groups)]
        found = [steps_of.run(one, True) for _ in range(settings.repeats) for one in fresh]
        loss, accuracy = np.mean(found, axis=0)
        learned = model.get_weights()
        if settings.average:
            optimizer.finalize_variable_values(model.trainable_variables)
        val_loss, val_accuracy = steps_of.run(unseen, False)
        row = {"loss": loss, "accuracy": accuracy}
        row |= {"val_loss": val_loss, "val_accuracy": val_accuracy}
        for name, value in row.items():
            history.setdefault(name, []).append(float(value))
        progress("training", epoch + 1, settings.epochs)
        since += 1
        if val_loss < best or not usual.patience:
            best, best_weights, since = val_loss, model.get_weights(), 0
        model.set_weights(learned)
        if since >= usual.patience > 0:
            progress("training", settings.epochs, settings.epochs)
            break
    batches.close()
    model.set_weights(best_weights)
    return Fitted(arch, model, quantisation, labels, recorded, history)


def _ahead(make: Callable[[int], Batch], numbers: Sequence[int]) -> Generator[Batch, None, None]:
    """make(number) of each number, the next one made while one is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(make, numbers[0])
        for number in [*numbers[1:], None]:
            ready = coming
            if number is not None:
                coming = pool.submit(make, number)
            yield ready.result()


def _chunk(arch: Architecture, train: Sequence[Example]) -> int:
    """Canonical samples of a chunk: gradients reach back over long gestures."""
    long = float(np.percentile([len(example.counts) for example in train], 90))
    return max(arch.stream, min(round(1.2 * long), LONGEST_CHUNK)) // arch.hop * arch.hop


def _optimizer(settings: Settings, weight_decay: float, total: int) -> Any:
    """AdamW for so many steps, which also keeps a mean of the weights."""
    keras = tensorflow().keras
    warm_up = max(round(settings.warm_up * total), 1)
    rate = keras.optimizers.schedules.CosineDecay(
        settings.learning_rate / 100,
        total - warm_up,
        alpha=0.01,
        warmup_target=settings.learning_rate,
        warmup_steps=warm_up,
    )
    return keras.optimizers.AdamW(
        rate,
        weight_decay=weight_decay,
        clipnorm=1.0,
        use_ema=settings.average > 0,
        ema_momentum=max(1 - 1 / (settings.average * total), 0.0) if settings.average else 0.0,
    )


def arrays(streams: Streams, arch: Architecture, quantisation: Quantisation, labels: int) -> Batch:
    """x float32[B, T, 6]; one-hot y [B, S, labels] and weights [B, S] at the end of each step."""
    ends = slice(arch.window - 1, None, arch.hop)
    y = np.eye(labels, dtype=np.float32)[streams.labels[:, ends]]
    return inputs(streams.counts, quantisation), y, streams.weights[:, ends]

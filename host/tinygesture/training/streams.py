"""Training streams: recordings spliced as a board would live through them, a label per sample.

The model keeps its state from one gesture to the next, so it is trained that way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygesture.contract import Float64, Int16, Int64
from tinygesture.training.augment import Augmentation
from tinygesture.training.examples import Example, pad

# In canonical samples.
FADE = 12  # cross-fade between two recordings
LONGEST_PAUSE = 80
LONGEST_BACKGROUND = 200  # of a longer recording of background, a part at random
HOLD = 100  # a gesture is remembered for this long
EARLY_WEIGHT = 0.2
HARD = 0.6  # of the background that is drawn where there is hard one

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Streams:
    """counts int16[B, T, 6]; labels int64[B, T]; weights float32[B, T], 0 where no label holds."""

    counts: Int16
    labels: Int64
    weights: Weights


def splice(
    examples: Sequence[Example],
    background: Sequence[int],
    count: int,
    length: int,
    lead: int,
    augmentation: Augmentation | None,
    rng: np.random.Generator,
    balance: float = 1.0,
    hard: Sequence[Example] = (),
) -> Streams:
    """`count` streams of `length` canonical samples.

    A stream begins with a recording, as after a reset (one shorter than `lead` is padded to it),
    and goes on with gestures, background where there is some, and pauses. hard: background of one
    label that is drawn in place of HARD of this label's recordings.
    """
    draw = _draw(examples, background, balance, hard, rng)
    rows = [_stream(draw, background, length, lead, augmentation, rng) for _ in range(count)]
    counts, labels, weights = zip(*rows, strict=True)
    return Streams(np.stack(counts), np.stack(labels), np.stack(weights))


def _draw(
    examples: Sequence[Example],
    background: Sequence[int],
    balance: float,
    hard: Sequence[Example],
    rng: np.random.Generator,
) -> Iterator[Example]:
    """Endless recordings: labels at random, each label's recordings in turn.

    A label is drawn by (its share) ** (1 - balance), so that rare ones are learned too: all equally
    often at 1. After a gesture comes background (where there is some) half of the time.
    """
    by_label: dict[int, list[Example]] = {}
    for example in examples:
        by_label.setdefault(example.label, []).append(example)
    labels = sorted(by_label)
    counts = np.array([float(len(by_label[label])) for label in labels]) ** (1 - balance)
    share = counts / counts.sum()
    quiet = [label for label in labels if label in background]
    queues: dict[int, list[Example]] = {label: [] for label in labels}
    previous = -1
    while True:
        rest_next = quiet and previous not in background and rng.random() < 0.5
        previous = int(rng.choice(quiet) if rest_next else rng.choice(labels, p=share))
        if hard and previous == hard[0].label and rng.random() < HARD:
            yield hard[int(rng.integers(len(hard)))]
            continue
        if not queues[previous]:
            order = rng.permutation(len(by_label[previous]))
            queues[previous] = [by_label[previous][i] for i in order]
        yield queues[previous].pop()


def _stream(
    draw: Iterator[Example],
    background: Sequence[int],
    length: int,
    lead: int,
    augmentation: Augmentation | None,
    rng: np.random.Generator,
) -> tuple[Int16, Int64, Weights]:
    counts: list[Int16] = []
    labels: list[Int64] = []
    weights: list[Weights] = []
    filled = 0
    while filled < length:
        example = next(draw)
        quiet = example.label in background
        piece = _part(example.counts, rng) if quiet else example.counts
        piece = augmentation.apply(piece, rng) if augmentation else piece
        piece = piece if counts else pad(piece, lead)
        held = label_weights(piece, quiet)
        if counts:
            bridge = _bridge(counts[-1][-1], piece[0], _pause(rng), _pause(rng))
            piece = np.concatenate([bridge, piece])
            held = np.concatenate([np.zeros(len(bridge), np.float32), held])
        counts.append(piece)
        labels.append(np.full(len(piece), example.label))
        weights.append(held)
        filled += len(piece)
    return (
        np.concatenate(counts)[:length],
        np.concatenate(labels)[:length],
        np.concatenate(weights)[:length],
    )


def _part(counts: Int16, rng: np.random.Generator) -> Int16:
    start = int(rng.integers(0, max(len(counts) - LONGEST_BACKGROUND, 0) + 1))
    return counts[start : start + LONGEST_BACKGROUND]


def _pause(rng: np.random.Generator) -> int:
    return int(rng.integers(0, LONGEST_PAUSE)) if rng.random() < 0.5 else 0


def _bridge(last: Int16, first: Int16, before: int, after: int) -> Int16:
    """Hold the last sample, fade to the first one, hold it: int16[before + FADE + after, 6]."""
    fade = np.clip((np.arange(before + FADE + after) - before + 1) / (FADE + 1), 0, 1)[:, None]
    bridge: Int16 = np.rint(last * (1 - fade) + first * fade).astype(np.int16)
    return bridge


def label_weights(counts: Int16, is_background: bool) -> Weights:
    """Where the label of a recording int16[M, 6] holds: float32[M].

    A gesture is known once half of its motion is past, guessed (EARLY_WEIGHT) from a tenth on, and
    remembered for HOLD samples after it.
    """
    if is_background:
        weights = np.ones(len(counts), np.float32)
        weights[: len(counts) // 8] = 0
        return weights
    past = motion_past(counts)
    weights = np.where(past >= 0.5, 1, np.where(past >= 0.1, EARLY_WEIGHT, 0)).astype(np.float32)
    weights[np.searchsorted(past, 0.98) + HOLD :] = 0
    return weights


def motion_past(counts: Int16) -> Float64:
    """The part (0..1) of a recording's motion that is past at each sample: float64[M]."""
    away = counts - np.median(counts, axis=0)
    energy = (away**2).sum(axis=1)
    past: Float64 = np.cumsum(energy) / max(float(energy.sum()), 1.0)
    return past

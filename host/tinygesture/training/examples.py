"""Recordings as a model sees them: labelled stretches of canonical samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygesture.contract import Int16, Int64, Quantisation, resample
from tinygesture.dataset import Dataset, Entry
from tinygesture.dataset.labels import is_background
from tinygesture.errors import UserError

Float32 = npt.NDArray[np.float32]
MIN_SAMPLES = 20  # at the canonical rate


@dataclass(frozen=True)
class Example:
    """counts: int16[M, 6] contract counts at the canonical rate; label: index of its label."""

    counts: Int16
    label: int


def load(dataset: Dataset, entries: Sequence[Entry], labels: Sequence[str]) -> list[Example]:
    """The recordings of these entries; UserError for one that holds next to nothing."""
    examples = []
    for entry in entries:
        recording = dataset.load(entry)
        counts = canonical(recording.t_us, recording.counts)
        if len(counts) < MIN_SAMPLES:
            raise UserError(
                f"{dataset.path / entry.file} holds only {len(counts) * 10} ms without a gap, too "
                "little for a gesture. Delete it and its line in index.csv, or record it again."
            )
        examples.append(Example(counts, labels.index(entry.label)))
    return examples


def canonical(t_us: Int64, counts: Int16) -> Int16:
    """The longest stretch without a gap, resampled: int16[M, 6]; M is 0 for no samples."""
    stretches = resample(t_us, counts)
    return max(stretches, key=len, default=np.zeros((0, 6), np.int16))


def pad(counts: Int16, length: int) -> Int16:
    """At least `length` samples: the first one is held in front of a short recording."""
    missing = max(length - len(counts), 0)
    return np.concatenate([np.repeat(counts[:1], missing, axis=0), counts])


def background_indices(labels: Sequence[str]) -> tuple[int, ...]:
    """Indices of the labels that mean "no gesture"."""
    return tuple(i for i, label in enumerate(labels) if is_background(label))


def inputs(counts: Int16, quantisation: Quantisation) -> Float32:
    """Counts int16[..., 6] -> the floats that the model's int8 input stands for, -1..127/128."""
    return quantisation.quantise(counts).astype(np.float32) / np.float32(128)

"""The peer that needs no network: a random forest on features that people thought of."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from methods import Prediction, Task

from tinygesture.contract import CANONICAL_RATE_HZ, Float64, Int16, to_units

TREES = 300
BANDS_HZ = (0.3, 1.0, 2.0, 3.5, 5.0, 8.0, 12.0, 20.0, 40.0)  # edges


def forest(task: Task, seed: int) -> Prediction:
    """It needs no validation, so it learns from those recordings, too."""
    from sklearn.ensemble import RandomForestClassifier

    train = [*task.train, *task.validation]
    model = RandomForestClassifier(TREES, random_state=seed, n_jobs=2)
    model.fit(_table([one.counts for one in train]), [one.label for one in train])
    return {"random forest": model.predict(_table([one.counts for one in task.test])).tolist()}


def _table(recordings: Sequence[Int16]) -> Float64:
    return np.stack([features(counts) for counts in recordings])


def features(counts: Int16) -> Float64:
    """Of a recording int16[M, 6] at the canonical rate: float64[features].

    Of each axis and of the magnitudes of acceleration and turning (8 signals, g and 100 °/s): mean,
    standard deviation, least, largest, range, quartiles, skewness, energy of the changes, crossings
    of the mean, energy in bands; then the axes' correlations.
    """
    units = to_units(counts) / [1, 1, 1, 100, 100, 100]
    magnitudes = np.linalg.norm(units.reshape(-1, 2, 3), axis=2)
    signals = np.concatenate([units, magnitudes], axis=1)
    mean, deviation = signals.mean(axis=0), signals.std(axis=0) + 1e-9
    away = (signals - mean) / deviation
    quartiles = np.percentile(signals, [25, 50, 75], axis=0)
    least, largest = signals.min(axis=0), signals.max(axis=0)
    steps = np.diff(signals, axis=0)
    crossings = (np.diff(np.signbit(away), axis=0) != 0).mean(axis=0)
    correlations = np.corrcoef((away + 1e-9 * np.arange(len(away))[:, None])[:, :6].T)
    return np.concatenate(
        [
            *(mean, deviation, least, largest, largest - least, *quartiles),
            *((away**3).mean(axis=0), (steps**2).mean(axis=0), crossings),
            _bands(signals - mean).ravel(),
            correlations[np.triu_indices(6, 1)],
        ]
    )


def _bands(signals: Float64) -> Float64:
    """The logarithm of the energy in each band: float64[bands, signals]."""
    power = np.abs(np.fft.rfft(signals, 256, axis=0)) ** 2 / len(signals)
    frequencies = np.fft.rfftfreq(256, 1 / CANONICAL_RATE_HZ)
    edges = np.searchsorted(frequencies, BANDS_HZ)
    bands = [power[a:b].sum(axis=0) for a, b in pairwise(edges)]
    return np.log(np.array(bands) + 1e-6)

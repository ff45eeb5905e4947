"""The detector's parameters, chosen on what a model makes of streams in which all is known.

While a label is on top it becomes one event at most, so it has one score: the largest threshold at
which it does. Counting scores says for every threshold at once how many events there would be.
A few minutes of gestures and some hours of background say little about the next person, whose
scores are others: each score counts as if it were spread by SPREAD, so that a threshold keeps away
from background that it only just rejects.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from scipy.special import logit, ndtr

from tinygesture.contract import CANONICAL_PERIOD_US, CANONICAL_RATE_HZ, Float64, Int8, Int64
from tinygesture.detector import DetectorConfig, smoothing_steps
from tinygesture.detector.runs import smoothed

SMOOTHING, MINIMUM, REFRACTORY = (20, 40, 60), (12, 28, 44), 50  # canonical samples
SPREAD = 0.7  # of a score, standard deviation on the logistic scale
LEAST = 128  # threshold: as likely as all other labels together
KEPT = 0.5  # of a label's gestures at LEAST; no price silences a label
COMMON = 0.1  # of the scores in background
LEVELS = 256  # of scores and thresholds
PRICES = (0.0, *np.geomspace(1e-3, 1e3, 61).tolist())  # of a false event an hour, in gestures


@dataclass(frozen=True)
class Answers:
    """What a model makes of a stream from reset, and the gestures in it.

    probabilities: int8[steps, labels]; labels int64[gestures], of each gesture; from_us and due_us
    int64[gestures]: when its event may come, on the stream's clock, which begins at sample 0.
    """

    probabilities: Int8
    labels: Int64
    from_us: Int64
    due_us: Int64


@dataclass(frozen=True)
class Choice:
    """config, and what is expected of it on other streams of the same kind."""

    config: DetectorConfig
    f1: float
    false_per_hour: float


def choices(
    streams: Sequence[Answers], quiet: Sequence[Int8], background: int, window: int, hop: int
) -> list[Choice]:
    """For many prices of a false event the parameters of the best F1.

    quiet: probabilities int8[steps, labels] of background alone; background: a bit for each label
    that is no gesture.
    """
    none = (0,) * streams[0].probabilities.shape[1]
    found: list[Choice] = []
    for smoothing, minimum in product(SMOOTHING, MINIMUM):
        config = DetectorConfig(smoothing, minimum, REFRACTORY, background, none)
        found += _scores(config, streams, quiet, window, hop).choices()
    return found


def pick(found: Sequence[Choice], false_per_hour: float, least: float = 0.0) -> Choice:
    """The best F1 within so many false events per hour; out of reach, the fewest false events.

    least: of the best F1 that there is, the part that no such target is worth.
    """
    best = max(choice.f1 for choice in found)
    good = [choice for choice in found if choice.f1 >= least * best]
    within = [choice for choice in good if choice.false_per_hour <= false_per_hour]
    if within:
        return max(within, key=lambda choice: choice.f1)
    return min(good, key=lambda choice: choice.false_per_hour)


@dataclass(frozen=True)
class _Scores:
    """How many scores there are of each level, float64[labels, LEVELS]; none of background labels.

    gestures: of the events that gestures may have, in time; told: of all that was on top in the
    streams with gestures; quiet: in an hour of background alone. count: of gestures.
    """

    config: DetectorConfig
    gestures: Float64
    told: Float64
    quiet: Float64
    count: int

    def choices(self) -> Iterator[Choice]:
        """The best thresholds for each price of a false event an hour."""
        gestures, told, quiet = (
            counts @ _REACHED for counts in (self.gestures, self.told, self.quiet)
        )
        rows = np.arange(len(gestures))
        silent = gestures < KEPT * gestures[:, LEAST : LEAST + 1]
        f1 = 1.0
        for price in PRICES:
            for _ in range(4):  # F1 = 2 hits / (count + told) is largest where the best gain is 0
                gain = gestures - f1 / 2 * told - price * quiet
                gain[silent] = -np.inf
                at = LEAST + gain[:, LEAST:].argmax(axis=1)
                f1 = 2 * gestures[rows, at].sum() / max(self.count + told[rows, at].sum(), 1)
            config = replace(self.config, thresholds=tuple(at.tolist()))
            yield Choice(config, float(f1), float(quiet[rows, at].sum()))


def _scores(
    config: DetectorConfig,
    streams: Sequence[Answers],
    quiet: Sequence[Int8],
    window: int,
    hop: int,
) -> _Scores:
    labels = len(config.thresholds)
    gestures, told, false = np.zeros((3, labels, LEVELS))
    for answers in streams:
        kept, top = _count(config, answers.probabilities, hop, told)
        times = (window - 1 + np.arange(len(top)) * hop) * CANONICAL_PERIOD_US
        first = np.searchsorted(times, answers.from_us)
        last = np.searchsorted(times, answers.due_us, side="right")
        for label, a, b in zip(answers.labels, first, last, strict=True):
            gestures[label, max(kept[a:b][top[a:b] == label], default=0)] += 1
    for probabilities in quiet:
        _count(config, probabilities, hop, false)
    hours = sum(map(len, quiet)) * hop / CANONICAL_RATE_HZ / 3600
    count = sum(len(answers.labels) for answers in streams)
    return _Scores(config, _shrunk(gestures, config), told, _shrunk(false, config) / hours, count)


def _shrunk(counts: Float64, config: DetectorConfig) -> Float64:
    """A gesture that was never on top in some hours, or in a few recordings of it, may be so in the
    next: of each one's counts COMMON is shared with all."""
    gesture = np.array([not config.background >> i & 1 for i in range(len(counts))])
    shared = (1 - COMMON) * counts + COMMON * counts[gesture].mean(axis=0)
    return np.where(gesture[:, None], shared, 0)


def _count(
    config: DetectorConfig, probabilities: Int8, hop: int, counts: Float64
) -> tuple[Int64, Int64]:
    """Adds the score of each run to counts float64[labels, LEVELS]. Returns the largest threshold
    that each step could have reported, int64[steps], and the label on top, int64[steps]."""
    given = smoothed(probabilities, smoothing_steps(config, hop))
    run = np.cumsum(np.bincount(given.runs, minlength=len(given.top))) - 1
    for_steps = max(-(-config.minimum // hop), 1)
    confidence = given.sums // given.filled
    confidence[(config.background >> given.top & 1) == 1] = 0
    kept = confidence.copy()
    for back in range(1, for_steps):
        kept[back:] = np.minimum(kept[back:], confidence[:-back])
    kept[np.arange(len(run)) - given.runs[run] < for_steps - 1] = 0
    np.add.at(counts, (given.top[given.runs], np.maximum.reduceat(kept, given.runs)), 1)
    return kept, given.top


def _reached() -> Float64:
    """float64[scores, thresholds]: how much of a score reaches a threshold, 0..1."""
    level = logit((np.arange(LEVELS) + 0.5) / LEVELS)
    share: Float64 = ndtr((level[:, None] - level) / SPREAD)
    share[0] = 0  # a label that was not on top for long enough
    return share


_REACHED = _reached()

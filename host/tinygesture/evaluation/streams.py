"""Test streams: recordings between stretches of background, and what was performed when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinygesture.contract import CANONICAL_PERIOD_US, CANONICAL_RATE_HZ, Int16
from tinygesture.dataset import Interval
from tinygesture.training.examples import Example

FADE = 30  # canonical samples in which background gives way to a recording, or a recording to it
PAUSE_S = (1.0, 8.0)  # of background between two recordings


@dataclass(frozen=True)
class Stream:
    """counts: int16[N, 6] canonical, sample i at i × 10,000 µs; intervals: by their beginning."""

    counts: Int16
    intervals: list[Interval]

    @property
    def hours(self) -> float:
        return len(self.counts) / CANONICAL_RATE_HZ / 3600


def spliced(
    examples: Sequence[Example],
    labels: Sequence[str],
    background: Sequence[Int16],
    rng: np.random.Generator,
    pause_s: tuple[float, float] = PAUSE_S,
) -> Stream:
    """Every example once, whole and in any order, with background before, between and after.

    background: canonical stretches int16[M, 6], each of 2 × FADE samples at least; a part of one of
    them fills a pause. Its length is any number of samples within `pause_s`, so that a recording
    begins at any phase of a model's steps. An interval lasts as long as its recording.
    """
    if not background or min(map(len, background)) < 2 * FADE:
        raise ValueError(f"need stretches of background of {2 * FADE} samples or more")
    share = np.array([len(stretch) for stretch in background]) / sum(map(len, background))
    order = [examples[i] for i in rng.permutation(len(examples))]
    parts: list[Int16] = []
    intervals: list[Interval] = []
    filled = 0
    for before, after in zip([None, *order], [*order, None], strict=True):
        chosen = background[int(rng.choice(len(background), p=share))]
        pause = _faded(_part(chosen, pause_s, rng), before, after)
        parts.append(pause)
        filled += len(pause)
        if after is not None:
            start_us = filled * CANONICAL_PERIOD_US
            filled += len(after.counts)
            parts.append(after.counts)
            end_us = filled * CANONICAL_PERIOD_US
            intervals.append(Interval(labels[after.label], start_us, end_us))
    return Stream(np.concatenate(parts), intervals)


def _part(stretch: Int16, pause_s: tuple[float, float], rng: np.random.Generator) -> Int16:
    """A part at random of a stretch, or all of one that is too short."""
    shortest, longest = (round(seconds * CANONICAL_RATE_HZ) for seconds in pause_s)
    length = min(max(int(rng.integers(shortest, longest + 1)), 2 * FADE), len(stretch))
    begin = int(rng.integers(0, len(stretch) - length + 1))
    return stretch[begin : begin + length]


def _faded(pause: Int16, before: Example | None, after: Example | None) -> Int16:
    """A pause int16[M, 6] that begins as `before` ends, and ends as `after` begins."""
    faded = pause.astype(np.float64)
    ramp = (np.arange(1, FADE + 1) / (FADE + 1))[:, None]
    if before is not None:
        faded[:FADE] = faded[:FADE] * ramp + before.counts[-1] * (1 - ramp)
    if after is not None:
        faded[-FADE:] = faded[-FADE:] * (1 - ramp) + after.counts[0] * ramp
    rounded: Int16 = np.rint(faded).astype(np.int16)
    return rounded

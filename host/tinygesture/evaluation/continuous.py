"""A model in continuous recordings: the events that it reports, beside what was performed."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from tinygesture.contract import CANONICAL_PERIOD_US, Int8, Int16, Int64, resample, stretches
from tinygesture.dataset import Dataset, Entry
from tinygesture.dataset.labels import is_background
from tinygesture.detector import Event
from tinygesture.detector.runs import events
from tinygesture.evaluation.events import figures
from tinygesture.evaluation.host import HostModel
from tinygesture.evaluation.matching import Match, Reported, match
from tinygesture.export.bundle import Bundle

Told = Callable[[int], None]  # how many samples are past


class Heard(NamedTuple):
    """probabilities: int8[steps, labels]; events: their times on the clock of the recording."""

    probabilities: Int8
    events: list[Event]


Listen = Callable[[Int64, Int16, Told], Heard]  # a recording at its own rate


class HostListener:
    """What a board hears: from reset, and again from reset after each gap."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self.model = HostModel(bundle)

    def __call__(self, t_us: Int64, counts: Int16, told: Told = lambda samples: None) -> Heard:
        """t_us int64[N], counts int16[N, 6]: a recording at its own rate."""
        bundle = self._bundle
        rows: list[Int8] = [np.zeros((0, len(bundle.labels)), np.int8)]
        found: list[Event] = []
        for part in stretches(t_us):
            [stretch] = resample(t_us[part], counts[part])
            begin, begin_us = part.start, int(t_us[part.start])
            each = (part.stop - begin) / len(stretch)  # samples of the recording for one of these

            def past(samples: int, begin: int = begin, each: float = each) -> None:
                told(begin + int(samples * each))

            rows.append(self.model.predict(stretch, past))
            for event in events(bundle.detector, rows[-1], bundle.window, bundle.hop):
                start_us, end_us = begin_us + event.start_us, begin_us + event.end_us
                found.append(replace(event, start_us=start_us, end_us=end_us))
        return Heard(np.concatenate(rows), found)


def reported_labels(bundle: Bundle) -> list[str]:
    """Those that the model's detector reports: all but background."""
    background = bundle.detector.background
    return [label for i, label in enumerate(bundle.labels) if not background >> i & 1]


def evaluate_events(
    bundle: Bundle,
    dataset: Dataset,
    entries: Sequence[Entry],
    listen: Listen,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> dict[str, Any]:
    """`figures` of these continuous recordings, as if one followed the other.

    Also "recordings", "gaps" in them, and "unknown_labels": intervals of gestures that the model
    does not know, by label.
    """
    reported = reported_labels(bundle)
    matches: list[Match[Reported]] = []
    lasted_us, gaps, past = 0, 0, 0
    total = sum(entry.samples for entry in entries)
    for entry in entries:

        def told(samples: int, before: int = past) -> None:
            progress("listening", 100 * (before + samples) // total, 100)

        recording = dataset.load(entry)
        performed = dataset.intervals_within(entry, recording)
        heard = listen(recording.t_us, recording.counts, told)
        told(entry.samples)
        found = [
            Reported(bundle.labels[one.label], one.confidence / 256, one.start_us, one.end_us)
            for one in heard.events
        ]
        matches.append(match(performed, found, reported))
        parts = stretches(recording.t_us)
        lasted_us += sum(_lasted_us(recording.t_us[part]) for part in parts)
        gaps += len(parts) - 1
        past += entry.samples
    counts = Counter(one.performed.label for of in matches for one in of.outcomes)
    return {
        "recordings": len(entries),
        **figures(matches, reported, lasted_us / 3.6e9),
        "gaps": gaps,
        "unknown_labels": {
            label: count
            for label, count in sorted(counts.items())
            if label not in bundle.labels and not is_background(label)
        },
    }


def _lasted_us(t_us: Int64) -> int:
    return int(t_us[-1] - t_us[0]) + CANONICAL_PERIOD_US

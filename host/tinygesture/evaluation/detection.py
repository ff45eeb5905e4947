"""How a detector does: recordings with background between them, and hours of background alone.

The background is that of virtual people, so whatever is said of false events is synthetic.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinygesture.contract import Int8, Int16
from tinygesture.detector import AS_GIVEN, DetectorConfig, Event
from tinygesture.detector.choice import Answers, Choice, choices
from tinygesture.detector.runs import events
from tinygesture.evaluation.events import figures
from tinygesture.evaluation.matching import TOLERANCE_US, Match, Reported, match
from tinygesture.evaluation.reliability import of_events
from tinygesture.evaluation.statistics import rate
from tinygesture.evaluation.streams import Stream, spliced
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.background import background
from tinygesture.training.examples import Example, background_indices

ROUNDS = 3  # streams of the same recordings, each in another order at other phases

Predict = Callable[[Int16], Int8]  # canonical samples from reset -> int8[steps, labels]


@dataclass(frozen=True)
class Scenes:
    """streams: every recording ROUNDS times, with background between; quiet: background alone,
    canonical int16[M, 6] each."""

    streams: list[Stream]
    quiet: Sequence[Int16]

    @classmethod
    def of(
        cls,
        examples: Sequence[Example],
        labels: Sequence[str],
        people: range,
        hours: float,
        seed: int,
    ) -> "Scenes":
        quiet = background(60 * hours, people, seed)
        rng = np.random.default_rng(seed)
        return cls([spliced(examples, labels, quiet, rng) for _ in range(ROUNDS)], quiet)


@dataclass(frozen=True)
class Trial:
    """What a model makes of scenes: probabilities int8[steps, labels] of each stream."""

    labels: Sequence[str]
    window: int
    hop: int
    streams: list[tuple[Stream, Int8]]
    quiet: list[Int8]

    @classmethod
    def of(
        cls,
        scenes: Scenes,
        predict: Predict,
        labels: Sequence[str],
        arch: Architecture,
        advance: Callable[[int, int], None] = lambda done, total: None,
    ) -> "Trial":
        answers = []
        stretches = [*(stream.counts for stream in scenes.streams), *scenes.quiet]
        for done, counts in enumerate(stretches):
            advance(done, len(stretches))
            answers.append(predict(counts))
        advance(len(stretches), len(stretches))
        rounds = len(scenes.streams)
        streams = list(zip(scenes.streams, answers[:rounds], strict=True))
        return cls(labels, arch.window, arch.hop, streams, answers[rounds:])

    def choices(self) -> list[Choice]:
        """What detectors can do here, for `pick`."""
        quiet = background_indices(self.labels)
        answers = []
        for stream, probabilities in self.streams:
            rows = [
                (self.labels.index(label), from_us, to_us + TOLERANCE_US)
                for label, from_us, to_us in stream.intervals
                if self.labels.index(label) not in quiet
            ]
            label, from_us, due_us = np.array(rows, np.int64).reshape(-1, 3).T
            answers.append(Answers(probabilities, label, from_us, due_us))
        bits = sum(1 << i for i in quiet)
        return choices(answers, self.quiet, bits, self.window, self.hop)

    def doubting(self, config: DetectorConfig) -> DetectorConfig:
        """The same detector, whose doubt is that which these streams give reason for.

        Doubt is so many times what the probabilities leave for other labels as makes the mean
        confidence the share of events that are right. A detector that reports as soon as it can
        sees low probabilities of what is hardly ever wrong. The ROUNDS tell of the same recordings,
        so an error that the probabilities expect, and that there is, is added in each.
        """
        plain = replace(config, doubt=AS_GIVEN)
        judged = of_events(self._matches(plain))
        if not judged["events"]:
            return plain
        wrong = judged["events"] * (1 - judged["accuracy"])
        expected = judged["events"] * (1 - judged["confidence"])
        times = (wrong + ROUNDS) / (expected + ROUNDS)
        return replace(config, doubt=min(round(times * AS_GIVEN), 255))

    def figures(self, config: DetectorConfig) -> dict[str, Any]:
        """`figures` of the streams, their "reliability" (`of_events`), and "background": {"hours",
        "false", "false_per_hour", "false_per_hour_upper" (95 %)} of background alone."""
        matches = self._matches(config)
        false = sum(len(self._reported(config, probabilities)) for probabilities in self.quiet)
        hours = sum(map(len, self.quiet)) * self.hop / 360_000
        found = rate(false, hours)
        return {
            **figures(matches, self._gestures(), sum(stream.hours for stream, _ in self.streams)),
            "reliability": of_events(matches),
            "background": {
                "hours": hours,
                "false": false,
                "false_per_hour": found.value,
                "false_per_hour_upper": found.upper,
            },
        }

    def _matches(self, config: DetectorConfig) -> list[Match[Reported]]:
        return [
            match(stream.intervals, self._reported(config, probabilities), self._gestures())
            for stream, probabilities in self.streams
        ]

    def _gestures(self) -> list[str]:
        quiet = background_indices(self.labels)
        return [label for i, label in enumerate(self.labels) if i not in quiet]

    def _reported(self, config: DetectorConfig, probabilities: Int8) -> list[Reported]:
        found = events(config, probabilities, self.window, self.hop)
        return [reported(event, self.labels) for event in found]


def reported(event: Event, labels: Sequence[str]) -> Reported:
    return Reported(labels[event.label], event.confidence / 256, event.start_us, event.end_us)

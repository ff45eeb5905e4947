"""How well does a board recognise a performance? Found out while it lasts, in constant memory."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tinygesture.cli.monitor import Gesture
from tinygesture.dataset import Interval
from tinygesture.evaluation.matching import Matcher, Outcome, Surplus

ON_THE_WAY_US = 300_000  # from when an event was due until it has certainly come


class Score:
    """Feed it events as they come.

    recognised of gestures: those whose label the board's model knows. false: events by what was
    performed meanwhile; duplicates apart.
    """

    def __init__(self, truth: Iterator[Interval], labels: frozenset[str]) -> None:
        """truth: by their beginning; labels: those that the board can report."""
        self.gestures = 0
        self.recognised = 0
        self.duplicates = 0
        self.false: Counter[str] = Counter()
        self._matcher: Matcher[Gesture] = Matcher(truth, labels)

    def begun(self, now_us: int) -> Iterator[Interval]:
        """What has begun until now, each once."""
        return self._matcher.begun(now_us)

    def hear(self, event: Gesture) -> Surplus[Gesture] | None:
        """None where the event is a recognition."""
        surplus = self._matcher.hear(event)
        if surplus and surplus.duplicate:
            self.duplicates += 1
        elif surplus:
            self.false[surplus.during] += 1
        return surplus

    def settled(self, now_us: int) -> Iterator[Outcome[Gesture]]:
        """What has ended so long ago that no event can come for it any more, each once."""
        for outcome in self._matcher.settled(now_us - ON_THE_WAY_US):
            self.gestures += outcome.known
            self.recognised += outcome.event is not None
            yield outcome

    def over(self) -> bool:
        """Everything was performed, and is settled."""
        return self._matcher.over()

    def figures(self) -> dict[str, Any]:
        return {
            "gestures": self.gestures,
            "recognised": self.recognised,
            "false": sum(self.false.values()),
            "false_during": dict(self.false),
            "duplicates": self.duplicates,
        }

"""How well does a board recognise a performance? Found out while it lasts, in constant memory."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tinygesture.cli.matching import LATE_S, Performed
from tinygesture.cli.monitor import Gesture

ON_THE_WAY_S = 0.3  # from when an event was due until it has certainly come
PAUSE = "a pause"


@dataclass
class Outcome:
    """What became of something that was performed. known: the board's model has its label."""

    performed: Performed
    known: bool
    event: Gesture | None = None


class Score:
    """Feed it events as they come, with the rules of `matching.match`.

    seconds: when the last thing that is known of is over. recognised of gestures: those whose
    label the board's model knows. false: events for which there was none, by what was performed
    meanwhile.
    """

    def __init__(self, truth: Iterator[Performed], labels: frozenset[str]) -> None:
        """truth: by their beginning; labels: those that the board can report."""
        self.gestures = 0
        self.recognised = 0
        self.false: Counter[str] = Counter()
        self.seconds = 0.0
        self._truth = truth
        self._labels = labels
        self._pending: deque[Outcome] = deque()
        self._next = next(truth, None)

    def begun(self, now_s: float) -> Iterator[Performed]:
        """What has begun until now, each once."""
        while self._next is not None and self._next.start_s <= now_s:
            performed = self._next
            self._pending.append(Outcome(performed, performed.label in self._labels))
            self.seconds = max(self.seconds, performed.end_s)
            self._next = next(self._truth, None)
            yield performed

    def hear(self, event: Gesture) -> str | None:
        """Where the event is false: what was performed meanwhile, or PAUSE."""
        meanwhile = PAUSE
        for outcome in self._pending:
            performed = outcome.performed
            if performed.start_s <= event.end_s <= performed.end_s + LATE_S:
                if outcome.event is None and performed.label == event.label:
                    outcome.event = event
                    return None
                meanwhile = performed.label
        self.false[meanwhile] += 1
        return meanwhile

    def settled(self, now_s: float) -> Iterator[Outcome]:
        """What has ended so long ago that no event can come for it any more, each once."""
        while self._pending:
            outcome = self._pending[0]
            if outcome.performed.end_s + LATE_S + ON_THE_WAY_S > now_s:
                return
            self._pending.popleft()
            self.gestures += outcome.known
            self.recognised += outcome.event is not None
            yield outcome

    def over(self) -> bool:
        """Everything was performed, and is settled."""
        return self._next is None and not self._pending

    def figures(self) -> dict[str, Any]:
        return {
            "gestures": self.gestures,
            "recognised": self.recognised,
            "false": sum(self.false.values()),
            "false_during": dict(self.false),
        }

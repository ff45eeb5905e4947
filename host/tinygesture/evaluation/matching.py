"""Which of the gestures that were performed were recognised? One rule for every command.

A gesture takes the first event of its label that is reported while it lasts, or up to TOLERANCE_US
later. A further one is a duplicate. Every other event is false: another label, too early, too late,
or nothing performed.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from tinygesture.dataset.intervals import Interval

TOLERANCE_US = 500_000
PAUSE = "a pause"


class Reported(NamedTuple):
    """An event: when its label came on top, and when it was reported. confidence: 0..1."""

    label: str
    confidence: float
    start_us: int
    end_us: int


class _Reported(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def end_us(self) -> int: ...


E = TypeVar("E", bound=_Reported)


@dataclass
class Outcome(Generic[E]):
    """What became of something that was performed. known: its label is one that is reported."""

    performed: Interval
    known: bool
    event: E | None = None


class Surplus(NamedTuple, Generic[E]):
    """An event that is no recognition. during: what was performed meanwhile, or PAUSE."""

    event: E
    during: str
    duplicate: bool


class Matcher(Generic[E]):
    """Matches while it lasts, in constant memory.

    Say what has `begun` before the events that are reported until then, in their order.
    """

    def __init__(
        self, truth: Iterable[Interval], labels: Iterable[str], tolerance_us: int = TOLERANCE_US
    ) -> None:
        """truth: by their beginning; labels: those that are reported, which makes them gestures."""
        self._truth = iter(truth)
        self._labels = frozenset(labels)
        self._tolerance_us = tolerance_us
        self._pending: deque[Outcome[E]] = deque()
        self._next = next(self._truth, None)

    def begun(self, now_us: int) -> Iterator[Interval]:
        """What has begun until now, each once."""
        while self._next is not None and self._next.start_us <= now_us:
            performed = self._next
            self._pending.append(Outcome(performed, performed.label in self._labels))
            self._next = next(self._truth, None)
            yield performed

    def hear(self, event: E) -> Surplus[E] | None:
        """None where the event is a recognition."""
        during, duplicate = PAUSE, False
        for outcome in self._pending:
            label, start_us, end_us = outcome.performed
            if start_us <= event.end_us <= end_us + self._tolerance_us:
                if label == event.label and outcome.event is None:
                    outcome.event = event
                    return None
                duplicate |= label == event.label
                during = label
        return Surplus(event, event.label if duplicate else during, duplicate)

    def settled(self, now_us: int) -> Iterator[Outcome[E]]:
        """What ended so long before now that no event can come for it any more, each once."""
        while self._pending and self._pending[0].performed.end_us + self._tolerance_us < now_us:
            yield self._pending.popleft()

    def over(self) -> bool:
        """Everything was performed, and is settled."""
        return self._next is None and not self._pending


@dataclass(frozen=True)
class Match(Generic[E]):
    """outcomes: of all that was performed, by its beginning; surplus: the events left over."""

    outcomes: list[Outcome[E]]
    surplus: list[Surplus[E]]


def match(
    intervals: Sequence[Interval],
    events: Sequence[E],
    labels: Iterable[str],
    tolerance_us: int = TOLERANCE_US,
) -> Match[E]:
    """labels: those that are reported, which makes their intervals gestures."""
    ordered = sorted(intervals, key=lambda one: one.start_us)
    matcher: Matcher[E] = Matcher(ordered, labels, tolerance_us)
    outcomes: list[Outcome[E]] = []
    surplus: list[Surplus[E]] = []
    for event in sorted(events, key=lambda one: one.end_us):
        for _ in matcher.begun(event.end_us):
            pass
        outcomes += matcher.settled(event.end_us)
        if left_over := matcher.hear(event):
            surplus.append(left_over)
    for _ in matcher.begun(2**63):
        pass
    return Match([*outcomes, *matcher.settled(2**63)], surplus)

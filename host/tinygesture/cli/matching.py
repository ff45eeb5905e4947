"""Which of the gestures that were performed did the board recognise?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tinygesture.cli.monitor import Gesture

LATE_S = 0.5  # an event may come this long after its gesture has ended


@dataclass(frozen=True)
class Performed:
    """What was performed, in seconds on the board's clock."""

    label: str
    start_s: float
    end_s: float


@dataclass
class Match:
    """recognised: for each performed gesture its event, or None; false: the events left over."""

    performed: Sequence[Performed]
    recognised: list[Gesture | None]
    false: list[Gesture] = field(default_factory=list)

    @property
    def hits(self) -> int:
        return sum(event is not None for event in self.recognised)


def match(performed: Sequence[Performed], events: Sequence[Gesture]) -> Match:
    """Each gesture takes the first event of its label that was reported while it lasted, or up to
    LATE_S later. Every other event is false: another label, a second event, nothing performed.
    """
    result = Match(performed, [None] * len(performed))
    for event in events:
        for i, gesture in enumerate(performed):
            due = gesture.start_s <= event.end_s <= gesture.end_s + LATE_S
            if due and event.label == gesture.label and result.recognised[i] is None:
                result.recognised[i] = event
                break
        else:
            result.false.append(event)
    return result

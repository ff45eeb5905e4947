"""One moment of recording, as a view shows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from tinygesture.cli.capturing.listener import Listener
from tinygesture.contract import Int16, Int64
from tinygesture.link import CueKind


class Phase(StrEnum):
    """What the person should do now."""

    READY = "get ready"
    GO = "GO"
    STILL = "hold still"
    MOVE = "now move"
    MOVING = "in motion"
    ROLLING = "recording"


CUES = {
    Phase.READY: CueKind.READY,
    Phase.GO: CueKind.GO,
    Phase.STILL: CueKind.READY,
    Phase.MOVE: CueKind.GO,
    Phase.MOVING: CueKind.GO,
    Phase.ROLLING: CueKind.NONE,
}


@dataclass(frozen=True)
class Moment:
    """What is going on while somebody gets ready for a gesture, or performs it.

    elapsed_s of length_s (0: nobody knows how long); t_us int64[n], counts int16[n, 6]: what is
    recorded so far, or the last seconds before that. rate_hz: over the last second; lost, damaged:
    of the whole session; clips: now.
    """

    phase: Phase
    elapsed_s: float
    length_s: float
    t_us: Int64
    counts: Int16
    rate_hz: float
    lost: int
    damaged: int
    clips: bool

    @classmethod
    def of(
        cls,
        listener: Listener,
        phase: Phase,
        time_s: tuple[float, float],
        signal: tuple[Int64, Int16],
    ) -> Self:
        """time_s: elapsed_s and length_s; signal: t_us and counts."""
        return cls(
            phase,
            *time_s,
            *signal,
            listener.rate_hz,
            listener.lost,
            listener.damaged,
            listener.clips,
        )

"""The serial link: bytes <-> frames <-> messages <-> a session with a board."""

from tinygesture.link.injection import Answers, run_through
from tinygesture.link.messages import (
    Cue,
    CueKind,
    Error,
    GestureEvent,
    Info,
    Log,
    Probabilities,
    Samples,
    Statistics,
    Stream,
)
from tinygesture.link.pushing import PUSHED, push, remove
from tinygesture.link.samples import Gap, SampleTracker
from tinygesture.link.session import LinkLost, Session, open_session

__all__ = [
    "PUSHED",
    "Answers",
    "Cue",
    "CueKind",
    "Error",
    "Gap",
    "GestureEvent",
    "Info",
    "LinkLost",
    "Log",
    "Probabilities",
    "SampleTracker",
    "Samples",
    "Session",
    "Statistics",
    "Stream",
    "open_session",
    "push",
    "remove",
    "run_through",
]

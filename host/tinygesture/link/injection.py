"""Samples from the host through the board's pipeline, instead of its IMU."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from tinygesture.contract import CANONICAL_PERIOD_US, Int8, Int16, Int64, modular_us
from tinygesture.link import messages as m
from tinygesture.link.fields import MAX_BATCH, MAX_STEP_US
from tinygesture.link.session import LinkLost, Session

FRAMES_UNDER_WAY = 4
ANSWER_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Answers:
    """What a board makes of samples: probabilities int8[steps, labels], and gesture events.

    The times of events are on the clock of the samples, which the board's wraps at 32 bits.
    """

    probabilities: Int8
    events: list[m.GestureEvent]


def run_through(
    session: Session,
    counts: Int16,
    t_us: Int64 | None = None,
    progress: Callable[[int], None] = lambda samples: None,
) -> Answers:
    """Plays samples through the board from reset; progress is told how many it has taken.

    counts int16[n, 6] with times t_us int64[n] in µs; without t_us they are canonical samples.
    Raises LinkLost where the board does not take every sample or an answer is missing.
    """
    times = np.arange(len(counts)) * CANONICAL_PERIOD_US if t_us is None else t_us
    session.stream(m.Stream.PROBABILITIES | m.Stream.EVENTS)
    session.send(m.Inject(m.InjectFlag.BEGIN, times[:0], counts[:0]))
    _await_answer(session, 0, None)  # what comes before it belongs to the IMU
    heard = _Heard(times)
    under_way: deque[int] = deque()
    for begin, end in pairwise(_batch_bounds(times)):
        flags = m.InjectFlag.END if end == len(times) else m.InjectFlag(0)
        session.send(m.Inject(flags, times[begin:end], counts[begin:end]))
        under_way.append(end)
        if len(under_way) == FRAMES_UNDER_WAY:
            progress(under_way[0])
            _await_answer(session, under_way.popleft(), heard)
    while under_way:
        _await_answer(session, under_way.popleft(), heard)
    rows = np.array(heard.outputs, np.int8).reshape(-1, len(session.info.labels))
    return Answers(rows, heard.events)


def _batch_bounds(t_us: Int64) -> list[int]:
    bounds = [0]
    for i in range(1, len(t_us)):
        if i - bounds[-1] == MAX_BATCH or not 0 <= t_us[i] - t_us[i - 1] <= MAX_STEP_US:
            bounds.append(i)
    return [*bounds, len(t_us)]


@dataclass
class _Heard:
    times: Int64
    outputs: list[Int8] = field(default_factory=list)
    events: list[m.GestureEvent] = field(default_factory=list)

    def take(self, event: m.GestureEvent, total: int) -> None:
        """An event that came before the answer that counts `total` samples."""
        now = int(self.times[total - 1])
        start, end = (now - modular_us(now, at) for at in (event.start_us, event.end_us))
        self.events.append(replace(event, start_us=start, end_us=end))


def _await_answer(session: Session, total: int, heard: _Heard | None) -> None:
    """Reads up to the answer that counts `total` samples; heard None: passes over the others."""
    deadline = time.monotonic() + ANSWER_TIMEOUT_S  # the IMU's outputs come on without an answer
    for message in session.messages(ANSWER_TIMEOUT_S):
        if isinstance(message, m.Probabilities) and heard:
            if message.step != len(heard.outputs):
                raise _incomplete(session, f"output {len(heard.outputs)} is missing")
            heard.outputs.append(message.values)
        elif isinstance(message, m.GestureEvent) and heard:
            if heard.events and message.number != (heard.events[-1].number + 1) % 2**16:
                raise _incomplete(session, "an event is missing")
            heard.take(message, total)
        elif isinstance(message, m.Error) and message.code != m.ErrorCode.IMU:
            raise LinkLost(f"{session.name} refused the samples: {message.text}.")
        elif isinstance(message, m.Injected):
            if message.total != total:
                raise _incomplete(session, f"it took {message.total} samples of {total}")
            return
        if time.monotonic() > deadline:
            raise _incomplete(session, "an answer is missing")


def _incomplete(session: Session, what: str) -> LinkLost:
    return LinkLost(
        f"Samples sent through {session.name} were damaged on the link: {what}. Try again; if it "
        "happens often, use another cable or USB port."
    )

"""What a model hears of streams: on the host, and on virtual boards beside it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import numpy as np
from methods import Task

from tinygesture import boards
from tinygesture.cli.verification import compare, compare_events
from tinygesture.contract import CANONICAL_RATE_HZ, Int8, Int16, resample
from tinygesture.dataset import Dataset
from tinygesture.detector import Event
from tinygesture.detector.runs import events
from tinygesture.evaluation.host import HostModel
from tinygesture.evaluation.streams import spliced
from tinygesture.export.bundle import Bundle
from tinygesture.link import run_through
from tinygesture.training.background import TEST_PEOPLE, background

PEOPLE_AN_HOUR = 4
# What the emulated board hears, too: it is about as slow as a real one.
SHARE_OF_BACKGROUND, SHARE_OF_GESTURES = 0.01, 0.2


class Heard(NamedTuple):
    probabilities: Int8
    events: list[Event]


class Listen(Protocol):
    def __call__(self, counts: Int16, share: float = SHARE_OF_BACKGROUND) -> Heard:
        """Canonical samples int16[M, 6], from reset; share: what the emulated board gets of it."""
        ...


@contextmanager
def listening(
    bundle: Bundle, board: str | None
) -> Iterator[tuple[Listen, dict[str, dict[str, int]]]]:
    """The host listens; or beside it the virtual board, and to a part the emulated one."""
    model = HostModel(bundle)
    compared: dict[str, dict[str, int]] = {}

    def host(counts: Int16) -> Heard:
        rows = model.predict(counts)
        return Heard(rows, events(bundle.detector, rows, bundle.window, bundle.hop))

    with ExitStack() as stack:
        sessions = {}
        for name in [board, "cm4"] if board else []:
            kind = boards.VIRTUAL_BOARDS[name]
            program = quote(str(boards.build(kind, bundle.path).program))
            sessions[name] = stack.enter_context(boards.connect(f"sim://{name}?firmware={program}"))

        def beside(counts: Int16, share: float = SHARE_OF_BACKGROUND) -> Heard:
            heard = host(counts)
            for name, session in sessions.items():
                part = round((1.0 if name == board else share) * len(counts))
                expected = heard if part == len(counts) else host(counts[:part])
                told = run_through(session, counts[:part])
                result = compare(told.probabilities, expected.probabilities)
                result += compare_events(told.events, expected.events)
                known = compared.setdefault(name, {"vectors": 0, "equal": 0})
                known["vectors"] += result.vectors
                known["equal"] += result.equal
            return heard

        yield beside, compared


def between_background(task: Task) -> Int16:
    """The test recordings as a stream."""
    quiet = background(1.0, TEST_PEOPLE, seed=1)
    return spliced(task.test, task.labels, quiet, np.random.default_rng(1)).counts


def in_background(listen: Listen, fold: int, hours: float) -> dict[str, Any]:
    """False events in hours of people who are in no other fold, and in nothing else."""
    count = max(round(PEOPLE_AN_HOUR * hours), 1)
    first = TEST_PEOPLE.stop + fold * count
    samples, false = 0, 0
    for counts in background(60 * hours, range(first, first + count), seed=1):
        samples += len(counts)
        false += len(listen(counts).events)
    return {"hours": samples / CANONICAL_RATE_HZ / 3600, "false": false}


def in_unknown(listen: Listen, bundle: Bundle, unknown: Dataset) -> dict[str, Any]:
    """Of each kind of motion that the model does not know: how long it was, and the events."""
    seconds: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for entry in unknown.entries + unknown.continuous:
        recording = unknown.load(entry)
        intervals = unknown.intervals(entry)
        kind = intervals[0].label if intervals else entry.label
        for counts in resample(recording.t_us, recording.counts):
            if len(counts) >= bundle.window:
                seconds[kind] += len(counts) // CANONICAL_RATE_HZ
                told[kind] += len(listen(counts).events)
    return {kind: {"seconds": seconds[kind], "events": told[kind]} for kind in seconds}

"""Does a board compute exactly what the host computes?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinygesture.boards import BOARDS
from tinygesture.contract import Int8, Int16, Int64
from tinygesture.detector import Event
from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle
from tinygesture.link import GestureEvent, Session, run_through


@dataclass(frozen=True)
class Comparison:
    """vectors: outputs compared, probabilities int8[labels] and events; equal: those without any
    difference."""

    vectors: int = 0
    equal: int = 0

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(self.vectors + other.vectors, self.equal + other.equal)

    @property
    def passed(self) -> bool:
        return 0 < self.vectors == self.equal


def check_model(session: Session, bundle: Bundle) -> None:
    """Raises UserError where the board does not run this bundle's model."""
    info = session.info
    if info.model_id == bundle.model_id:
        return
    flash = f" or with `tinygesture flash {bundle.name} --board {info.board}`"
    runs = f"the model {info.model} ({info.model_id})" if info.model_id else "no model"
    raise UserError(
        f"{session.name} runs {runs}, and {bundle.path} is {bundle.model_id}. Put it on the board "
        f"with `tinygesture push {bundle.name} --keep --port {session.name}`"
        f"{flash if info.board in BOARDS else ''}, or name the model there."
    )


def compare(device: Int8, host: Int8) -> Comparison:
    """Outputs int8[steps, labels] of both sides; a step that one side lacks is a difference."""
    steps = min(len(device), len(host))
    equal = int(np.all(device[:steps] == host[:steps], axis=1).sum())
    return Comparison(max(len(device), len(host)), equal)


def compare_events(device: Sequence[GestureEvent], host: Sequence[Event]) -> Comparison:
    """Events of both sides in their order; one that a side lacks is a difference."""
    told = events_of(device)
    equal = sum(a == b for a, b in zip(told, host, strict=False))
    return Comparison(max(len(told), len(host)), equal)


def events_of(device: Sequence[GestureEvent]) -> list[Event]:
    """What a board told, as the host's detector says it."""
    return [Event(one.label, one.confidence, one.start_us, one.end_us) for one in device]


def compare_golden(
    session: Session, bundle: Bundle, report: Callable[[str], None] = lambda line: None
) -> Comparison:
    """Plays the bundle's golden vectors through the board."""
    total = Comparison()
    for number, sequence in enumerate(bundle.golden, start=1):
        report(f"sequence {number} of {len(bundle.golden)}")
        counts = np.array(sequence["counts"], np.int16)
        expected = np.array(sequence["probabilities"], np.int8)
        answers = run_through(session, counts)
        total += compare(answers.probabilities, expected)
        total += compare_events(answers.events, [Event(*row) for row in sequence["events"]])
    return total


def compare_shortest(session: Session, bundle: Bundle) -> Comparison:
    """Plays the shortest of the bundle's golden vectors through the board."""
    shortest = min(bundle.golden, key=lambda sequence: len(sequence["counts"]))
    device = run_through(session, np.array(shortest["counts"], np.int16)).probabilities
    return compare(device, np.array(shortest["probabilities"], np.int8))


def compare_recording(session: Session, bundle: Bundle, t_us: Int64, counts: Int16) -> Comparison:
    """Plays a recording at its own rate through the board, whose resampler joins in.

    After a gap both sides begin from reset.
    """
    from tinygesture.evaluation.continuous import HostListener

    host = HostListener(bundle)(t_us, counts)
    answers = run_through(session, counts, t_us)
    outputs = compare(answers.probabilities, host.probabilities)
    return outputs + compare_events(answers.events, host.events)


def recording(path: Path | None) -> tuple[Int64, Int16]:
    """A recording's t_us int64[n] and counts int16[n, 6]; None: a synthetic performance."""
    if path is not None:
        from tinygesture.dataset import read_csv

        return read_csv(path)
    from tinygesture.synth import BASIC, perform

    made = perform([(label, 1.5) for label in BASIC], subject=1, seed=1)
    return made.t_us, made.counts

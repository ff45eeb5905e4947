"""A whole data set through a board, beside the host, and what the board measures meanwhile."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tinygesture.cli import measuring
from tinygesture.cli.verification import (
    Comparison,
    check_model,
    compare,
    compare_events,
    events_of,
)
from tinygesture.contract import Int8, Int16, Int64
from tinygesture.export.bundle import Bundle
from tinygesture.link import Session, run_through

if TYPE_CHECKING:
    from tinygesture.evaluation.continuous import Heard, HostListener


class Device:
    """Give its `predict` and `listen` to an evaluation, then let it `measure`.

    Without a host, nothing is compared. Raises UserError where the board does not run the bundle's
    model.
    """

    def __init__(self, board: Session, bundle: Bundle, host: "HostListener | None") -> None:
        check_model(board, bundle)
        self._board = board
        self._host = host
        self._compared = Comparison()
        self._compared_events = Comparison()
        self._measured: measuring.Measured | None = None

    @property
    def same(self) -> bool:
        both = self._compared + self._compared_events
        return both.equal == both.vectors

    def predict(self, counts: Int16) -> Int8:
        """Canonical samples int16[M, 6] -> the board's probabilities int8[steps, labels]."""
        outputs = run_through(self._board, counts).probabilities
        if self._host is not None:
            self._compared += compare(outputs, self._host.model.predict(counts))
        return outputs

    def listen(self, t_us: Int64, counts: Int16, told: Callable[[int], None]) -> "Heard":
        """A recording at its own rate, t_us int64[N], counts int16[N, 6]."""
        from tinygesture.evaluation.continuous import Heard

        answers = run_through(self._board, counts, t_us, told)
        if self._host is not None:
            host = self._host(t_us, counts)
            self._compared += compare(answers.probabilities, host.probabilities)
            self._compared_events += compare_events(answers.events, host.events)
        return Heard(answers.probabilities, events_of(answers.events))

    def measure(self) -> None:
        self._measured = measuring.measure(self._board)

    @property
    def json(self) -> dict[str, Any]:
        measured = asdict(self._measured) if self._measured else {}
        return {
            "vectors": self._compared.vectors,
            "equal": self._compared.equal,
            "events": self._compared_events.vectors,
            "events_equal": self._compared_events.equal,
            **measured,
        }

    @property
    def sentences(self) -> list[str]:
        compared = self._compared
        lines = [f"{compared.equal} of {compared.vectors} outputs are equal to the host's."]
        if (of_events := self._compared_events).vectors:
            lines.append(f"{of_events.equal} of {of_events.vectors} events are, too.")
        if self._host is None:
            lines = ["The host's outputs were not computed: tflite-micro is not installed here."]
        return lines + (measuring.sentences(self._board, self._measured) if self._measured else [])

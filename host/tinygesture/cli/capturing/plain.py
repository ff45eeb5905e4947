"""What `capture` says where there is no terminal: one line per recording."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

from tinygesture.cli.capturing.moment import Moment, Phase
from tinygesture.cli.capturing.words import Progress, Review
from tinygesture.cli.output import Output

SAID = {
    Phase.READY: "get ready ... ",
    Phase.GO: "go ... ",
    Phase.STILL: "hold still ... ",
    Phase.MOVE: "now move ... ",
    Phase.MOVING: "recording ... ",
    Phase.ROLLING: "recording ... ",
}


class PlainView(AbstractContextManager["PlainView"]):
    def __init__(self, out: Output) -> None:
        self._out = out
        self._line_is_open = False
        self._phase: Phase | None = None

    def __exit__(self, *error: object) -> None:
        self._end_line()

    def announce(self, title: str, progress: Sequence[Progress]) -> None:
        self._end_line()
        self._out.say(f"{title}: ", end="")
        self._phase = None
        self._line_is_open = True

    def show(self, moment: Moment | None) -> None:
        if moment and self._phase != moment.phase:
            self._phase = moment.phase
            self._out.say(SAID.get(moment.phase, ""), end="")

    def ask(self, review: Review | None) -> None:
        """Nobody is there to answer."""

    def saved(self, review: Review) -> None:
        if not self._line_is_open:
            self._out.say(f"{review.title}: ", end="")
        self._out.say("; ".join([review.figures, *review.faults]))
        self._line_is_open = False

    def say(self, sentence: str) -> None:
        self._end_line()
        self._out.say(sentence)

    warn = say

    def bell(self) -> None:
        """Nobody is there to hear it."""

    def _end_line(self) -> None:
        if self._line_is_open:
            self._out.say("")
            self._line_is_open = False

"""What somebody has marked in a recording, and what each key does to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from tinygesture.cli.capturing.keys import BACKSPACE, DOWN, ENTER, ESCAPE, LEFT, RIGHT, UP
from tinygesture.cli.labelling.proposals import Span
from tinygesture.dataset import Interval
from tinygesture.dataset.recording import is_name

STEP_US, LEAP_US = 20_000, 200_000  # of an edge
SHORTEST_US = 50_000
INSERTED_US = 1_000_000
VIEWS_US = tuple(seconds * 1_000_000 for seconds in (2, 4, 8, 16, 32, 64))
KEYS = tuple("123456789")  # of the first labels
NOTHING = "background"  # the label of a recording in which nothing was performed


class Mode(Enum):
    CHOOSE = auto()
    BEGIN = auto()  # its edge is moved
    END = auto()
    NAME = auto()  # a label is typed
    NOTHING = auto()  # is the whole recording background?
    OVER = auto()


class _State(NamedTuple):
    marks: tuple[Interval, ...]
    chosen: int


@dataclass
class Marking:
    """marks: by their beginning; a proposal has the label "". labels: those with a key, from 1.

    length_us: of the recording; view: (beginning, length) of what is looked at, in µs; typed: of
    the label that is being typed; notice: what was wrong with the latest key.
    """

    length_us: int
    labels: list[str]
    marks: tuple[Interval, ...] = ()
    chosen: int = 0
    mode: Mode = Mode.CHOOSE
    typed: str = ""
    notice: str = ""
    view: Span = (0, VIEWS_US[2])
    _latest: str = ""  # the label that was given last
    _history: list[_State] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        length_us: int,
        labels: Sequence[str],
        marked: Sequence[Interval],
        proposed: Sequence[Span],
    ) -> "Marking":
        """At the first proposal that is behind everything marked, so that work goes on there."""
        free = [
            Interval("", begin, end)
            for begin, end in proposed
            if not any(one.start_us < end and begin < one.end_us for one in marked)
        ]
        marks = tuple(sorted([*marked, *free], key=lambda one: one.start_us))
        named = [at for at, one in enumerate(marks) if one.label]
        next_one = named[-1] + 1 if named else 0
        marking = cls(length_us, [*labels], marks)
        marking._choose(next_one if next_one < len(marks) else len(marks) - 1)
        return marking

    @property
    def named(self) -> list[Interval]:
        """What is saved."""
        return [one for one in self.marks if one.label]

    @property
    def current(self) -> Interval | None:
        return self.marks[self.chosen] if self.marks else None

    def count(self, label: str) -> int:
        return Counter(one.label for one in self.marks)[label]

    def press(self, key: str) -> None:
        """A key as `Keys.typed` tells it."""
        self.notice = ""
        match self.mode:
            case Mode.NAME:
                self._type(key)
            case Mode.BEGIN | Mode.END:
                self._move(key)
            case Mode.NOTHING:
                self._answer(key)
            case _:
                self._command(key)

    def _command(self, key: str) -> None:
        if key in (LEFT, RIGHT):
            self._choose(self.chosen + (1 if key == RIGHT else -1))
        elif key in (",", "."):
            self._look(self.view[0] + self.view[1] // 2 * (1 if key == "." else -1))
        elif key in ("+", "-"):
            self._zoom(VIEWS_US.index(self.view[1]) + (1 if key == "-" else -1))
        elif key == "i":
            self._insert()
        elif key == "u":
            self._undo()
        elif key == "q":
            self.mode = Mode.OVER if self.named else Mode.NOTHING
        elif self.current is not None:
            self._change(key)

    def _change(self, key: str) -> None:
        """A command for the interval that is chosen."""
        if key in KEYS[: len(self.labels)]:
            self._name(self.labels[int(key) - 1])
        elif key == " " and self._latest:
            self._name(self._latest)
        elif key == "n":
            self.mode, self.typed = Mode.NAME, ""
        elif key in ("b", "e"):
            self.mode = Mode.BEGIN if key == "b" else Mode.END
            self._remember()
        elif key in ("d", BACKSPACE):
            self._remember()
            self.marks = self.marks[: self.chosen] + self.marks[self.chosen + 1 :]
            self._choose(self.chosen)

    def _name(self, label: str) -> None:
        """And on to the next."""
        self._remember()
        self._latest = label
        marks = [*self.marks]
        marks[self.chosen] = marks[self.chosen]._replace(label=label)
        self.marks = tuple(marks)
        self._choose(self.chosen + 1)

    def _type(self, key: str) -> None:
        if key == ESCAPE:
            self.mode = Mode.CHOOSE
        elif key == BACKSPACE:
            self.typed = self.typed[:-1]
        elif key == ENTER:
            spelled = next((one for one in self.labels if one.lower() == self.typed.lower()), None)
            if spelled is None and not is_name(self.typed):
                self.notice = "A label has 1 to 24 letters (a-z, A-Z), digits, - and _."
                return
            if spelled is None:
                self.labels.append(self.typed)
            self.mode = Mode.CHOOSE
            self._name(spelled or self.typed)
        elif len(key) == 1 and key.isprintable():
            self.typed += key

    def _move(self, key: str) -> None:
        steps = {LEFT: -STEP_US, RIGHT: STEP_US, DOWN: -LEAP_US, UP: LEAP_US}
        if key in steps:
            self._move_edge(steps[key])
        elif key in (ENTER, ESCAPE):
            self.mode = Mode.CHOOSE
        elif key in ("b", "e"):
            self.mode = Mode.BEGIN if key == "b" else Mode.END
        elif key in ("+", "-", "u"):
            self._command(key)

    def _move_edge(self, by_us: int) -> None:
        label, start_us, end_us = self.marks[self.chosen]
        if self.mode is Mode.BEGIN:
            start_us = min(max(start_us + by_us, 0), end_us - SHORTEST_US)
        else:
            end_us = max(min(end_us + by_us, self.length_us), start_us + SHORTEST_US)
        self._place(self.chosen, Interval(label, start_us, end_us))

    def _insert(self) -> None:
        self._remember()
        middle = min(self.view[0] + self.view[1] // 2, self.length_us)
        start = max(min(middle - INSERTED_US // 2, self.length_us - INSERTED_US), 0)
        made = Interval("", start, min(start + INSERTED_US, self.length_us))
        self.marks += (made,)
        self._place(len(self.marks) - 1, made)

    def _place(self, at: int, mark: Interval) -> None:
        """Instead of the one at this place; it stays the chosen one."""
        others = self.marks[:at] + self.marks[at + 1 :]
        self.marks = tuple(sorted([*others, mark], key=lambda one: one.start_us))
        self._choose(self.marks.index(mark))

    def _answer(self, key: str) -> None:
        if key.lower() == "y":
            self.marks = (Interval(NOTHING, 0, self.length_us),)
            self.mode = Mode.OVER
        elif key.lower() in ("n", "q"):
            self.mode = Mode.OVER
        else:
            self.mode = Mode.CHOOSE

    def _remember(self) -> None:
        self._history.append(_State(self.marks, self.chosen))

    def _undo(self) -> None:
        self.mode = Mode.CHOOSE
        while self._history:
            marks, chosen = self._history.pop()
            if marks != self.marks:
                self.marks = marks
                self._choose(chosen)
                return
        self.notice = "There is nothing to undo."

    def _zoom(self, to: int) -> None:
        middle = self.view[0] + self.view[1] // 2
        length = VIEWS_US[min(max(to, 0), len(VIEWS_US) - 1)]
        self.view = (0, length)
        self._look(middle - length // 2)

    def _look(self, begin_us: int) -> None:
        length = self.view[1]
        self.view = (max(min(begin_us, self.length_us - length), 0), length)

    def _choose(self, at: int) -> None:
        """And look at it."""
        self.chosen = max(min(at, len(self.marks) - 1), 0)
        if (one := self.current) is None:
            return
        begin, length = self.view
        if not begin <= one.start_us <= one.end_us <= begin + length:
            self._look((one.start_us + one.end_us - length) // 2)

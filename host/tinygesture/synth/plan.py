"""What is done when: a script becomes intervals, and motions with their beginning."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from tinygesture.dataset import Interval
from tinygesture.synth.background import BACKGROUND, SHORTEST, bouts
from tinygesture.synth.motion import Motion
from tinygesture.synth.person import Person, varied
from tinygesture.synth.repertoire import check_label, draw
from tinygesture.synth.script import Item

BACKGROUND_S = 10.0  # of a background for which no time is given,
USUAL_S = {"rest": 1.5, "random": 1.5}  # but for these


class Move(NamedTuple):
    """A motion and the second at which it begins."""

    start: float
    motion: Motion


class Plan:
    """Iterates over what is done when: each interval, followed by its moves, by their beginning.

    An item with a time is cued: it begins after a reaction, and the next one when its time is
    over, or later where the gesture lasts longer. A gesture without comes after a pause as the
    person makes them. now: when the items so far are over, in seconds.
    """

    def __init__(
        self,
        script: Sequence[Item],
        person: Person,
        rng: np.random.Generator,
        since: float = 0.0,
        now: float = 0.0,
    ) -> None:
        """since: how long the session lasts already, in seconds; it makes the person tired."""
        self.now = now
        self._script = script
        self._person = person
        self._rng = rng
        self._since = since

    def __iter__(self) -> Iterator[Interval | Move]:
        for item in self._script:
            for _ in range(item.times):
                person = self._person.after(self._since + self.now)
                if item.label in BACKGROUND:
                    yield from self._fill(item, person)
                else:
                    yield from self._gesture(item, person)

    def _gesture(self, item: Item, person: Person) -> Iterator[Interval | Move]:
        if item.seconds is None:
            wait = person.pause * varied(self._rng, 0.15)
        else:
            wait = reaction(self._rng)
        start = self.now + wait
        motion = draw(check_label(item.label), person, self._rng)
        end = start + motion.duration
        self.now = max(self.now + (item.seconds or 0.0), end)
        yield _interval(item.label, start, end)
        yield Move(start, motion)

    def _fill(self, item: Item, person: Person) -> Iterator[Interval | Move]:
        seconds = item.seconds or USUAL_S.get(item.label, BACKGROUND_S)
        start = self.now
        if item.label == "random":
            start += reaction(self._rng)
            seconds = max(seconds, start - self.now + SHORTEST)
        self.now += seconds
        yield _interval(item.label, start, self.now)
        for begin, motion in bouts(item.label, self.now - start, person, self._rng):
            yield Move(start + begin, motion)


def reaction(rng: np.random.Generator) -> float:
    """Seconds from "go" to the first movement."""
    return float(rng.uniform(0.15, 0.35))


def _interval(label: str, start: float, end: float) -> Interval:
    return Interval(label, round(start * 1e6), round(end * 1e6))

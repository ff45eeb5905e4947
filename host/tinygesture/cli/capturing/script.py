"""What is to be recorded: which label next, what of it is there already, what was undone."""

import random
from collections import Counter, deque
from collections.abc import Sequence
from enum import StrEnum


class Order(StrEnum):
    GIVEN = "given"
    SHUFFLED = "shuffled"


class Script:
    """`count` recordings of each label, less those that are `there` from the same session."""

    def __init__(
        self,
        labels: Sequence[str],
        count: int,
        there: Counter[str],
        order: Order = Order.GIVEN,
        seed: int | None = None,
    ) -> None:
        self.labels = list(dict.fromkeys(labels))
        self.count = count
        self.kept = Counter({label: there[label] for label in self.labels})
        missing = [label for label in self.labels for _ in range(count - there[label])]
        if order is Order.SHUFFLED:
            random.Random(seed).shuffle(missing)
        self._to_make = deque(missing)

    @property
    def next(self) -> str | None:
        """The label to record now; None: everything is there."""
        return self._to_make[0] if self._to_make else None

    @property
    def title(self) -> str:
        label = self.next
        return f"{label} {self.kept[label] + 1} of {self.count}" if label else "all recorded"

    @property
    def missing(self) -> int:
        """How many are not there, those that were left out among them."""
        return sum(max(self.count - self.kept[label], 0) for label in self.labels)

    def keep(self, label: str) -> None:
        """One was recorded and kept."""
        self._to_make.remove(label)
        self.kept[label] += 1

    def skip(self, label: str) -> None:
        """One is left out."""
        self._to_make.remove(label)

    def undo(self, label: str) -> None:
        """One that was kept is removed, and is to be recorded next."""
        self.kept[label] -= 1
        self._to_make.appendleft(label)

"""Intervals of a continuous recording that somebody begins and ends by keys."""

from collections.abc import Sequence

from tinygesture.dataset import Interval

MOST = 9  # labels that have a key


class Marks:
    """Key 1 begins an interval of the first label and ends it, and so on; one is open at most.

    open: the label of the interval under way, or "".
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = labels
        self.open = ""
        self._began_us = 0
        self._closed: list[Interval] = []

    def press(self, key: str, now_us: int) -> bool:
        """Whether the key, pressed at this time on the clock of the samples, is one of a label."""
        if not (key.isascii() and key.isdigit() and 1 <= int(key) <= len(self.labels)):
            return False
        label = self.labels[int(key) - 1]
        was = self.open
        self._closed = self.until(now_us)
        self.open = "" if label == was else label
        self._began_us = now_us
        return True

    def until(self, now_us: int) -> list[Interval]:
        """All intervals, as if the open one ended now; one without a duration is left out."""
        if not self.open or now_us <= self._began_us:
            return self._closed
        return [*self._closed, Interval(self.open, self._began_us, now_us)]

    def count(self, label: str) -> int:
        """How many intervals of a label were begun."""
        return sum(interval.label == label for interval in self._closed) + (label == self.open)

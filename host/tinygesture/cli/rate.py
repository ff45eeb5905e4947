"""The rate of a live stream."""

from collections import deque

from tinygesture.contract import MAX_GAP_US, Int64

OVER_US = 1_000_000


class RateMeter:
    """Samples per second by the board's clock, over the last second, or since a gap."""

    def __init__(self) -> None:
        self.hz = 0.0
        self._received = 0
        self._ends: deque[tuple[int, int]] = deque()  # (time of a last sample, received up to it)

    def push(self, t_us: Int64) -> None:
        """The times of further samples, int64[n], n >= 1."""
        self._received += len(t_us)
        end = int(t_us[-1])
        if self._ends and t_us[0] - self._ends[-1][0] > MAX_GAP_US:
            self._ends.clear()
        self._ends.append((end, self._received))
        while len(self._ends) > 2 and end - self._ends[1][0] >= OVER_US:
            self._ends.popleft()
        since, before = self._ends[0]
        if end > since:
            self.hz = (self._received - before) * 1e6 / (end - since)

"""What a virtual board's IMU is fed with: the virtual hand or recordings."""

import logging
from pathlib import Path
from typing import Protocol

import numpy as np

from tinygesture.contract import Int16, Int64
from tinygesture.dataset.labels import is_rest
from tinygesture.errors import UserError
from tinygesture.link.fields import MAX_STEP_US
from tinygesture.link.messages import CueKind

_LOG = logging.getLogger(__name__)
PAUSE_US = 1_000_000  # between two recordings: over MAX_GAP_US, so that each begins from reset

Block = tuple[Int64, Int16]


class Source(Protocol):
    """An endless or finite stream of samples, and somebody who may see the board's cues."""

    odr_hz: float
    imu: str

    def next(self, count: int) -> Block:
        """At most `count` samples: t_us int64[n] µs, counts int16[n, 6]; none: the end."""

    def see(self, kind: CueKind, label: str) -> None:
        """The board's light changed."""


class HandSource:
    """The virtual hand: performs a script, and what it is cued to."""

    def __init__(
        self, subject: int, seed: int, imu: str, script: str = "", session: int = 1
    ) -> None:
        from tinygesture.synth import LABELS, LiveHand, parse_script

        self._known = LABELS
        self._hand = LiveHand(subject, seed, imu, parse_script(script), session)
        self.odr_hz = self._hand.odr_hz
        self.imu = f"virtual {imu}"
        self.next = self._hand.next

    def see(self, kind: CueKind, label: str) -> None:
        if kind == CueKind.GO and label in self._known:
            self._hand.cue(label)
            return
        self._hand.rest()
        if kind == CueKind.GO and not is_rest(label):
            _LOG.warning(
                "The virtual hand does not know %r: docs/synthetic.md lists what it does.", label
            )


class RecordingSource:
    """Recordings one after the other, with a pause between them."""

    def __init__(self, recordings: list[Block], odr_hz: float, imu: str) -> None:
        self.odr_hz = odr_hz
        self.imu = imu
        times = []
        begin = 0
        for t_us, _ in recordings:
            times.append(begin + t_us - t_us[0])
            begin = int(times[-1][-1]) + PAUSE_US
        self._t_us = np.concatenate(times)
        self._counts = np.concatenate([counts for _, counts in recordings])
        self._at = 0

    def next(self, count: int) -> Block:
        begin = self._at
        steps = np.diff(self._t_us[begin : begin + count])
        pauses = np.flatnonzero(steps > MAX_STEP_US)  # no message spans one
        self._at = begin + (int(pauses[0]) + 1 if len(pauses) else count)
        return self._t_us[begin : self._at], self._counts[begin : self._at]

    def see(self, kind: CueKind, label: str) -> None:
        """A recording does what it did."""


def make_source(parameters: dict[str, str]) -> Source:
    """The source that a sim:// URL's parameters describe. Raises UserError."""
    known = {"perform", "play", "subject", "seed", "session", "imu"}
    for name in parameters:
        if name not in known:
            raise UserError(
                f"A sim:// port has no parameter {name!r}; there are "
                f"{', '.join(sorted(known | {'speed', 'firmware'}))}."
            )
    if "play" in parameters:
        return _recordings(Path(parameters["play"]))
    return HandSource(
        _integer(parameters, "subject"),
        _integer(parameters, "seed"),
        parameters.get("imu", "lsm9ds1"),
        parameters.get("perform", ""),
        _integer(parameters, "session"),
    )


def _integer(parameters: dict[str, str], name: str) -> int:
    text = parameters.get(name, "1")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UserError(f"{name}= is a whole number from 0 up, not {text!r}.")
    return int(text)


def _recordings(path: Path) -> RecordingSource:
    from tinygesture.dataset import Dataset, read_csv

    if path.is_dir():
        dataset = Dataset.open(path)
        if not dataset.entries:
            raise UserError(f"The data set {path} is empty; there is nothing to play.")
        loaded = [dataset.load(entry) for entry in dataset.entries]
        first = loaded[0].meta
        return RecordingSource([(r.t_us, r.counts) for r in loaded], first.rate_hz, first.imu)
    t_us, counts = read_csv(path)
    rate = (len(t_us) - 1) / (int(t_us[-1]) / 1e6) if len(t_us) > 1 else 0.0
    return RecordingSource([(t_us, counts)], rate, "recording")

"""One recording from a live stream, timed by the board's own clock."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from tinygesture.cli.capturing.listener import Block, Listener
from tinygesture.cli.capturing.moment import CUES, Moment, Phase
from tinygesture.cli.capturing.motion import Motion
from tinygesture.cli.capturing.trigger import State, Trigger
from tinygesture.contract import MAX_GAP_US, Int16, Int64
from tinygesture.dataset import Meta, Recording, measure
from tinygesture.errors import UserError
from tinygesture.link import CueKind, LinkLost

MEASURE_S = 2.0
SHOWN_US = 2_000_000  # of the signal, while nothing is recorded


@dataclass(frozen=True)
class Take:
    """One recorded gesture: t_us int64[n] from 0, counts int16[n, 6], and what was lost in it."""

    t_us: Int64
    counts: Int16
    drops: int
    crc_errors: int

    def recording(self, meta: Meta) -> Recording:
        """With all that is known of it; `meta` says what the samples do not."""
        known = replace(
            meta,
            drops=self.drops,
            crc_errors=self.crc_errors,
            **measure(self.t_us, self.counts),
        )
        return Recording(self.t_us, self.counts, known)


class Incomplete(Exception):
    """Less than half of a recording arrived."""


class Recorder:
    """Gives the cues and records what follows. show: is told of every moment."""

    def __init__(self, listener: Listener, show: Callable[[Moment], None]) -> None:
        self._listener = listener
        self._show = show
        self._shown: CueKind | None = None

    def guided(self, label: str, countdown_s: float, seconds: float) -> Take:
        """A countdown, then the samples of `seconds` from "go". Raises LinkLost, Incomplete."""
        for _ in self._timed(Phase.READY, label, countdown_s):
            pass
        self._listener.catch_up()  # what is lost before "go" is not of the recording
        lost, damaged = self._listener.lost, self._listener.damaged
        *_, (t_us, counts) = self._timed(Phase.GO, label, seconds)
        self._rest()
        steps = np.diff(t_us)
        if steps[steps <= MAX_GAP_US].sum() < seconds * 1e6 / 2:
            raise Incomplete
        return Take(
            t_us - t_us[0], counts, self._listener.lost - lost, self._listener.damaged - damaged
        )

    def triggered(
        self, label: str, threshold_dps: float, pre_roll_s: float, most_s: float, patience_s: float
    ) -> Take:
        """From before the first motion until rest, `most_s` at most.

        Raises LinkLost, and UserError where it has not begun after `patience_s`.
        """
        pre_roll_us = round(pre_roll_s * 1e6)
        trigger = Trigger(threshold_dps, pre_roll_us, round(most_s * 1e6))
        self._listener.catch_up()
        self._shown = None
        lost, damaged = self._listener.lost, self._listener.damaged
        heard: list[Block] = []  # before the recording began
        for block in self._listener.blocks():
            trigger.push(block.t_us, block.counts)
            if trigger.state in (State.SETTLING, State.WAITING):
                if trigger.listened_us > patience_s * 1e6:
                    raise _no_start(trigger.state, threshold_dps, patience_s)
                heard = recent([*heard, block], SHOWN_US + pre_roll_us)
                phase = Phase.STILL if trigger.state is State.SETTLING else Phase.MOVE
                self._tell(phase, label, (0.0, 0.0), joined(heard))
                continue
            elapsed_s = float(trigger.t_us[-1] - trigger.t_us[0]) / 1e6
            self._tell(Phase.MOVING, label, (elapsed_s, most_s), (trigger.t_us, trigger.counts))
            if trigger.state is State.DONE:
                break
        self._rest()
        for before in heard:
            if before.t_us[-1] < trigger.t_us[0]:
                lost, damaged = before.lost, before.damaged
        return Take(
            trigger.t_us - trigger.t_us[0],
            trigger.counts,
            block.lost - lost,
            block.damaged - damaged,
        )

    def measure_room(self) -> float:
        """The strongest motion in two seconds of holding still, in °/s. Raises LinkLost."""
        *_, (t_us, counts) = self._timed(Phase.STILL, "", MEASURE_S)
        self._rest()
        return float(Motion().of(t_us, counts).max())

    def _timed(self, phase: Phase, label: str, length_s: float) -> Iterator[tuple[Int64, Int16]]:
        """All samples since the cue, block by block, from the first one until `length_s` later."""
        self._listener.catch_up()
        self._shown = None
        blocks: list[Block] = []
        self._cue(phase, label)
        for block in self._listener.blocks():
            blocks.append(block)
            t_us, counts = joined(blocks)
            elapsed_s = float(t_us[-1] - t_us[0]) / 1e6
            inside = t_us - t_us[0] < length_s * 1e6
            t_us, counts = t_us[inside], counts[inside]
            self._tell(phase, label, (min(elapsed_s, length_s), length_s), (t_us, counts))
            yield t_us, counts
            if elapsed_s >= length_s:
                return

    def _cue(self, phase: Phase, label: str) -> None:
        if self._shown != CUES[phase]:
            self._shown = CUES[phase]
            self._listener.cue(self._shown, label)

    def _rest(self) -> None:
        self._shown = None
        with suppress(LinkLost):  # a recording is whole even if the board left right after it
            self._listener.cue(CueKind.NONE)

    def _tell(
        self,
        phase: Phase,
        label: str,
        time_s: tuple[float, float],
        signal: tuple[Int64, Int16],
    ) -> None:
        self._cue(phase, label)
        self._show(Moment.of(self._listener, phase, time_s, signal))


def _no_start(state: State, threshold_dps: float, waited_s: float) -> UserError:
    if state is State.SETTLING:
        what, remedy = f"The board was never still (below {threshold_dps:.0f} °/s)", "higher"
    else:
        what, remedy = f"There was no motion of {threshold_dps:.0f} °/s", "lower"
    return UserError(
        f"{what} in {waited_s:g} s, so no recording began. Repeat the command, perhaps with a "
        f"{remedy} --threshold."
    )


def joined(blocks: list[Block]) -> tuple[Int64, Int16]:
    """t_us int64[n], counts int16[n, 6] of blocks."""
    return (
        np.concatenate([block.t_us for block in blocks]),
        np.concatenate([block.counts for block in blocks]),
    )


def recent(blocks: list[Block], reach_us: int = SHOWN_US) -> list[Block]:
    """Those that reach into the last `reach_us`."""
    since = int(blocks[-1].t_us[-1]) - reach_us
    return [block for block in blocks if block.t_us[-1] >= since]

"""One long recording, on the disk while it is made, with intervals marked by keys."""

import time
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from tinygesture.cli.capturing.board import Board
from tinygesture.cli.capturing.keys import Keys, Pressed
from tinygesture.cli.capturing.listener import Block
from tinygesture.cli.capturing.marks import Marks
from tinygesture.cli.capturing.moment import Moment, Phase
from tinygesture.cli.capturing.recorder import joined, recent
from tinygesture.cli.capturing.who import Who
from tinygesture.cli.capturing.words import Progress, Review, View, figures
from tinygesture.cli.output import Output
from tinygesture.dataset import Dataset, quality
from tinygesture.dataset.find import name_of
from tinygesture.dataset.journal import Journal
from tinygesture.errors import UserError, typed
from tinygesture.link import CueKind, LinkLost

WRITE_MARKS_S = 1.0  # how often the interval under way is written
USEFUL_S = 5.0  # a connection that gave less does not count as a success
KEYS = "1-9 begin and end an interval  q end"


class Continuous:
    """Records for `seconds` in all, or until somebody ends it (None).

    saved: how many recordings there are; more than one where the board left and came back.
    """

    def __init__(
        self,
        board: Board,
        dataset: Dataset,
        labels: Sequence[str],
        seconds: float | None,
        who: Who,
        view: View,
        keys: Keys,
        out: Output,
    ) -> None:
        self.saved = self.missing = 0
        self._board = board
        self._dataset = dataset
        self._labels = labels
        self._seconds = seconds
        self._who = who
        self._view = view
        self._keys = keys
        self._out = out
        self._recorded_s = 0.0

    def run(self) -> None:
        """Raises UserError, or LinkLost where a board is lost for good."""
        while self._seconds is None or self._recorded_s < self._seconds:
            try:
                return self._record()
            except LinkLost as lost:
                if not self._board.come_back(lost, self._view, self._keys):
                    return
            except Pressed:
                return

    def _record(self) -> None:
        """One recording; what there is of it is saved, also where the board is lost."""
        self._listener = self._board.listener
        self._listener.catch_up()
        self._marks = Marks(self._labels)
        self._began_us = self._last_us = -1
        lost, damaged = self._listener.lost, self._listener.damaged
        self._announce()
        with Journal.begin(self._dataset, self._who.meta(self._board.info, "")) as journal:
            try:
                self._roll(journal)
            except (LinkLost, KeyboardInterrupt, Pressed):
                self._finish(journal, lost, damaged)
                raise
            except UserError as error:
                raise UserError(
                    f"{error} What was sampled until then becomes a recording at the next capture."
                ) from error
            self._finish(journal, lost, damaged)

    def _roll(self, journal: Journal) -> None:
        """Write what comes, as long as it comes. Raises LinkLost, Pressed."""
        left_s = self._seconds and self._seconds - self._recorded_s
        shown: list[Block] = []
        written = time.monotonic()
        for block in self._listener.blocks():
            if self._began_us < 0:
                self._began_us = int(block.t_us[0])
            end_us = self._began_us + left_s * 1e6 if left_s else np.inf
            inside = block.t_us <= end_us
            if not inside.any():
                return
            journal.append(block.t_us[inside], block.counts[inside])
            self._last_us = int(block.t_us[inside][-1])
            shown = recent([*shown, block])
            elapsed_s = (self._last_us - self._began_us) / 1e6
            self._view.show(
                Moment.of(self._listener, Phase.ROLLING, (elapsed_s, left_s or 0.0), joined(shown))
            )
            self._read_keys(journal)
            if self._marks.open and time.monotonic() - written > WRITE_MARKS_S:
                written = time.monotonic()
                journal.set_intervals(self._marks.until(self._last_us))

    def _read_keys(self, journal: Journal) -> None:
        key = self._keys.pressed()
        if key == "q":
            raise Pressed(key)
        if self._marks.press(key, self._last_us):
            label = self._marks.open
            self._listener.cue(CueKind.GO if label else CueKind.NONE, label)
            journal.set_intervals(self._marks.until(self._last_us))
            self._announce()

    def _finish(self, journal: Journal, lost: int, damaged: int) -> None:
        if self._last_us < 0:
            return journal.discard()
        marked = self._marks.until(self._last_us)
        if marked:
            journal.set_intervals(marked)
        entry = journal.finish(
            drops=self._listener.lost - lost, crc_errors=self._listener.damaged - damaged
        )
        seconds = (self._last_us - self._began_us) / 1e6
        if seconds >= USEFUL_S:
            self._board.useful()
        self.saved += 1
        self._recorded_s += seconds
        found = self._dataset.intervals(entry)
        self._out.emit(asdict(entry) | {"intervals": [interval._asdict() for interval in found]})
        recording = self._dataset.load(entry)
        faults = [fault.sentence for fault in quality.check(recording)]
        name = name_of(entry)
        self._view.saved(Review(name, recording.counts, figures(recording), faults))
        for label, start_us, end_us in found:
            self._view.say(f"  {start_us / 1e6:7.2f} to {end_us / 1e6:7.2f} s  {label}")
        where = f"--data {typed(self._dataset.path)}"
        if found:
            self._view.say(f"Make a recording of each with: tinygesture data cut {name} {where}")
        else:
            named = " ".join([name, *self._labels])
            self._view.say(f"Say what happened in it with: tinygesture label {named} {where}")

    def _announce(self) -> None:
        progress = [
            Progress(f"{key} {label} ×{self._marks.count(label)}", label == self._marks.open, False)
            for key, label in enumerate(self._labels, start=1)
        ]
        self._view.announce("continuous", progress)

"""One person's recordings, one after the other: record, save, show, decide, next.

A recording is on the disk before anybody is asked about it, so none is ever lost; what is not
kept moves to the data set's trash.
"""

import math
from contextlib import suppress
from dataclasses import asdict

from tinygesture.cli.capturing.board import Board
from tinygesture.cli.capturing.keys import Keys, Pressed
from tinygesture.cli.capturing.manner import Manner
from tinygesture.cli.capturing.moment import Moment, Phase
from tinygesture.cli.capturing.recorder import Incomplete, Recorder, Take
from tinygesture.cli.capturing.room import measured_threshold
from tinygesture.cli.capturing.script import Script
from tinygesture.cli.capturing.who import Who
from tinygesture.cli.capturing.words import Progress, Review, View, figures
from tinygesture.cli.output import Output
from tinygesture.dataset import Dataset, Entry, quality
from tinygesture.dataset.find import name_of
from tinygesture.dataset.labels import is_rest
from tinygesture.errors import UserError
from tinygesture.link import LinkLost

REST_S = 1.5  # of a recording of rest, which no motion starts or ends
NO_START_S = 60.0  # without a motion, where nobody sits at a terminal
ATTEMPTS = 3  # to get one recording whole
REFUSALS = 10  # in a row
PERMANENT = {"slow", "frozen"}  # marks that another attempt does not mend
REFUSALS_OF_PERMANENT = 3
WHILE_RECORDING = "u undo  d skip  q quit"
QUESTION = "Enter keep   r redo   d discard   u undo the one before   q keep and quit"


class Sitting:
    """saved: how many recordings this sitting has added to the data set."""

    def __init__(
        self,
        board: Board,
        dataset: Dataset,
        script: Script,
        manner: Manner,
        who: Who,
        view: View,
        keys: Keys,
        out: Output,
    ) -> None:
        self._board = board
        self._dataset = dataset
        self._script = script
        self._manner = manner
        self._who = who
        self._view = view
        self._keys = keys
        self._out = out
        self._kept: list[Entry] = []
        self._refused = 0
        self._incomplete = 0
        self._phase: Phase | None = None
        self._threshold = manner.trigger.threshold_dps if manner.trigger else None
        self._slow_was_said = False

    @property
    def saved(self) -> int:
        return len(self._kept)

    @property
    def missing(self) -> int:
        """How many recordings are still to be made."""
        return self._script.missing

    def run(self) -> None:
        """Until everything is recorded, or somebody quits.

        Raises UserError, or LinkLost where a board is lost for good.
        """
        while (label := self._script.next) is not None:
            try:
                take = self._record(label)
            except LinkLost as lost:
                if not self._board.come_back(lost, self._view, self._keys):
                    return
            except Incomplete:
                self._once_more(label)
            except Pressed as pressed:
                if pressed.key == "q":
                    return
                self._undo() if pressed.key == "u" else self._script.skip(label)
            else:
                if not self._save(label, take):
                    return

    def _record(self, label: str) -> Take:
        manner = self._manner
        trigger = None if is_rest(label) else manner.trigger
        recorder = Recorder(self._board.listener, self._show)
        if trigger and self._threshold is None:
            self._view.announce(
                "hold the board as before a gesture, and keep still", self._progress
            )
            self._threshold = measured_threshold(recorder, self._view)
        self._view.announce(self._script.title, self._progress)
        try:
            if trigger:
                assert self._threshold is not None
                patience_s = math.inf if self._board.watched else NO_START_S
                return recorder.triggered(
                    label, self._threshold, trigger.pre_roll_s, manner.seconds, patience_s
                )
            return recorder.guided(
                label, manner.countdown_s, REST_S if manner.trigger else manner.seconds
            )
        finally:
            self._ring(None)

    def _save(self, label: str, take: Take) -> bool:
        """Save a recording, ask what becomes of it; False where somebody quits."""
        recording = take.recording(self._who.meta(self._board.info, label))
        entry = self._dataset.add(recording)
        try:
            self._board.useful()
            self._incomplete = 0
            faults = [fault.sentence for fault in quality.check(recording)]
            said = figures(recording)
            if (name := name_of(entry)) != f"{label}/{self._script.kept[label] + 1}":
                said += f", as {name}"
            review = Review(self._script.title, take.counts, said, faults, QUESTION)
            refused = bool(faults) and self._manner.refuse
            key = "r" if refused else self._decide(review)
        except BaseException:
            self._keep(entry)
            raise
        if refused:
            self._refuse(review, entry)
            return True
        self._refused = 0
        if key in ("r", "d"):
            self._dataset.remove([entry])
            self._view.say(f"{review.title}: {'discarded' if key == 'd' else 'once more'}")
            if key == "d":
                self._script.skip(label)
        else:
            self._keep(entry)
            self._view.saved(review)
            self._warn_if_slow(entry)
        return key != "q"

    def _decide(self, review: Review) -> str:
        """r, d, q, or Enter for what is kept, also where nobody is to be asked."""
        if not self._manner.review:
            return "\n"
        self._keys.forget()
        self._view.ask(review)
        try:
            while True:
                key = self._keys.pressed(0.05)
                if key == "u":
                    self._undo()
                elif key in ("r", "d", "q"):
                    return key
                elif key in ("\n", " ", "k"):
                    return "\n"
                with suppress(LinkLost):  # the next recording will notice
                    self._board.listener.catch_up()
        finally:
            self._view.ask(None)

    def _keep(self, entry: Entry) -> None:
        self._kept.append(entry)
        self._script.keep(entry.label)
        self._out.emit(asdict(entry))

    def _warn_if_slow(self, entry: Entry) -> None:
        if entry.rate_hz <= quality.SLOW_HZ and not self._slow_was_said:
            self._slow_was_said = True
            self._view.warn(
                f"Warning: the board samples at {entry.rate_hz:.1f} Hz only; recordings should be "
                f"above {quality.SLOW_HZ:g} Hz. Flash its firmware again with `tinygesture flash`."
            )

    def _refuse(self, review: Review, entry: Entry) -> None:
        self._dataset.remove([entry])
        self._view.saved(review)
        self._refused += 1
        permanent = PERMANENT & {*entry.marks.split()}
        if self._refused >= (REFUSALS_OF_PERMANENT if permanent else REFUSALS):
            raise UserError(
                f"{self._refused} recordings in a row were refused, the last because of "
                f"{'; '.join(review.faults)}. Mend that and repeat the command, or keep faulty "
                "recordings, marked, with --faulty mark."
            )
        self._view.warn("Refused: it lies in the trash and is recorded again.")

    def _undo(self) -> None:
        if not self._kept:
            return
        entry = self._kept.pop()
        self._dataset.remove([entry])
        self._script.undo(entry.label)
        self._out.emit({"id": entry.id, "removed": True})
        self._view.say(f"{entry.label}: the last one is undone, and comes again")
        self._view.announce(self._script.title, self._progress)

    def _once_more(self, label: str) -> None:
        self._incomplete += 1
        if self._incomplete >= ATTEMPTS:
            raise UserError(
                f"Less than half of the {label} arrived from {self._board.port}, {ATTEMPTS} times "
                "in a row. Use another cable or USB port, and repeat the command."
            )
        self._view.warn(
            f"Less than half of the {label} arrived (did the computer sleep?), so it is recorded "
            "again."
        )

    @property
    def _progress(self) -> list[Progress]:
        script = self._script
        return [
            Progress(
                f"{label} {script.kept[label]}/{script.count}",
                label == script.next,
                script.kept[label] >= script.count,
            )
            for label in script.labels
        ]

    def _show(self, moment: Moment) -> None:
        self._view.show(moment)
        self._ring(moment.phase)
        key = self._keys.pressed()
        if key in ("q", "d") or (key == "u" and self._kept):
            raise Pressed(key)

    def _ring(self, phase: Phase | None) -> None:
        """The bell, where a recording begins and where it ends."""
        recording = (Phase.GO, Phase.MOVING)
        if self._manner.bell and (phase in recording) != (self._phase in recording):
            self._view.bell()
        self._phase = phase

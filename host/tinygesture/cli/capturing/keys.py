"""Keys of a terminal, one at a time and without Enter; the terminal is as it was afterwards."""

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Protocol

BACKSPACE = "\b"
ENTER = "\n"
LEFT, RIGHT, UP, DOWN, ESCAPE = "left", "right", "up", "down", "escape"
SPECIAL = "special"  # any other key that is no character


class Keys(Protocol):
    def pressed(self, timeout_s: float = 0) -> str:
        """The next key as a small letter, "\\n" for Enter; "" where none comes in this time."""

    def typed(self, timeout_s: float = 0) -> str:
        """The next key: its character as it is, or one of the words above; "" as for `pressed`."""

    def forget(self) -> None:
        """Drop what was pressed before now."""


class Pressed(Exception):
    """Somebody pressed a key that ends what is going on."""

    def __init__(self, key: str) -> None:
        self.key = key


class NoKeys:
    """Where nobody sits at a terminal."""

    def pressed(self, timeout_s: float = 0) -> str:
        time.sleep(timeout_s)
        return ""

    typed = pressed

    def forget(self) -> None:
        """There is nothing."""


def keys_of(somebody: bool) -> AbstractContextManager[Keys]:
    """The terminal's keys, if somebody sits at it."""
    return TerminalKeys() if somebody else nullcontext(NoKeys())


class _Letters:
    """`pressed` of a terminal that has `typed`."""

    def typed(self, timeout_s: float = 0) -> str:
        raise NotImplementedError

    def pressed(self, timeout_s: float = 0) -> str:
        deadline = time.monotonic() + timeout_s
        while len(key := self.typed(max(deadline - time.monotonic(), 0))) > 1:
            """No letter."""
        return key.lower()


if sys.platform == "win32":
    import msvcrt

    POLL_S = 0.02
    ARROWS = {"K": LEFT, "M": RIGHT, "H": UP, "P": DOWN}
    CHARACTERS = {"\r": ENTER, "\x1b": ESCAPE}

    class TerminalKeys(_Letters, AbstractContextManager["TerminalKeys"]):
        """The keys of the console. Ctrl-C still interrupts."""

        def __exit__(self, *error: object) -> None:
            """The console was never changed."""

        def typed(self, timeout_s: float = 0) -> str:
            deadline = time.monotonic() + timeout_s
            while True:
                if msvcrt.kbhit():
                    key = msvcrt.getwch()
                    if key == "\x03":
                        raise KeyboardInterrupt
                    if key in "\0\xe0":  # an arrow or function key: its second half follows
                        return ARROWS.get(msvcrt.getwch(), SPECIAL)
                    return CHARACTERS.get(key, key)
                if time.monotonic() >= deadline:
                    return ""
                time.sleep(POLL_S)

        def forget(self) -> None:
            while msvcrt.kbhit():
                msvcrt.getwch()

else:
    import codecs
    import os
    import re
    import select
    import signal
    import termios
    import tty

    SEQUENCE = re.compile(r"\x1b[\[O][0-9;]*([A-Za-z~])")  # arrows, function keys
    BEGUN = re.compile(r"\x1b([\[O][0-9;]*)?")  # Escape, or a sequence whose end is on its way
    ARROWS = {"D": LEFT, "C": RIGHT, "A": UP, "B": DOWN}
    CHARACTERS = {"\r": ENTER, "\x1b": ESCAPE, "\x7f": BACKSPACE}
    END_S = 0.05  # for the rest of a sequence

    class TerminalKeys(_Letters, AbstractContextManager["TerminalKeys"]):
        """The keys of the terminal at standard input. Ctrl-C still interrupts, Ctrl-Z stops."""

        def __enter__(self) -> "TerminalKeys":
            self._terminal = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._terminal)
            self._continue = signal.signal(signal.SIGCONT, self._take_keys)
            self._take_keys()
            self._waiting = ""
            self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
            return self

        def _take_keys(self, *signal_and_frame: object) -> None:
            """Also after a stop, when the shell had the terminal."""
            tty.setcbreak(self._terminal, termios.TCSANOW)

        def __exit__(
            self,
            kind: type[BaseException] | None,
            error: BaseException | None,
            trace: TracebackType | None,
        ) -> None:
            signal.signal(signal.SIGCONT, self._continue)
            termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)

        def typed(self, timeout_s: float = 0) -> str:
            if not self._waiting:
                self._read(timeout_s)
            if BEGUN.fullmatch(self._waiting):
                self._read(END_S)
            if sequence := SEQUENCE.match(self._waiting):
                self._waiting = self._waiting[sequence.end() :]
                return ARROWS.get(sequence[1], SPECIAL)
            key, self._waiting = self._waiting[:1], self._waiting[1:]
            return CHARACTERS.get(key, key)

        def _read(self, timeout_s: float) -> None:
            readable, _, _ = select.select([self._terminal], [], [], timeout_s)
            if not readable:
                return
            data = os.read(self._terminal, 64)
            if not data:
                raise KeyboardInterrupt  # the terminal is gone
            self._waiting += self._decode(data)

        def forget(self) -> None:
            self._waiting = ""
            termios.tcflush(self._terminal, termios.TCIFLUSH)

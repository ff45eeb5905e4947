"""A board that a test plays itself, at the far end of a pseudo-terminal."""

import os
import threading
import tty
from collections.abc import Callable
from dataclasses import replace

from tinygesture.link import messages as m
from tinygesture.link.frame import FrameDecoder, encode_frame

INFO = m.Info(
    1, 0, "0.1.0", "fake", "none", 119.0, 4, 2000, 10_000, "none", "", "", "", 0, 0, ()
)  # fmt: skip


class FakeBoard:
    """Answers hello with `info` (None: not at all), and every message with what `answer` says."""

    def __init__(
        self,
        info: m.Info | None = INFO,
        answer: Callable[[m.Message], list[bytes]] = lambda message: [],
        **changes: object,
    ) -> None:
        self.info = replace(info, **changes) if info else None  # type: ignore[arg-type]
        self.heard: list[m.Message] = []
        self._answer = answer
        self._board_end, self._host_end = os.openpty()
        tty.setraw(self._host_end)
        self.port = os.ttyname(self._host_end)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def say(self, data: bytes) -> None:
        os.write(self._board_end, data)

    def unplug(self) -> None:
        os.close(self._board_end)

    def _run(self) -> None:
        decoder = FrameDecoder()
        try:
            while data := os.read(self._board_end, 4096):
                for message in m.unpack_all(decoder.feed(data))[0]:
                    self.heard.append(message)
                    if isinstance(message, m.Hello) and self.info:
                        self.say(b"\0" + encode_frame(m.pack(self.info)))
                    for frame in self._answer(message):
                        self.say(frame)
        except OSError:
            pass

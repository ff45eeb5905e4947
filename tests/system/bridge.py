"""A virtual board that stays switched on at a pseudo-terminal, as a real one does at USB."""

import os
import select
import threading
import tty
from contextlib import suppress
from types import TracebackType
from typing import Self

from tinygesture.boards.simulation import Simulation


class Bridge:
    """The board of a sim:// URL at `port`, whoever opens and closes it.

    heard: bytes from the host.
    """

    def __init__(self, url: str) -> None:
        self.heard = 0
        self._url = url
        self._near, self._far = os.openpty()
        tty.setraw(self._far)  # held open, so that the terminal lives when nobody uses it
        os.set_blocking(self._near, False)
        self.port = os.ttyname(self._far)
        self._switch_on()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._switch_off()
        os.close(self._near)
        os.close(self._far)

    def reset(self) -> None:
        """The board begins anew, and the port stays, as with a serial chip between them."""
        self._switch_off()
        self._switch_on()

    def _switch_on(self) -> None:
        self._simulation = Simulation.start(self._url)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _switch_off(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=2)
        self._simulation.stop()

    def _run(self) -> None:
        serial = self._simulation.serial
        while not self._stopping.is_set():
            readable, _, _ = select.select([serial, self._near], [], [], 0.1)
            if serial in readable:
                if not (data := serial.recv(1024)):
                    return
                with suppress(BlockingIOError):  # nobody reads: bytes are lost, as on a real port
                    os.write(self._near, data)
            if self._near in readable:
                data = os.read(self._near, 1024)
                self.heard += len(data)
                serial.sendall(data)

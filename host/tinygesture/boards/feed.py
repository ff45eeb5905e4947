"""Feeds a virtual board's IMU, flow-controlled, in real time or faster."""

import select
import socket
import threading
import time

from tinygesture.boards.sources import Source
from tinygesture.link import messages as m
from tinygesture.link.fields import MAX_BATCH
from tinygesture.link.frame import FrameDecoder, encode_frame

BLOCK = 4  # samples per frame in real time: 20 ms at 200 Hz
UNDER_WAY = 32  # samples sent and not yet taken by the board: how late a person can see a cue
FAST_BLOCK = MAX_BATCH
FAST_UNDER_WAY = 128  # half of the board's ring
IDLE_S = 0.1


class Feed:
    """A thread that sends a source's samples when they are due, and passes on what the board
    shows to the person who holds it."""

    def __init__(self, connection: socket.socket, source: Source, speed: float) -> None:
        self._socket = connection
        self._source = source
        self._speed = speed
        self._decoder = FrameDecoder()
        self._decoder.feed(b"\0")  # no text comes before the board's first frame
        self._sent = 0
        self._taken = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=2)
        self._socket.close()

    def _run(self) -> None:
        try:
            self._send(m.FeedBegin(self._source.odr_hz, self._source.imu))
            self._socket.sendall(b"\0")
            self._play()
        except OSError:
            pass  # the board is gone; its serial port says so

    def _play(self) -> None:
        fast = not 0 < self._speed < 8
        size, under_way = (FAST_BLOCK, FAST_UNDER_WAY) if fast else (BLOCK, UNDER_WAY)
        block = self._source.next(size)
        started = time.monotonic()
        first_us = int(block[0][0]) if len(block[0]) else 0
        while not self._stopping.is_set():
            t_us, counts = block
            finished = len(t_us) == 0
            wait = IDLE_S
            if not finished and self._sent - self._taken <= under_way - len(t_us):
                wait = started - time.monotonic()
                wait += (int(t_us[-1]) - first_us) / 1e6 / self._speed if self._speed else 0.0
            if wait > 0 or finished:
                self._listen(min(wait, IDLE_S))
                continue
            self._listen(0)
            self._send(m.Samples(self._sent, t_us, counts))
            self._sent += len(t_us)
            block = self._source.next(size)

    def _send(self, message: m.Message) -> None:
        self._socket.sendall(encode_frame(m.pack(message)))

    def _listen(self, timeout: float) -> None:
        readable, _, _ = select.select([self._socket], [], [], timeout)
        if not readable:
            return
        data = self._socket.recv(4096)
        if not data:
            raise ConnectionResetError
        messages, _ = m.unpack_all(self._decoder.feed(data))
        for message in messages:
            if isinstance(message, m.FeedTaken):
                self._taken = message.total
            elif isinstance(message, m.Cue):
                self._source.see(message.kind, message.label)

"""A session with a board: hello, streams, messages, bye."""

import queue
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import serial

from tinygesture.errors import UserError
from tinygesture.link import messages as m
from tinygesture.link.compatibility import check
from tinygesture.link.frame import FrameDecoder, encode_frame
from tinygesture.link.ports import drain, open_port

KEEP_ALIVE_S = 0.5
HELLO_TIMEOUT_S = 4.0
HELLO_EVERY_S = 0.4
BYE_S = 0.5


class LinkLost(UserError):
    """The port failed, or the board fell silent or began anew during a session."""


class Session:
    """An open link in frame mode. A thread reads the port and keeps the session alive.

    info: how the board described itself. crc_errors, malformed: damaged and unfitting frames
    since hello.
    """

    def __init__(self, port: serial.SerialBase, name: str) -> None:
        self.port = port
        self.name = name
        self.malformed = 0
        self._labels = 0  # of the model that the board said it has
        self._streams = m.Stream(0)
        self._decoder = FrameDecoder()
        self._messages: queue.SimpleQueue[m.Message | Exception] = queue.SimpleQueue()
        self._write_lock = threading.Lock()
        self._sent_at = 0.0
        self._closing = threading.Event()
        self._reader = threading.Thread(target=self._read, name=f"link {name}", daemon=True)
        self._reader.start()
        try:
            self.info = self._first_hello()
        except BaseException:
            self.close()
            raise

    @property
    def crc_errors(self) -> int:
        return self._decoder.errors

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def stream(self, streams: m.Stream) -> None:
        """Ask for these streams and no others; Stream(0) stops all."""
        self._streams = streams
        self.send(m.Streams(streams))

    def send(self, message: m.Message) -> None:
        """Raises LinkLost where the port fails."""
        self._write(encode_frame(m.pack(message)))

    def receive(self, timeout: float = 2.0) -> m.Message | None:
        """The next message, or None after `timeout` seconds. Raises LinkLost."""
        try:
            message = self._messages.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(message, Exception):
            self._messages.put(message)
            raise message
        return message

    def messages(self, silence: float = 3.0) -> Iterator[m.Message]:
        """Messages as they come. Raises LinkLost after `silence` seconds without any."""
        while True:
            message = self.receive(silence)
            if message is None:
                raise self._silent(silence)
            yield message

    def lasting_messages(self, silence: float = 3.0) -> Iterator[m.Message]:
        """Messages as they come, and on from where the board has left frame mode.

        It leaves it when it is reset, or hears nothing for 2 s because this computer sleeps. Where
        it is silent it is greeted again and asked for the same streams; its Info, among the
        messages, says so. Raises LinkLost where `silence` seconds pass without a message, or it
        answers hello and says nothing else.
        """
        greeted = False
        while True:
            message = self.receive(silence * 2 / 3)
            if message is None:
                if greeted:
                    raise LinkLost(
                        f"{self.name} answers, and has sent nothing else for {silence:g} s; its "
                        "IMU probably does not answer. Reset the board and repeat the command."
                    )
                greeted = True
                yield from self._greet_again(silence)
            elif not isinstance(message, m.Info):  # one more answer to a repeated hello
                greeted = False
                yield message

    def _greet_again(self, silence: float) -> Iterator[m.Message]:
        for message in self._say_hello(silence / 3):
            if isinstance(message, m.Info):
                self.info = self._met(message)
                self.stream(self._streams)
            yield message
            if isinstance(message, m.Info):
                return
        raise self._silent(silence)

    def redescribe(self, info: m.Info) -> None:
        """The board has described itself anew, because it has got another model."""
        self.info = self._met(info)

    def close(self) -> None:
        """Bye, so that the board speaks text again at once; never raises."""
        if self._closing.is_set():
            return
        try:
            self.send(m.Bye())
            drain(self.port, BYE_S)
        except (LinkLost, serial.SerialException, OSError):
            pass
        self._closing.set()
        self._reader.join(timeout=2)
        self.port.close()

    def _write(self, data: bytes) -> None:
        try:
            with self._write_lock:
                self.port.write(data)
                self._sent_at = time.monotonic()
        except (serial.SerialException, OSError) as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> LinkLost:
        return LinkLost(
            f"The link to {self.name} broke off ({error}); the board was probably unplugged or "
            "reset. Plug it in again and repeat the command."
        )

    def _silent(self, seconds: float) -> LinkLost:
        return LinkLost(
            f"{self.name} has sent nothing for {seconds:g} s; the board probably hangs, or was "
            "reset or unplugged. Reset it or plug it in again, then repeat the command."
        )

    def _read(self) -> None:
        try:
            while not self._closing.is_set():
                data = self.port.read(max(1, self.port.in_waiting))  # type: ignore[attr-defined]
                messages, malformed = m.unpack_all(self._decoder.feed(data))
                self.malformed += malformed
                for message in messages:
                    if self._fits(message):
                        self._messages.put(message)
                    else:
                        self.malformed += 1
                if self._sent_at and time.monotonic() - self._sent_at > KEEP_ALIVE_S:
                    self.send(m.KeepAlive())
        except LinkLost as error:
            self._messages.put(error)
        except (serial.SerialException, OSError, TypeError) as error:
            # pyserial raises TypeError where the port is closed under a read
            self._messages.put(self._lost(error))

    def _fits(self, message: m.Message) -> bool:
        if isinstance(message, m.Probabilities):
            return len(message.values) == self._labels
        return not isinstance(message, m.GestureEvent) or message.label < self._labels

    def _say_hello(self, seconds: float) -> Iterator[m.Message]:
        """What comes within `seconds` while hello is said again and again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._write(b"\0" + encode_frame(m.pack(m.Hello())))
            until = min(time.monotonic() + HELLO_EVERY_S, deadline)
            while (left := until - time.monotonic()) > 0:
                message = self.receive(left)
                if message is not None:
                    yield message

    def _met(self, info: m.Info) -> m.Info:
        """Raises UserError where this program cannot talk with the board."""
        check(info, self.name)
        self._labels = len(info.labels)
        return info

    def _first_hello(self) -> m.Info:
        for message in self._say_hello(HELLO_TIMEOUT_S):
            if isinstance(message, m.Info):
                return self._met(message)
        raise UserError(
            f"{self.name} does not answer as a tinygesture board within {HELLO_TIMEOUT_S:g} s; it "
            "probably runs another firmware. Flash it with `tinygesture flash`, or choose another "
            "port with --port (`tinygesture boards` lists them).",
            see="The board does not answer as a tinygesture board",
        )


def open_session(port: str) -> Session:
    """A session with the board at a port (`/dev/ttyACM0`, `COM5`, `sim://native`).

    Raises UserError: no such port, in use, not permitted, another firmware, another protocol.
    """
    return Session(open_port(port), port)

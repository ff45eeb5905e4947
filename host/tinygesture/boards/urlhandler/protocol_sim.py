"""sim://native and sim://cm4 as serial ports: opening one switches a virtual board on.

    sim://cm4                                       a person who does what the board's light asks
    sim://cm4?perform=circle,rest,punch&subject=3   a person who performs a script, then rests
    sim://cm4?play=FOLDER_OR_CSV                    recordings of a data set, one after the other

A script is what `tinygesture perform` takes. Further parameters: seed=N, session=N,
imu=lsm9ds1|bmi270|ideal, speed=FACTOR (1: real time, 0: as fast as the board takes samples),
firmware=FILE (instead of what was flashed).
"""

import select
import socket
import time

import serial

from tinygesture.boards.simulation import Simulation
from tinygesture.errors import UserError


class Serial(serial.SerialBase):
    """A virtual board's serial port. It lives from open() to close()."""

    def open(self) -> None:
        try:
            self._simulation = Simulation.start(str(self.portstr))
        except UserError as error:
            raise serial.SerialException(str(error)) from error
        self._socket = self._simulation.serial
        self.is_open = True

    def close(self) -> None:
        if self.is_open:
            self.is_open = False
            self._simulation.stop()

    def _reconfigure_port(self) -> None:
        """There are no baud rates to set."""

    @property
    def in_waiting(self) -> int:
        readable, _, _ = select.select([self._open_socket()], [], [], 0)
        if not readable:
            return 0
        return len(self._socket.recv(4096, socket.MSG_PEEK))

    def read(self, size: int = 1) -> bytes:
        connection = self._open_socket()
        deadline = None if self.timeout is None else time.monotonic() + self.timeout
        data = b""
        while len(data) < size:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            readable, _, _ = select.select([connection], [], [], left)
            if not readable:
                break
            piece = connection.recv(size - len(data))
            if not piece:
                raise serial.SerialException(self._simulation.why_it_ended())
            data += piece
        return data

    def write(self, data: bytes) -> int:  # type: ignore[override]
        connection = self._open_socket()
        left = memoryview(bytes(data))
        while left:
            _, writable, _ = select.select([], [connection], [], self.write_timeout)
            if not writable:
                raise serial.SerialTimeoutException("the virtual board takes no more bytes")
            left = left[connection.send(left) :]
        return len(data)

    def flush(self) -> None:
        """Bytes are on their way as soon as they are written."""

    def reset_input_buffer(self) -> None:
        while self.in_waiting:
            self._socket.recv(4096)

    def reset_output_buffer(self) -> None:
        """There is none."""

    def cancel_read(self) -> None:
        """Reads end by their timeout."""

    def _update_rts_state(self) -> None:
        """There is no such line."""

    def _update_dtr_state(self) -> None:
        """There is no such line."""

    def _update_break_state(self) -> None:
        """There is no such line."""

    cts = dsr = cd = True
    ri = False

    def _open_socket(self) -> socket.socket:
        if not self.is_open:
            raise serial.PortNotOpenError()
        return self._socket

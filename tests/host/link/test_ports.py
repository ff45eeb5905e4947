"""Ports that cannot be opened: what is said, as Linux and Windows fail."""

import errno
import time

import pytest
import serial

from tinygesture.errors import UserError
from tinygesture.link import ports


@pytest.mark.parametrize(
    ("port", "error", "said"),
    [
        (
            "/dev/there-is-none",
            serial.SerialException(errno.ENOENT, "No such file"),
            "There is no port",
        ),
        (
            "COM5",
            serial.SerialException("could not open port 'COM5': FileNotFoundError(2, 'Not found')"),
            "There is no port COM5",
        ),
        ("/dev/null", serial.SerialException(errno.EACCES, "denied"), "usermod -aG dialout"),
        ("/dev/null", serial.SerialException("[Errno 13] Permission denied"), "log out and in"),
        ("COM3", serial.SerialException("PermissionError(13, 'Access is denied.')"), "is in use"),
        ("/dev/null", serial.SerialException(errno.EBUSY, "busy"), "is in use by another program"),
        ("/dev/null", serial.SerialException("Could not exclusively lock port"), "Close that"),
        ("/dev/null", OSError("a novelty"), "could not be opened: a novelty.*tinygesture boards"),
    ],
)
def test_why_a_port_cannot_be_opened(
    monkeypatch: pytest.MonkeyPatch, port: str, error: Exception, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(serial, "serial_for_url", fail)
    with pytest.raises(UserError, match=said):
        ports.open_port(port)


class Stuck:
    """A port of a board that hangs: what is written to it stays."""

    out_waiting = 5

    def reset_output_buffer(self) -> None:
        self.out_waiting = 0


def test_a_board_that_takes_nothing_is_not_waited_for() -> None:
    port, began = Stuck(), time.monotonic()
    ports.drain(port, 0.05)  # type: ignore[arg-type]
    assert 0.05 <= time.monotonic() - began < 1.0
    assert port.out_waiting == 0  # or close() would wait for it

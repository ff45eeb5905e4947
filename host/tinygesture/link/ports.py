"""Opening serial ports, and what to say where that fails."""

import errno
import time

import serial

from tinygesture.errors import UserError

READ_TIMEOUT_S = 0.05
WRITE_TIMEOUT_S = 2.0
DRAIN_EVERY_S = 0.005


def open_port(port: str) -> serial.SerialBase:
    """The opened port: a device, or any URL that pyserial knows. Raises UserError."""
    try:
        return serial.serial_for_url(
            port,
            baudrate=115200,
            timeout=READ_TIMEOUT_S,
            write_timeout=WRITE_TIMEOUT_S,
            exclusive=None if "://" in port else True,
        )
    except (serial.SerialException, OSError, ValueError) as error:
        if isinstance(error.__cause__, UserError):  # the port's own sentence
            raise error.__cause__ from None
        raise _explain(port, error) from error


def drain(port: serial.SerialBase, seconds: float) -> None:
    """Waits until what was written has gone; what is left after `seconds` is dropped.

    flush() waits for ever where a board that hangs takes nothing, and close() for half a minute.
    """
    deadline = time.monotonic() + seconds
    while getattr(port, "out_waiting", 0) and time.monotonic() < deadline:
        time.sleep(DRAIN_EVERY_S)
    if getattr(port, "out_waiting", 0):
        port.reset_output_buffer()  # type: ignore[attr-defined]


def _explain(port: str, error: Exception) -> UserError:
    number = getattr(error, "errno", None)
    text = str(error)
    if number == errno.ENOENT or "FileNotFoundError" in text:  # Windows
        return UserError(
            f"There is no port {port}; the board is probably not plugged in, or has another name. "
            "`tinygesture boards` lists what is connected.",
            see="No board is found",
        )
    if number == errno.EACCES or "Permission denied" in text:
        return UserError(
            f"{port} may not be opened by you; on Linux ports belong to a group, which is probably "
            "dialout. Run `sudo usermod -aG dialout $USER`, log out and in again, and repeat the "
            "command.",
            see="The port may not be opened",
        )
    busy = number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text or "busy" in text
    if busy or "PermissionError" in text:  # Windows
        return UserError(
            f"{port} is in use by another program, such as a serial monitor, a second tinygesture "
            "or, on Linux for some seconds, ModemManager. Close that program and try again.",
            see="The port is busy",
        )
    return UserError(
        f"{port} could not be opened: {text}. `tinygesture boards` lists what is connected."
    )

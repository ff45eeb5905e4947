"""Opening serial ports, and what to say where that fails."""

import errno
from pathlib import Path

import serial

from tinygesture.errors import UserError

READ_TIMEOUT_S = 0.05
WRITE_TIMEOUT_S = 2.0


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
        raise UserError(_explain(port, error)) from error


def _explain(port: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    text = str(error)
    if "://" not in port and not _exists(port):
        return (
            f"There is no port {port}; the board is probably not plugged in, or has another name. "
            "`tinygesture boards` lists what is connected."
        )
    if number == errno.EACCES or "Permission denied" in text or "PermissionError" in text:
        return (
            f"{port} may not be opened by you. On Linux add yourself to its group with "
            "`sudo usermod -aG dialout $USER` and log in again; on Windows close the program that "
            "has it open."
        )
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in text or "busy" in text:
        return (
            f"{port} is in use by another program, such as a serial monitor or a second "
            "tinygesture. Close that program and try again."
        )
    return f"{port} could not be opened: {text}. `tinygesture boards` lists what is connected."


def _exists(port: str) -> bool:
    return port.upper().startswith("COM") or Path(port).exists()

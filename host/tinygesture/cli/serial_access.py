"""What Linux says of serial ports: who may open them, and who holds one. Elsewhere: nothing."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

UDEV_RULES = (
    "/etc/udev/rules.d",
    "/run/udev/rules.d",
    "/usr/lib/udev/rules.d",
    "/lib/udev/rules.d",
)
PROCESSES = Path("/proc")
USUAL_GROUP = "dialout"
ARDUINO = "2341"  # the USB vendor
_PERMITS = re.compile(r'\bMODE:?="0?66[0-6]"|\bGROUP:?=|"uaccess"')


def on_linux() -> bool:
    return sys.platform.startswith("linux")


def permitting_rule() -> Path | None:
    """The udev rule that lets users open an Arduino's port."""
    return _rule(_PERMITS)


def ignored_by_modem_manager() -> bool:
    """Whether a udev rule tells ModemManager to leave Arduinos alone."""
    return _rule(re.compile("ID_MM_(DEVICE|PORT)_IGNORE")) is not None


def _rule(wanted: re.Pattern[str]) -> Path | None:
    for folder in UDEV_RULES:
        for rule in sorted(Path(folder).glob("*.rules")):
            for line in _text(rule).splitlines():
                if not line.startswith("#") and ARDUINO in line and wanted.search(line):
                    return rule
    return None


def modem_manager_runs() -> bool:
    return any("ModemManager" in _text(process / "comm") for process in _processes())


def holder(port: str) -> str:
    """The name of a program of this user that has the port open; empty: none that can be seen."""
    there = os.path.realpath(port)
    for process in _processes():
        if there in _opened_by(process):
            return _text(process / "comm").strip()
    return ""


def _opened_by(process: Path) -> Iterator[str]:
    with suppress(OSError):  # it has ended meanwhile, or is another user's
        for opened in (process / "fd").iterdir():
            with suppress(OSError):
                yield str(opened.readlink())


def _processes() -> Iterator[Path]:
    return PROCESSES.glob("[0-9]*")


def group_of(port: str) -> str:
    """The group that a port belongs to, which is dialout on most systems and uucp on some."""
    import grp

    try:
        return grp.getgrgid(Path(port).stat().st_gid).gr_name
    except (OSError, KeyError):
        return USUAL_GROUP


def is_member(group: str, from_next_login: bool = False) -> bool:
    """Whether this user is in a group: now, or once logged in again."""
    import getpass
    import grp

    try:
        entry = grp.getgrnam(group)
    except KeyError:
        return False
    if not from_next_login:
        return entry.gr_gid in os.getgroups()
    try:
        return getpass.getuser() in entry.gr_mem
    except KeyError:  # a user without a name, as containers have them
        return False


def how_to_join(group: str) -> str:
    if group == "root":
        return "docs/troubleshooting.md has a udev rule that lets you."
    if is_member(group, from_next_login=True):
        return f"You are in the group {group} from your next login on: log out and in again."
    return f"Run `sudo usermod -aG {group} $USER`, then log out and in again."


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""

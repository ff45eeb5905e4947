"""`tinygesture doctor`: what is missing is named, with what to do about it."""

import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tinygesture import boards, project
from tinygesture.boards import Found
from tinygesture.cli import checkup, serial_access
from tinygesture.cli.commands.doctor import command
from tinygesture.errors import UserError


def findings() -> dict[str, checkup.Finding]:
    return {finding.what: finding for finding in checkup.checkup()}


def test_everything_has_a_finding() -> None:
    found = findings()
    for what in ("Python", "packages", "clone", "PlatformIO", "sim://native", "sim://cm4"):
        assert found[what].found
    for finding in found.values():
        assert bool(finding.advice) == (finding.state != "good"), finding


def test_missing_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    found = findings()
    assert found["sim://cm4"].found == "not installed: arm-none-eabi-g++, qemu-system-arm"
    assert found["training"].state == "limited"
    assert "pip install '.[train]'" in found["training"].advice


def test_outside_of_a_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise UserError("Change into your clone.")

    monkeypatch.setattr(project, "root", nowhere)
    assert findings()["clone"].advice == "Change into your clone."


def test_another_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 1, "final", 0))
    python = findings()["Python"]
    assert (python.state, python.found.partition(",")[0]) == ("limited", "3.13.1")
    assert "training needs Python 3.11" in python.advice


def test_missing_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(package: str) -> str:
        if package in ("pandas", "platformio"):
            raise importlib.metadata.PackageNotFoundError
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    found = findings()
    assert found["packages"].state == "bad"
    assert found["packages"].found == "not installed: pandas, platformio"
    assert "PlatformIO" not in found


def test_what_platformio_has_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(project, "root", lambda: tmp_path)
    for name in checkup.NANO_PACKAGES:
        assert findings()["Nano 33 BLE"].state == "limited"
        (tmp_path / ".platformio" / name).mkdir(parents=True)
    assert findings()["Nano 33 BLE"].state == "good"
    (tmp_path / ".platformio/packages/tool-bossac-nordicnrf52").rmdir()
    assert findings()["Nano 33 BLE"].found.endswith("not fetched tool-bossac-nordicnrf52")


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A Linux with one board, no rules, no processes, and a user in no group."""
    port = tmp_path / "ttyACM0"
    port.touch()
    (tmp_path / "rules").mkdir()
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(serial_access, "UDEV_RULES", (str(tmp_path / "rules"),))
    monkeypatch.setattr(serial_access, "PROCESSES", tmp_path / "proc")
    monkeypatch.setattr(serial_access, "is_member", lambda group, from_next_login=False: False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(boards, "find", lambda: [Found(str(port), "nano33ble", "Nano 33 BLE")])
    return tmp_path


def process(linux: Path, name: str, opened: Path | None = None) -> None:
    folder = linux / "proc" / "41" / "fd"
    folder.mkdir(parents=True, exist_ok=True)
    (folder.parent / "comm").write_text(f"{name}\n")
    if opened:
        (folder / "3").symlink_to(opened)


def test_a_board_that_may_not_be_opened(monkeypatch: pytest.MonkeyPatch, linux: Path) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(serial_access, "group_of", lambda port: "uucp")
    port = str(linux / "ttyACM0")
    assert findings()[port].state == "bad"
    assert "usermod -aG uucp" in findings()[port].advice
    assert "board" not in findings()
    result = CliRunner().invoke(command, standalone_mode=False)
    assert result.return_value == 1
    assert f"Not in order: {port}." in result.output
    monkeypatch.setattr(
        serial_access, "is_member", lambda group, from_next_login=False: from_next_login
    )
    assert "from your next login on" in findings()[port].advice
    monkeypatch.setattr(serial_access, "group_of", lambda port: "root")
    assert "a udev rule that lets you" in findings()[port].advice


def test_a_port_that_another_program_has(linux: Path) -> None:
    port = linux / "ttyACM0"
    process(linux, "serial-monitor")
    assert findings()[str(port)].state == "good"
    process(linux, "serial-monitor", port)
    found = findings()[str(port)]
    assert (found.state, found.found) == ("limited", "Nano 33 BLE, in use by serial-monitor")


def test_a_program_that_ends_while_it_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, linux: Path
) -> None:
    ended = linux / "proc" / "40" / "fd"
    ended.mkdir(parents=True)

    def of_the_living(look: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def guarded(folder: Any = ".") -> Any:
            if Path(folder) == ended:
                raise FileNotFoundError(folder)
            return look(folder)

        return guarded

    for look in ("listdir", "scandir"):
        monkeypatch.setattr(os, look, of_the_living(getattr(os, look)))
    assert serial_access.holder(str(linux / "ttyACM0")) == ""


def test_a_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As containers have them: no entry in the list of users, no HOME."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)
    assert "usermod -aG tty" in serial_access.how_to_join("tty")


def test_a_board_in_its_bootloader(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [Found("COM8", "nano33ble", "Nano 33 BLE, in its bootloader", True)]
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(boards, "find", lambda: there)
    assert "reset button" in findings()["COM8"].advice
    assert {"udev rule", "ModemManager"}.isdisjoint(findings())


def test_permission_by_group_or_by_rule(monkeypatch: pytest.MonkeyPatch, linux: Path) -> None:
    def rule(text: str) -> str:
        (linux / "rules" / "77-some.rules").write_text(text)
        return findings()["udev rule"].state

    assert findings()["udev rule"].state == "limited"
    # ModemManager's own list permits nothing, and neither does what is commented out.
    assert rule('ATTRS{idVendor}=="2341", ENV{ID_MM_DEVICE_IGNORE}="1"') == "limited"
    assert rule('# ATTRS{idVendor}=="2341", MODE="0666"') == "limited"
    assert rule('ATTRS{idVendor}=="1a86", MODE="0666"') == "limited"
    assert rule('ATTRS{idVendor}=="2341", MODE="0600"') == "limited"
    assert rule('ATTRS{idVendor}=="2341", MODE="0666"') == "good"
    assert rule('ATTRS{idVendor}=="2341", TAG+="uaccess"') == "good"
    assert rule("") == "limited"
    monkeypatch.setattr(
        serial_access, "is_member", lambda group, from_next_login=False: not from_next_login
    )
    assert findings()["udev rule"].found.startswith("not needed")


def test_modem_manager_and_the_rule_against_it(linux: Path) -> None:
    assert "ModemManager" not in findings()
    process(linux, "ModemManager")
    assert findings()["ModemManager"].state == "limited"
    text = (Path(__file__).parents[3] / "docs" / "troubleshooting.md").read_text("utf-8")
    [rule] = re.findall(r"echo '(.*)'", text)
    (linux / "rules" / "99-arduino.rules").write_text(rule)
    assert findings()["ModemManager"].state == "good"
    assert findings()["udev rule"].state == "good"


def test_json_lines(capfd: pytest.CaptureFixture[str]) -> None:
    command.main(["--json"], standalone_mode=False)
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {"what", "state", "found", "advice"} == set(lines[0])

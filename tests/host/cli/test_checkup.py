"""`tinygesture doctor`: what is missing is named, with what to do about it."""

import importlib.util
import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tinygesture import boards, project
from tinygesture.boards import Found
from tinygesture.cli import checkup
from tinygesture.cli.commands.doctor import command
from tinygesture.errors import UserError


def findings() -> dict[str, checkup.Finding]:
    return {finding.what: finding for finding in checkup.checkup()}


def test_everything_has_a_finding() -> None:
    found = findings()
    for what in ("Python", "clone", "training", "PlatformIO", "sim://native", "sim://cm4"):
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


def test_a_board_that_may_not_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [Found("/dev/ttyACM0", "nano33ble", "Arduino Nano 33 BLE")]
    monkeypatch.setattr(boards, "find", lambda: there)
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = findings()
    assert found["/dev/ttyACM0"].state == "bad"
    assert "usermod -aG dialout" in found["/dev/ttyACM0"].advice
    assert "board" not in found
    result = CliRunner().invoke(command, standalone_mode=False)
    assert result.return_value == 1
    assert "Not in order: /dev/ttyACM0." in result.output


def test_permission_by_group_or_by_rule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(checkup, "UDEV_RULES", (str(tmp_path),))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(checkup, "_in_group", lambda name: False)
    assert findings()["udev rule"].state == "limited"
    (tmp_path / "99-arduino.rules").write_text('ATTRS{idVendor}=="2341", MODE="0666"')
    assert findings()["udev rule"].state == "good"


def test_json_lines(capfd: pytest.CaptureFixture[str]) -> None:
    command.main(["--json"], standalone_mode=False)
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {"what", "state", "found", "advice"} == set(lines[0])

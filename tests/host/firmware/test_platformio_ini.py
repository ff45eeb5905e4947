"""What PlatformIO makes of platformio.ini: the configuration that the boards are built with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tinygesture import project
from tinygesture.export.tflm_library import COMMIT

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def resolved() -> dict[str, dict]:
    command = [sys.executable, "-m", "platformio", "project", "config", "--json-output"]
    environment = project.platformio_environment("swing")
    output = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60
    ).stdout
    return {name: dict(options) for name, options in json.loads(output)}


def test_the_real_board(resolved: dict[str, dict]) -> None:
    nano = resolved["env:nano33ble"]
    assert nano["platform"] == "nordicnrf52@10.11.0"
    assert (nano["board"], nano["framework"]) == ("nano33ble", ["arduino"])
    assert nano["lib_deps"] == [
        "arduino-libraries/Arduino_LSM9DS1@1.1.1",
        "arduino-libraries/Arduino_BMI270_BMM150@1.2.3",
    ]
    assert "-mfloat-abi=soft" in " ".join(nano["build_unflags"]).split()
    flags = " ".join(nano["build_flags"]).split()
    assert "-std=gnu++14" in flags
    assert not any(flag.startswith("-mfloat-abi") for flag in flags)
    assert {"-Wall", "-Wextra"} <= set(" ".join(nano["build_src_flags"]).split())


@pytest.mark.parametrize("name", ["cm4", "nano33ble"])
def test_tensorflow_lite_micro_is_pinned(resolved: dict[str, dict], name: str) -> None:
    plain, options = resolved[f"env:{name}"], resolved[f"env:{name}_tflm"]
    added = [library for library in options["lib_deps"] if library not in plain.get("lib_deps", [])]
    assert added == [f"https://github.com/tensorflow/tflite-micro-arduino-examples#{COMMIT}"]
    assert set(plain.get("lib_deps", [])) <= set(options["lib_deps"])
    assert options["lib_ignore"] == ["Arduino_TensorFlowLite"]  # but what tflm.py names
    assert (plain["custom_engine"], options["custom_engine"]) == ("compiled", "tflm")
    same = {"build_flags", "build_unflags", "build_src_filter", "extra_scripts", "platform"}
    assert {key: plain[key] for key in same} == {key: options[key] for key in same}


@pytest.mark.parametrize("name", ["native", "cm4", "nano33ble"])
def test_every_board(resolved: dict[str, dict], name: str) -> None:
    options = resolved[f"env:{name}"]
    assert options["custom_model"] == "swing"
    assert options["build_src_filter"] == [f"+<*> +<../boards/{name}/>"]
    assert "-std=gnu++17" in " ".join(options["build_unflags"]).split()
    assert options["extra_scripts"] == ["pre:firmware/platforms/common.py"]


@pytest.mark.parametrize("name", ["native", "cm4"])
def test_warnings_are_errors_on_virtual_boards(resolved: dict[str, dict], name: str) -> None:
    flags = " ".join(resolved[f"env:{name}"]["build_flags"]).split()
    assert {"-Wall", "-Wextra", "-Werror", "-std=gnu++14"} <= set(flags)


def test_a_fresh_clone_builds_without_a_model() -> None:
    command = [sys.executable, "-m", "platformio", "project", "config", "--json-output"]
    environment = project.platformio_environment("")
    del environment["TINYGESTURE_MODEL"]
    output = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    options = dict(dict(json.loads(output.stdout))["env:nano33ble"])
    assert not options["custom_model"]

"""pyproject.toml, requirements.lock and wheels.json against each other, for every platform."""

import json
import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from packaging import tags
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCK_TEXT = (ROOT / "requirements.lock").read_text()
WHEELS = json.loads((Path(__file__).parent / "wheels.json").read_text())

BASE = PROJECT["project"]["dependencies"]
TRAIN = PROJECT["project"]["optional-dependencies"]["train"]
DEV = PROJECT["dependency-groups"]["dev"]

# Where there is no compiler its setup.py falls back to pure Python.
INSTALLS_FROM_SOURCE = {"cobs"}


def manylinux(machine: str) -> list[str]:
    """Platform tags of a Linux with glibc 2.35 (Ubuntu 22.04) or newer."""
    return [f"manylinux_2_{minor}_{machine}" for minor in range(35, 16, -1)] + [
        f"manylinux2014_{machine}",
        f"manylinux2010_{machine}",
        f"manylinux1_{machine}",
    ]


# name -> (sys_platform, platform_system, os_name, platform_machine), platform tags
PLATFORMS = {
    "linux-x86_64": (("linux", "Linux", "posix", "x86_64"), manylinux("x86_64")),
    "linux-aarch64": (("linux", "Linux", "posix", "aarch64"), manylinux("aarch64")),
    "macos-arm64": (
        ("darwin", "Darwin", "posix", "arm64"),
        list(tags.mac_platforms((14, 0), "arm64")),
    ),
    "macos-x86_64": (
        ("darwin", "Darwin", "posix", "x86_64"),
        list(tags.mac_platforms((14, 0), "x86_64")),
    ),
    "windows-amd64": (("win32", "Windows", "nt", "AMD64"), ["win_amd64"]),
}
everywhere = pytest.mark.parametrize("platform", PLATFORMS)
on_each_python = pytest.mark.parametrize("minor", [11, 12, 13])


def environment(platform: str, minor: int) -> dict[str, str]:
    (sys_platform, system, os_name, machine), _ = PLATFORMS[platform]
    return {
        "python_version": f"3.{minor}",
        "python_full_version": f"3.{minor}.4",
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "os_name": os_name,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def applying(lines: list[str], platform: str, minor: int) -> Iterator[Requirement]:
    """The requirements among `lines` that hold on this platform and Python."""
    for requirement in map(Requirement, lines):
        if requirement.marker is None or requirement.marker.evaluate(environment(platform, minor)):
            yield requirement


def locked_lines() -> list[str]:
    return [match[0] for match in re.finditer(r"^[a-z0-9].*?(?= \\$)", LOCK_TEXT, re.MULTILINE)]


def locked(platform: str, minor: int) -> dict[str, str]:
    """Name -> version of what set-up installs there."""
    pins = list(applying(locked_lines(), platform, minor))
    versions = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins}
    assert len(versions) == len(pins), "two versions of one distribution"
    return versions


def without_wheel(lines: list[str], platform: str, minor: int) -> set[str]:
    """Those of the locked `lines` that have no wheel for this platform and Python."""
    _, platform_tags = PLATFORMS[platform]
    supported = set(
        chain(
            tags.cpython_tags((3, minor), platforms=platform_tags),
            tags.compatible_tags((3, minor), f"cp3{minor}", platform_tags),
        )
    )
    missing = set()
    for pin in applying(lines, platform, minor):
        files = WHEELS["files"][f"{pin.name}{pin.specifier}"]
        wheels = [file for file in files if file.endswith(".whl")]
        if not any(parse_wheel_filename(wheel)[3] & supported for wheel in wheels):
            missing.add(pin.name)
    return missing


def test_the_declared_dependencies_include_what_the_work_is_done_with() -> None:
    declared = {Requirement(line).name for line in BASE + TRAIN}
    assert declared >= {
        "tensorflow",
        "pyserial",
        "numpy",
        "pandas",
        "platformio",
        "tflite-support",
    }


@everywhere
@on_each_python
def test_the_lock_satisfies_pyproject(platform: str, minor: int) -> None:
    versions = locked(platform, minor)
    for requirement in applying(BASE + TRAIN + DEV, platform, minor):
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement} against {version}: run `make lock`"
        )


@everywhere
@on_each_python
def test_the_base_has_a_wheel_on_every_platform(platform: str, minor: int) -> None:
    assert without_wheel(WHEELS["base"], platform, minor) <= INSTALLS_FROM_SOURCE


@everywhere
@on_each_python
def test_the_markers_of_train_ask_only_for_what_has_a_wheel(platform: str, minor: int) -> None:
    assert without_wheel(WHEELS["train"], platform, minor) <= INSTALLS_FROM_SOURCE


@everywhere
@on_each_python
def test_the_base_never_brings_tensorflow(platform: str, minor: int) -> None:
    names = {pin.name for pin in applying(WHEELS["base"], platform, minor)}
    assert "pyserial" in names
    assert not [name for name in names if name.startswith(("tensorflow", "tflite", "keras"))]


def test_training_is_complete_on_linux_with_python_3_11() -> None:
    names = {pin.name for pin in applying(WHEELS["train"], "linux-x86_64", 11)}
    assert names >= {"tensorflow", "tflite-support", "tflite-micro"}


def test_lock_and_wheels_come_from_one_resolution() -> None:
    pins = {f"{pin.name}{pin.specifier}" for pin in map(Requirement, locked_lines())}
    assert pins == set(WHEELS["files"])


def test_every_locked_version_has_hashes_and_no_address() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK_TEXT.split("\n", 1)[1])
    assert len(blocks) == len(locked_lines())
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)
    assert "://" not in LOCK_TEXT + json.dumps(WHEELS)

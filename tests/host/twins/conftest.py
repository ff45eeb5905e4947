"""Builds the firmware's libraries for this computer, once per test run."""

import ctypes
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LIBRARIES = ROOT / "firmware" / "lib"
USED = ("contract", "link", "detector")
WARNINGS = ["-std=c++14", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti"]


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    target = tmp_path_factory.mktemp("twins") / "twins.so"
    sources = [Path(__file__).with_name("twins.cpp")]
    sources += [source for name in USED for source in (LIBRARIES / name).glob("*.cpp")]
    includes = [f"-I{LIBRARIES / name}" for name in USED]
    command = ["g++", *WARNINGS, "-O1", "-g", "-fsanitize=undefined", "-fno-sanitize-recover=all"]
    command += ["-shared", "-fPIC", *includes, *map(str, sources), "-o", str(target)]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(target))

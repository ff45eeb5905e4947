"""TensorFlow Lite Micro for the emulated board, where PlatformIO can fetch it."""

import subprocess

import pytest

from system.clone import Clone
from tinygesture.boards import VIRTUAL_BOARDS
from tinygesture.cli.trial import missing_tools

UNREACHABLE = ("VCSBaseException", "HTTPClientError", "InternetConnectionError", "Git client")


def fetch_library(clone: Clone) -> None:
    """Skips the test where PlatformIO cannot fetch it, and says why."""
    if missing := missing_tools(VIRTUAL_BOARDS["cm4"]):
        pytest.skip(f"sim://cm4 needs {' and '.join(missing)}")
    try:
        done = clone.run("pio", "pkg", "install", "-e", "cm4_tflm", timeout=150)
    except subprocess.TimeoutExpired:
        pytest.skip("TensorFlow Lite Micro did not come from GitHub within 150 s")
    said = done.stdout + done.stderr
    if done.status != 0 and any(word in said for word in UNREACHABLE):
        pytest.skip(f"TensorFlow Lite Micro cannot be fetched here: {said.splitlines()[-1]}")
    assert done.status == 0, said

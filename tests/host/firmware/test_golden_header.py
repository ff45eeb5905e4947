"""golden.h, which the boards are held against, is what Python computes today."""

import runpy
from pathlib import Path

FIRMWARE_TESTS = Path(__file__).parents[2] / "firmware"


def test_golden_header_is_current():
    script = runpy.run_path(str(FIRMWARE_TESTS / "make_golden.py"))
    current = (FIRMWARE_TESTS / "golden.h").read_text()
    assert script["golden"]() == current, "run python tests/firmware/make_golden.py"

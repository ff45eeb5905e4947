"""What a compiled model takes on a Cortex-M4, within tests/firmware/budget.toml."""

import shutil
from pathlib import Path

import pytest

from budget import BUDGET, check
from cortex_m4 import COMPILER, compile_object, largest_frame, size


@pytest.mark.skipif(not shutil.which(COMPILER), reason=f"{COMPILER} is not installed")
def test_flash_ram_and_stack_of_a_model(exported, tmp_path: Path) -> None:
    bundle = exported.result.bundle
    model = compile_object(bundle.path / "compiled_model.cpp", tmp_path)
    check({bundle.arch: BUDGET["models"][bundle.arch]}, {bundle.arch: size([model])})
    assert largest_frame([model]) <= BUDGET["stack"]["frame"]

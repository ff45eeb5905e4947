"""Every kernel against TensorFlow Lite Micro, on random models and inputs, extremes included."""

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from harness import KERNELS, LANGUAGE, WARNINGS, HostProgram, run_tflm, vectors
from random_models import GENERATORS, Case

from tinygesture.export.compiler import CompiledModel, compile_model

pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro, the arbiter, has no wheel here")

MODELS_PER_OPERATOR = 24
CALLS = 12


@pytest.fixture(scope="module")
def cases() -> Mapping[str, Sequence[Case]]:
    return {
        name: [
            generate(np.random.default_rng([seed, index])) for seed in range(MODELS_PER_OPERATOR)
        ]
        for index, (name, generate) in enumerate(GENERATORS.items())
    }


@pytest.fixture(scope="module")
def program(
    cases: Mapping[str, Sequence[Case]],
    host_program: Callable[[Sequence[CompiledModel]], HostProgram],
) -> HostProgram:
    return host_program(
        [compile_model(case.model, case.state) for group in cases.values() for case in group]
    )


@pytest.mark.parametrize("name", GENERATORS)
def test_bit_exact(name: str, cases: Mapping[str, Sequence[Case]], program: HostProgram) -> None:
    first = list(GENERATORS).index(name) * MODELS_PER_OPERATOR
    different = set()
    for i, case in enumerate(cases[name]):
        inputs = vectors(np.random.default_rng(i), case.input_shape, CALLS)
        expected = run_tflm(case.model, inputs, case.state)
        outputs = program.run(first + i, inputs)
        np.testing.assert_array_equal(outputs, expected, f"model {i} of {name}")
        different |= {row.tobytes() for row in expected}
    assert len(different) > MODELS_PER_OPERATOR, "the models hardly react to their inputs"


def test_generated_code_is_tidy(cases: Mapping[str, Sequence[Case]]) -> None:
    for group in cases.values():
        compiled = compile_model(group[0].model, group[0].state)
        for text in (compiled.header, compiled.source):
            lines = text.splitlines()
            assert max(map(len, lines)) <= 100
            assert not any(line != line.rstrip() for line in lines)
            assert "\n\n\n" not in text
            assert text.endswith("}  // namespace tinygesture\n")


def test_generated_code_builds_for_the_board(
    cases: Mapping[str, Sequence[Case]], tmp_path: Path
) -> None:
    compiler = "arm-none-eabi-g++"
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    for group in cases.values():
        compiled = compile_model(group[0].model, group[0].state)
        (tmp_path / "compiled_model.h").write_text(compiled.header)
        (tmp_path / "compiled_model.cpp").write_text(compiled.source)
        command = [compiler, "-mcpu=cortex-m4", "-mthumb", "-fsyntax-only", *LANGUAGE, *WARNINGS]
        subprocess.run([*command, f"-I{KERNELS}", tmp_path / "compiled_model.cpp"], check=True)

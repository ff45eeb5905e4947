"""Every kernel against TensorFlow Lite Micro, on random models and inputs, extremes included."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from emulated import COMPILER, EMULATOR, PORTABLE, EmulatedProgram
from harness import KERNELS, LANGUAGE, WARNINGS, HostProgram, Int8, run_tflm, vectors
from random_models import GENERATORS, Case

from tinygesture.export.compiler import CompiledModel, compile_model

pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro, the arbiter, has no wheel here")

# Of each kind; make soak takes more, and others.
MODELS = int(os.environ.get("TINYGESTURE_RANDOM_MODELS", 10))
FIRST = int(os.environ.get("TINYGESTURE_FIRST_MODEL", 0))
EMULATED = max(8, MODELS // 2)
CALLS = 12


@dataclass(frozen=True)
class Trial:
    """A model with inputs (calls, ...), and what TensorFlow Lite Micro makes of them."""

    name: str
    case: Case
    compiled: CompiledModel
    inputs: Int8
    expected: Int8

    @classmethod
    def random(cls, name: str, seed: int) -> "Trial":
        index = list(GENERATORS).index(name)
        case = GENERATORS[name](np.random.default_rng([seed, index]))
        inputs = vectors(np.random.default_rng(seed), case.input_shape, CALLS)
        expected = run_tflm(case.model, inputs, case.state)
        return cls(f"{name} {seed}", case, compile_model(case.model, case.state), inputs, expected)


@pytest.fixture(scope="module")
def trials() -> Mapping[str, Sequence[Trial]]:
    seeds = range(FIRST, FIRST + MODELS)
    return {name: [Trial.random(name, seed) for seed in seeds] for name in GENERATORS}


@pytest.fixture(scope="module")
def program(
    trials: Mapping[str, Sequence[Trial]],
    host_program: Callable[[Sequence[CompiledModel]], HostProgram],
) -> HostProgram:
    return host_program([trial.compiled for group in trials.values() for trial in group])


@pytest.mark.parametrize("name", GENERATORS)
def test_bit_exact(name: str, trials: Mapping[str, Sequence[Trial]], program: HostProgram) -> None:
    first = list(GENERATORS).index(name) * MODELS
    different = set()
    for i, trial in enumerate(trials[name]):
        outputs = program.run(first + i, trial.inputs)
        np.testing.assert_array_equal(outputs, trial.expected, trial.name)
        different |= {row.tobytes() for row in trial.expected}
    assert len(different) > MODELS, "the models hardly react to their inputs"


@pytest.mark.parametrize("flags", [[], [PORTABLE]], ids=["DSP instructions", "portable"])
def test_bit_exact_on_the_emulated_board(
    flags: list[str], trials: Mapping[str, Sequence[Trial]], tmp_path: Path
) -> None:
    if not shutil.which(COMPILER) or not shutil.which(EMULATOR):
        pytest.skip(f"{COMPILER} or {EMULATOR} is not installed")
    chosen = [trial for group in trials.values() for trial in group[:EMULATED]]
    program = EmulatedProgram([trial.compiled for trial in chosen], tmp_path, *flags)
    outputs = program.run([trial.inputs for trial in chosen])
    for trial, output in zip(chosen, outputs, strict=True):
        np.testing.assert_array_equal(output, trial.expected, trial.name)


def test_generated_code_is_tidy(trials: Mapping[str, Sequence[Trial]]) -> None:
    for group in trials.values():
        compiled = group[0].compiled
        for text in (compiled.header, compiled.source):
            lines = text.splitlines()
            assert max(map(len, lines)) <= 100
            assert not any(line != line.rstrip() for line in lines)
            assert "\n\n\n" not in text
            assert text.endswith("}  // namespace tinygesture\n")


def test_generated_code_builds_for_the_board(
    trials: Mapping[str, Sequence[Trial]], tmp_path: Path
) -> None:
    compiler = "arm-none-eabi-g++"
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    for group in trials.values():
        compiled = group[0].compiled
        (tmp_path / "compiled_model.h").write_text(compiled.header)
        (tmp_path / "compiled_model.cpp").write_text(compiled.source)
        command = [compiler, "-mcpu=cortex-m4", "-mthumb", "-fsyntax-only", *LANGUAGE, *WARNINGS]
        subprocess.run([*command, f"-I{KERNELS}", tmp_path / "compiled_model.cpp"], check=True)

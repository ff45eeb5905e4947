"""Both engines behind one interface; TensorFlow Lite Micro is played by tests/tflm_stand_in."""

import math
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tinygesture.export.compiler.arithmetic import mean_factor, quantise_factor

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
LIB = ROOT / "firmware" / "lib"
STAND_IN = ROOT / "tests" / "tflm_stand_in"
FLAGS = ["-std=c++14", "-O1", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-Werror"]
CHECKS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
TFLM = ["tflm_engine.cpp", "tflm_log.cpp"]


def run(folder: Path, main: str, sources: list[Path], *defines: str, given: str = "") -> str:
    folders = (LIB / "inference", LIB / "kernels", LIB / "tflm", STAND_IN)
    includes = [f"-I{path}" for path in folders]
    program = folder / "program"
    command = ["g++", *FLAGS, *CHECKS, *defines, *includes, HERE / main, *sources, "-o", program]
    subprocess.run(command, check=True)
    done = subprocess.run([program], input=given, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.stdout


@pytest.mark.parametrize("engine", ["compiled", "tflm"])
def test_the_contract_of_every_engine(engine: str, tmp_path: Path) -> None:
    sources = [LIB / "inference" / "engine.cpp"]
    defines = [f'-DENGINE="{engine}"', "-DTINYGESTURE_MODEL"]
    if engine == "tflm":
        sources += [LIB / "tflm" / name for name in (*TFLM, "engine.cpp")]
        defines.append("-DTINYGESTURE_TFLM")
    said = run(tmp_path, "engine_contract.cpp", sources, *defines)
    assert "4 Tests 0 Failures" in said, said


def test_what_the_interpreter_cannot_do_is_told(tmp_path: Path) -> None:
    said = run(tmp_path, "tflm_engine_faults.cpp", [LIB / "tflm" / name for name in TFLM])
    assert "5 Tests 0 Failures" in said, said


def test_mean_is_prepared_as_the_compiler_prepares_it(tmp_path: Path) -> None:
    """Shapes, neighbouring axes and factors; scales far apart included."""
    rng = np.random.default_rng(3)
    asked, expected = [], []
    for _ in range(300):
        shape = rng.integers(1, 40, rng.integers(1, 5)).tolist()
        chosen = rng.random(len(shape)) < 0.5
        scales = (2.0 ** rng.uniform(-20, 20, 2)).astype(np.float32).tolist()
        mask = sum(1 << i for i in np.flatnonzero(chosen))
        numbers = [mask, len(shape), *shape]
        asked.append(" ".join([*map(str, numbers), *map(float.hex, scales)]))
        axes = np.flatnonzero(chosen)
        if not len(axes) or axes[-1] - axes[0] + 1 != len(axes):
            expected.append("refused")
            continue
        outer, reduced = math.prod(shape[: axes[0]]), math.prod(shape[axes[0] : axes[-1] + 1])
        factor = mean_factor(quantise_factor(scales[0] / scales[1]), reduced)
        inner = math.prod(shape[axes[-1] + 1 :])
        expected.append(f"{outer} {reduced} {inner} -3 {factor.multiplier} {factor.shift} 5")
    sources = [LIB / "tflm" / "mean_layer.cpp"]
    said = run(tmp_path, "mean_layer.cpp", sources, given="\n".join(asked))
    assert said.splitlines() == expected

"""firmware/lib/inference around the kernels: stepper, engine() and model()."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from harness import KERNELS, LANGUAGE, SANITISERS, WARNINGS

from tflite_builder import TfliteBuilder
from tinygesture.export.compiler import compile_model

LIBRARIES = KERNELS.parent
INFERENCE = LIBRARIES / "inference"
INCLUDES = [f"-I{LIBRARIES / name}" for name in ("inference", "kernels", "contract", "detector")]


def build(folder: Path, main: str, sources: list[str], *flags: str) -> Path:
    (folder / "main.cpp").write_text(main)
    program = folder / "program"
    files = [folder / "main.cpp", *(INFERENCE / name for name in sources)]
    files += KERNELS.glob("*.cpp")
    command = ["g++", "-O1", *LANGUAGE, *WARNINGS, *SANITISERS, *INCLUDES, *flags]
    subprocess.run([*command, *files, "-o", program], check=True)
    return program


def output_of(program: Path, *arguments: str) -> str:
    result = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


STEPPER = """
#include <stdio.h>
#include <stdlib.h>
#include "stepper.h"

namespace {
uint16_t taken;
class Recorder : public tinygesture::Engine {
 public:
  const char* name() const override { return "recorder"; }
  uint16_t samples(uint16_t) const override { return taken; }
  void reset() override { puts("reset"); }
  void invoke(const int8_t* input, int8_t* probabilities) override {
    for (int i = 0; i < taken * tinygesture::kChannels; ++i) printf("%d ", input[i]);
    puts("");
    probabilities[0] = input[0];
  }
};
}  // namespace

// arguments: window, hop, samples, how many one call takes; sample i is (i, i + 1, ..., i + 5)
int main(int, char** arguments) {
  Recorder recorder;
  tinygesture::Model model = {};
  model.window = static_cast<uint16_t>(atoi(arguments[1]));
  model.hop = static_cast<uint16_t>(atoi(arguments[2]));
  taken = static_cast<uint16_t>(atoi(arguments[4]));
  tinygesture::Stepper stepper(model, recorder);
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < atoi(arguments[3]); ++i) {
      int8_t sample[tinygesture::kChannels];
      for (int c = 0; c < tinygesture::kChannels; ++c) sample[c] = static_cast<int8_t>(i + c);
      int8_t probabilities[1];
      if (stepper.push(sample, probabilities)) printf("%d after %d\\n", probabilities[0], i);
    }
    stepper.reset();
  }
}
"""


@pytest.fixture(scope="module")
def stepper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("stepper"), STEPPER, ["stepper.cpp"])


@pytest.mark.parametrize(
    ("window", "hop"), [(1, 1), (4, 4), (4, 1), (5, 3), (120, 8), (256, 1), (256, 256)]
)
def test_stepper(stepper: Path, window: int, hop: int) -> None:
    samples = 600
    signal = (np.arange(samples)[:, None] + np.arange(6)).astype(np.int8)
    expected = []
    for end in range(window, samples + 1, hop):
        expected.append("".join(f"{value} " for value in signal[end - window : end].ravel()))
        expected.append(f"{signal[end - window, 0]} after {end - 1}")
    lines = ["reset", *expected, "reset", *expected, "reset"]
    said = output_of(stepper, str(window), str(hop), str(samples), str(window))
    assert said.splitlines() == lines


@pytest.mark.parametrize(
    ("window", "hop", "taken"), [(120, 8, 12), (119, 8, 11), (120, 8, 8), (5, 3, 4), (256, 7, 9)]
)
def test_stepper_of_an_engine_that_keeps_what_it_computed(
    stepper: Path, window: int, hop: int, taken: int
) -> None:
    """Calls a hop apart from before the first window on; what they show begins with it."""
    samples = 600
    signal = (np.arange(samples)[:, None] + np.arange(6)).astype(np.int8)
    said = output_of(stepper, str(window), str(hop), str(samples), str(taken))
    first, second, end_of_output = said.split("reset\n")[1:]
    assert first == second and not end_of_output
    shown = re.findall(r"after (\d+)", first)
    assert shown == [str(end - 1) for end in range(window, samples + 1, hop)]
    calls = [line.split() for line in first.splitlines() if "after" not in line]
    ends = [end for end in range(window % hop, samples + 1, hop) if end > taken - hop]
    for call, end in zip(calls, ends, strict=True):
        seen = signal[max(0, end - taken) : end].ravel()
        assert len(call) == taken * 6
        assert call[len(call) - len(seen) :] == [str(value) for value in seen]


ENGINE = """
#include <stdio.h>
#include "engine.h"
#include "model.h"

int main() {
  tinygesture::Engine* engine = tinygesture::engine();
  const tinygesture::Model* model = tinygesture::model();
  if (engine == nullptr || model == nullptr) return puts("no model"), 0;
  printf("%s of %s\\n", engine->name(), model->name);
  int8_t input[256] = {}, output[16];
  for (int8_t& value : input) value = 4;
  for (int call = 0; call < 4; ++call) {
    if (call % 2 == 0) engine->reset();
    engine->invoke(input, output);
    printf("%d\\n", output[0]);
  }
}
"""

CONFIG = """
#pragma once
#include "model.h"
namespace tinygesture {
constexpr const char* kModelLabels[] = {%s};
constexpr Model kModel = {
    {1, 2, 3, 4, 5, 6, 7, 8}, "test", "gru", %d, kModelLabels, %d, 1, {{1, 1, 1, 1, 1, 1}, 8},
    {1, 1, 1, 0, {128}, 64}};
}
"""


def test_firmware_without_a_model(tmp_path: Path) -> None:
    program = build(tmp_path, ENGINE, ["engine.cpp", "model.cpp"])
    assert output_of(program) == "no model\n"


def bundle(folder: Path, labels: int, window: int) -> list[str]:
    """A compiled model 6 -> 6 with state, and a model_config.h that may not fit it."""
    b = TfliteBuilder()
    x, h = b.tensor([1, 6], 0.25, name="x"), b.tensor([1, 6], 0.25, name="h")
    y, following = b.tensor([1, 6], 0.5, name="y"), b.tensor([1, 6], 0.25, name="next")
    b.operator("ADD", [h, x], following)
    b.operator("QUANTIZE", [following], y)
    compiled = compile_model(b.build([x, h], [y, following]), {"h": "next"})
    (folder / "compiled_model.h").write_text(compiled.header)
    (folder / "compiled_model.cpp").write_text(compiled.source)
    names = ", ".join(f'"label{i}"' for i in range(labels))
    (folder / "model_config.h").write_text(CONFIG % (names, labels, window))
    return ["-DTINYGESTURE_MODEL", f"-I{folder}", str(folder / "compiled_model.cpp")]


def test_firmware_with_a_model(tmp_path: Path) -> None:
    flags = bundle(tmp_path, labels=6, window=1)
    program = build(tmp_path, ENGINE, ["engine.cpp", "model.cpp"], *flags)
    assert output_of(program).split() == ["compiled", "of", "test", "2", "4", "2", "4"]


@pytest.mark.parametrize(("labels", "window"), [(5, 1), (6, 2)])
def test_a_config_of_another_model_does_not_build(
    tmp_path: Path, labels: int, window: int, capfd: pytest.CaptureFixture[str]
) -> None:
    flags = bundle(tmp_path, labels, window)
    with pytest.raises(subprocess.CalledProcessError):
        build(tmp_path, ENGINE, ["engine.cpp", "model.cpp"], *flags)
    assert "of different models" in capfd.readouterr().err

"""Runs compiled models on the host, and any model in TensorFlow Lite Micro."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tinygesture.export.compiler import CompiledModel
from tinygesture.export.compiler.graph import parse

Int8 = npt.NDArray[np.int8]

KERNELS = Path(__file__).parents[3] / "firmware" / "lib" / "kernels"
WARNINGS = ["-Wall", "-Wextra", "-Werror"]
LANGUAGE = ["-std=c++14", "-fno-exceptions", "-fno-rtti"]
SANITISERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]

_MAIN = """
#include <stdio.h>

struct Entry {
  void (*reset)();
  void (*invoke)(const int8_t*, int8_t*);
  int input_size;
  int output_size;
};
static const Entry kEntries[] = {
%s};

// stdin: (model, calls, inputs...) as int32 and bytes, once; stdout: the outputs
int main() {
  int32_t head[2];
  if (fread(head, sizeof(head), 1, stdin) != 1) return 1;
  const Entry& entry = kEntries[head[0]];
  // heap buffers of the exact size, so that the sanitiser sees the first byte beyond
  int8_t* input = new int8_t[entry.input_size];
  int8_t* output = new int8_t[entry.output_size];
  entry.reset();
  for (int32_t call = 0; call < head[1]; ++call) {
    if (fread(input, entry.input_size, 1, stdin) != 1) return 1;
    entry.invoke(input, output);
    fwrite(output, entry.output_size, 1, stdout);
  }
  delete[] input;
  delete[] output;
  return 0;
}
"""


def combine(models: Sequence[CompiledModel]) -> str:
    """One C++ source with every model in a namespace of its own, and a main()."""
    parts = ['#include <stdint.h>\n#include <string.h>\n#include "kernels.h"\n']
    entries = ""
    for i, model in enumerate(models):
        text = re.sub(r"(?m)^#.*\n", "", model.header + model.source)
        parts.append(text.replace("compiled_model", f"model{i}"))
        name = f"tinygesture::model{i}"
        entries += (
            f"    {{{name}::reset, {name}::invoke, {name}::kInputSize, {name}::kOutputSize}},\n"
        )
    return "".join(parts) + _MAIN % entries


_BUILD = ["g++", "-O1", *LANGUAGE, *WARNINGS, *SANITISERS, f"-I{KERNELS}"]


def build_kernels(folder: Path) -> list[Path]:
    objects = []
    for source in sorted(KERNELS.glob("*.cpp")):
        objects.append(folder / f"{source.stem}.o")
        subprocess.run([*_BUILD, "-c", source, "-o", objects[-1]], check=True)
    return objects


class HostProgram:
    """Compiled models in one executable, with sanitisers and warnings as errors."""

    def __init__(
        self, models: Sequence[CompiledModel], kernels: Sequence[Path], folder: Path
    ) -> None:
        self.path = folder / "models"
        source = folder / "models.cpp"
        source.write_text(combine(models))
        subprocess.run([*_BUILD, source, *kernels, "-o", self.path], check=True)

    def run(self, model: int, inputs: Int8) -> Int8:
        """inputs (calls, ...) from reset -> outputs (calls, output size)."""
        head = np.array([model, len(inputs)], np.int32).tobytes()
        result = subprocess.run([self.path], input=head + inputs.tobytes(), capture_output=True)
        assert result.returncode == 0, result.stderr.decode()
        return np.frombuffer(result.stdout, np.int8).reshape(len(inputs), -1)


def run_tflm(model: bytes, inputs: Int8, state: Mapping[str, str] | None = None) -> Int8:
    """The same of TensorFlow Lite Micro: inputs (calls, ...) -> outputs (calls, output size)."""
    from tflite_micro.python.tflite_micro import runtime

    graph = parse(model)
    pairs = [
        (graph.inputs.index(graph.input_names[a]), graph.outputs.index(graph.output_names[b]))
        for a, b in (state or {}).items()
    ]
    port = next(i for i in range(len(graph.inputs)) if i not in [pair[0] for pair in pairs])
    out = next(i for i in range(len(graph.outputs)) if i not in [pair[1] for pair in pairs])
    shapes = [graph.tensors[index].shape for index in graph.inputs]
    carried = {
        a: np.full(shapes[a], graph.tensors[graph.inputs[a]].zero_points[0], np.int8)
        for a, _ in pairs
    }

    interpreter = runtime.Interpreter.from_bytes(model, arena_size=1 << 20)
    outputs = []
    for values in inputs:
        interpreter.set_input(values.reshape(shapes[port]), port)
        for a, value in carried.items():
            interpreter.set_input(value, a)
        interpreter.invoke()
        carried = {a: interpreter.get_output(b).copy() for a, b in pairs}
        outputs.append(interpreter.get_output(out).ravel().copy())
    return np.array(outputs)


def vectors(rng: np.random.Generator, shape: tuple[int, ...], count: int) -> Int8:
    """Inputs (count, *shape): the first ones extreme, then random."""
    random = rng.integers(-128, 128, (count, *shape)).astype(np.int8)
    for i, value in enumerate((-128, 127, 0)):
        random[i] = value
    random[3] = rng.choice(np.array([-128, 127], np.int8), shape)
    return random

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

_TABLE = """
struct Entry {
  void (*reset)();
  void (*invoke)(int8_t* const* ports);
  int inputs;
  int outputs;
  int sizes[8];
};
static const Entry kEntries[] = {
%s};
"""
_MAIN = """
#include <stdio.h>

// stdin: (model, calls, inputs...) as int32 and bytes, once; stdout: the outputs
int main() {
  int32_t head[2];
  if (fread(head, sizeof(head), 1, stdin) != 1) return 1;
  const Entry& entry = kEntries[head[0]];
  const int ports = entry.inputs + entry.outputs;
  // heap buffers of the exact size, so that the sanitiser sees the first byte beyond
  int8_t* buffers[8];
  for (int i = 0; i < ports; ++i) buffers[i] = new int8_t[entry.sizes[i]];
  entry.reset();
  for (int32_t call = 0; call < head[1]; ++call) {
    for (int i = 0; i < entry.inputs; ++i) {
      if (fread(buffers[i], entry.sizes[i], 1, stdin) != 1) return 1;
    }
    entry.invoke(buffers);
    for (int i = entry.inputs; i < ports; ++i) fwrite(buffers[i], entry.sizes[i], 1, stdout);
  }
  for (int i = 0; i < ports; ++i) delete[] buffers[i];
  return 0;
}
"""


def combine(models: Sequence[CompiledModel]) -> str:
    """One C++ source with every model in a namespace of its own, and a table of all, kEntries."""
    parts = ['#include <stdint.h>\n#include <string.h>\n#include "kernels.h"\n']
    entries = ""
    for i, model in enumerate(models):
        text = re.sub(r"(?m)^#.*\n", "", model.header + model.source)
        parts.append(text.replace("compiled_model", f"model{i}"))
        name = f"tinygesture::model{i}"
        sizes = (*model.input_sizes, *model.output_sizes)
        arguments = ", ".join(f"ports[{port}]" for port in range(len(sizes)))
        call = f"[](int8_t* const* ports) {{ {name}::invoke({arguments}); }}"
        counts = f"{len(model.input_sizes)}, {len(model.output_sizes)}"
        entries += f"    {{{name}::reset, {call}, {counts}, {{{', '.join(map(str, sizes))}}}}},\n"
    return "".join(parts) + _TABLE % entries


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
        source.write_text(combine(models) + _MAIN)
        subprocess.run([*_BUILD, source, *kernels, "-o", self.path], check=True)

    def run(self, model: int, inputs: Int8) -> Int8:
        """inputs (calls, ...) from reset -> outputs (calls, size); ports are joined."""
        head = np.array([model, len(inputs)], np.int32).tobytes()
        result = subprocess.run([self.path], input=head + inputs.tobytes(), capture_output=True)
        assert result.returncode == 0, result.stderr.decode()
        return np.frombuffer(result.stdout, np.int8).reshape(len(inputs), -1)


def run_tflm(model: bytes, inputs: Int8, state: Mapping[str, str] | None = None) -> Int8:
    """The same of TensorFlow Lite Micro: inputs (calls, ...) -> outputs (calls, size)."""
    from tflite_micro.python.tflite_micro import runtime

    graph = parse(model)
    pairs = [
        (graph.inputs.index(graph.input_names[a]), graph.outputs.index(graph.output_names[b]))
        for a, b in (state or {}).items()
    ]
    given = [i for i in range(len(graph.inputs)) if i not in [pair[0] for pair in pairs]]
    taken = [i for i in range(len(graph.outputs)) if i not in [pair[1] for pair in pairs]]
    shapes = [graph.tensors[index].shape for index in graph.inputs]
    carried = {
        a: np.full(shapes[a], graph.tensors[graph.inputs[a]].zero_points[0], np.int8)
        for a, _ in pairs
    }

    interpreter = runtime.Interpreter.from_bytes(model, arena_size=1 << 20)
    outputs = []
    ends = np.cumsum([np.prod(shapes[i], dtype=int) for i in given])
    for values in inputs.reshape(len(inputs), -1):
        for i, part in zip(given, np.split(values, ends[:-1]), strict=True):
            interpreter.set_input(part.reshape(shapes[i]), i)
        for a, value in carried.items():
            interpreter.set_input(value, a)
        interpreter.invoke()
        carried = {a: interpreter.get_output(b).copy() for a, b in pairs}
        outputs.append(np.concatenate([interpreter.get_output(i).ravel() for i in taken]))
    return np.array(outputs)


def vectors(rng: np.random.Generator, shape: tuple[int, ...], count: int) -> Int8:
    """Inputs (count, *shape): the first ones extreme, then random."""
    random = rng.integers(-128, 128, (count, *shape)).astype(np.int8)
    for i, value in enumerate((-128, 127, 0)):
        random[i] = value
    random[3] = rng.choice(np.array([-128, 127], np.int8), shape)
    return random

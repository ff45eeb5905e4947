"""What a model costs on a Cortex-M4F: instructions, loads and stores, flash, RAM and stack."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tinygesture import project
from tinygesture.benchmark.build import Size, build, compiler
from tinygesture.benchmark.count import Counts, build_plugin, count, titles
from tinygesture.export.compiler import compile_model

__all__ = ["INFERENCES", "Benchmark", "Counts", "Layer", "benchmark"]

INFERENCES = 16  # on seeded random inputs
REST = "entry and exit"


@dataclass(frozen=True)
class Layer:
    name: str
    macs: int
    counts: Counts


@dataclass(frozen=True)
class Benchmark:
    """Counts are of the costliest of INFERENCES random inputs."""

    layers: tuple[Layer, ...]  # the last is what belongs to none
    least: int  # instructions of the cheapest
    size: Size
    stack: int
    compiler: str
    streaming: bool  # an inference is one hop, and computes only what is new

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    @property
    def counts(self) -> Counts:
        return sum((layer.counts for layer in self.layers), Counts(0, 0, 0))


def benchmark(
    model: bytes, state: Mapping[str, str] | None = None, hop: int | None = None
) -> Benchmark:
    """Compile, build and run a .tflite file's bytes; `state` and `hop` as in compile_model.

    Raises UserError where the model cannot be compiled, or a program that it takes is missing.
    """
    compiled = compile_model(model, state, hop)
    builds = project.root() / ".tinygesture" / "build"
    builds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=builds, prefix="benchmark-") as name:
        folder = Path(name)
        plugin = build_plugin(folder)
        program, size = build(compiled, folder, INFERENCES)
        inferences, stack = count(program, compiled.source, plugin, folder)
    totals = [sum(part.instructions for part in parts) for parts in inferences]
    rest, *layers = inferences[totals.index(max(totals))]
    names = titles(compiled.source).values()
    macs = list(compiled.layer_macs) + [0] * (len(layers) - len(compiled.layer_macs))
    found = [Layer(*given) for given in zip(names, macs, layers, strict=True)]
    found.append(Layer(REST, 0, rest))
    return Benchmark(tuple(found), min(totals), size, stack, compiler(), compiled.streaming)

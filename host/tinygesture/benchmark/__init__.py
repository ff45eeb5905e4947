"""What a model costs on a Cortex-M4F: instructions, loads and stores, flash, RAM and stack."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tinygesture import project
from tinygesture.benchmark.as_plan import as_plan
from tinygesture.benchmark.build import Size, build, compiler
from tinygesture.benchmark.count import Counts, build_plugin, count
from tinygesture.benchmark.parts import functions, layers
from tinygesture.export.compiler import compile_model

__all__ = ["INFERENCES", "Benchmark", "Counts", "Layer", "benchmark"]

INFERENCES = 16  # on seeded random inputs


@dataclass(frozen=True)
class Layer:
    name: str
    macs: int
    counts: Counts


@dataclass(frozen=True)
class Benchmark:
    """Counts are of the costliest of INFERENCES random inputs."""

    layers: tuple[Layer, ...]  # the last is what belongs to none; of a plan, functions
    macs: int
    least: int  # instructions of the cheapest
    size: Size
    stack: int
    compiler: str
    streaming: bool  # an inference is one hop, and computes only what is new

    @property
    def counts(self) -> Counts:
        return sum((layer.counts for layer in self.layers), Counts(0, 0, 0))


def benchmark(
    model: bytes,
    state: Mapping[str, str] | None = None,
    hop: int | None = None,
    *,
    plan: bool = False,
) -> Benchmark:
    """Compile, build and run a .tflite file's bytes; `state` and `hop` as in compile_model.

    plan: not as the C++ that is made for it, but as the plan that `push` sends.

    Raises UserError where the model cannot be compiled, or a program that it takes is missing.
    """
    compiled = compile_model(model, state, hop)
    if plan:
        compiled = as_plan(compiled)
    builds = project.root() / ".tinygesture" / "build"
    builds.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=builds, prefix="benchmark-") as name:
        folder = Path(name)
        plugin = build_plugin(folder)
        program, size = build(compiled, folder, INFERENCES, with_plans=plan)
        parts = functions(program) if plan else layers(program, compiled.source)
        inferences, stack = count(program, parts, plugin, folder)
    totals = [sum(part.instructions for part in counted) for counted in inferences]
    costliest = inferences[totals.index(max(totals))]
    macs = [0, *compiled.layer_macs]
    macs += [0] * (len(costliest) - len(macs))
    found = [
        Layer(name, layer_macs, counts)
        for name, layer_macs, counts in zip(parts.names, macs, costliest, strict=True)
        if counts.instructions
    ]
    return Benchmark(
        *(tuple(found[1:] + found[:1]), compiled.macs, min(totals), size, stack),
        *(compiler(), compiled.streaming),
    )

"""What `tinygesture benchmark` counts."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tflite_builder import TfliteBuilder
from tinygesture.benchmark import benchmark
from tinygesture.cli import group
from tinygesture.cli.costs import values

needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, ("arm-none-eabi-g++", "qemu-system-arm", "cc"))),
    reason="the emulated board's compiler, QEMU or a C compiler is missing",
)


def dense(inputs: int = 8, outputs: int = 4) -> bytes:
    """One FULLY_CONNECTED, seeded."""
    b = TfliteBuilder()
    rng = np.random.default_rng(1)
    x, y = b.tensor([1, inputs], 0.1, name="x"), b.tensor([1, outputs], 0.1, name="y")
    weights = b.tensor([outputs, inputs], 0.01, data=rng.integers(-127, 128, (outputs, inputs)))
    bias = b.tensor([outputs], 0.001, type="INT32", data=rng.integers(-500, 500, outputs))
    b.operator("FULLY_CONNECTED", [x, weights, bias], y)
    return b.build([x], [y])


@needs_tools
def test_counts_are_equal_in_every_run() -> None:
    first, second = values(benchmark(dense())), values(benchmark(dense()))
    assert first == second
    assert first["macs"] == 32
    assert first["instructions_per_inference"] > 32
    assert first["loads"] >= 16  # every weight and input, at most four to a word
    assert first["flash_bytes"]["weights"] == 32 + 16
    layers = first["layers"]
    assert sum(layer["instructions"] for layer in layers) == first["instructions_per_inference"]
    assert [layer["macs"] for layer in layers] == [32, 0]


@needs_tools
def test_a_file_by_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    model, peer = tmp_path / "dense.tflite", tmp_path / "peer.json"
    model.write_bytes(dense())
    peer.write_text(json.dumps({"name": "peer", "instructions_per_inference": 1_000_000}), "utf-8")
    options = ["benchmark", str(model), "--compare", str(peer), "--json"]
    group.main(options, standalone_mode=False)
    said = capfd.readouterr()
    assert json.loads(said.out) == values(benchmark(dense()))
    assert "peer" in said.err and "1,000,000" in said.err

"""The engine's budget, and the figures in docs/performance.md."""

import os
import shutil
import warnings
from dataclasses import astuple
from pathlib import Path
from typing import Any

import engine
import pytest

from engine_models import MODELS
from tinygesture.benchmark import benchmark
from tinygesture.benchmark.build import compiler
from tinygesture.cli.costs import values

# What the engine is made for: instructions and RAM; and of every model, flash beyond its weights,
# stack, and instructions for each multiply-accumulate of a large layer.
GOALS = {"gru_step": (6_000, 512), "conv1d": (55_000, 1_600)}
FLASH, STACK, PER_MAC, LARGE = 8_192, 512, 1.5, 5_000
AS_PLAN = 1.25  # of the instructions of generated code

needs_tools = pytest.mark.skipif(
    not all(map(shutil.which, ("arm-none-eabi-g++", "qemu-system-arm", "cc"))),
    reason="the emulated board's compiler, QEMU or a C compiler is missing",
)


@needs_tools
@pytest.mark.parametrize("name", MODELS)
def test_nothing_became_worse(name: str) -> None:
    limits = engine.budget(name)
    if limits["compiler"] != compiler():
        pytest.skip(f"the budget is for {limits['compiler']}, and this is {compiler()}")
    worse, better = engine.changes(engine.measure(name), limits)
    assert not worse, f"{name} became worse; docs/performance.md, The budget: {'; '.join(worse)}"
    if better:
        warnings.warn(f"{name} became better: run `make bench`. {'; '.join(better)}", stacklevel=1)


@pytest.mark.parametrize("name", GOALS)
def test_the_budget_keeps_the_goals(name: str) -> None:
    """However often it is raised."""
    assert_goals(name, engine.budget(name))


def assert_goals(name: str, found: dict[str, Any]) -> None:
    instructions, ram = GOALS[name]
    assert found["instructions_per_inference"] <= instructions
    assert found["ram_bytes"] <= ram
    assert found["flash_bytes"]["code"] + found["flash_bytes"]["tables"] <= FLASH
    assert found["stack_bytes"] <= STACK
    for layer in found["layers"]:
        if layer["macs"] >= LARGE:
            assert layer["instructions"] <= PER_MAC * layer["macs"], layer["name"]


@pytest.mark.parametrize("name", MODELS)
def test_a_plan_costs_little_more_than_generated_code(name: str) -> None:
    found = engine.budget(name)
    assert found["instructions_as_plan"] <= AS_PLAN * found["instructions_per_inference"]


def test_the_document_shows_the_budget() -> None:
    text = engine.DOCUMENT.read_text("utf-8")
    found = {name: engine.budget(name) for name in MODELS}
    assert engine.with_tables(text, found) == text, "run `make bench` and commit what it writes"


def test_what_is_worse_and_better_than_the_budget() -> None:
    limits = engine.budget("gru_step")
    now = {
        **limits,
        "loads": round(limits["loads"] * 1.03),
        "stores": round(limits["stores"] * 0.9),
        "instructions_per_inference": round(limits["instructions_per_inference"] * 1.01),
        "flash_bytes": {**limits["flash_bytes"], "tables": limits["flash_bytes"]["tables"] * 2},
    }
    worse, better = engine.changes(now, limits)
    assert [text.split(":")[0] for text in worse] == ["words loaded", "flash"]
    assert [text.split(":")[0] for text in better] == ["words stored"]


@needs_tools
@pytest.mark.parametrize(("name", "state"), [("gru_step", {"h": "output_1"}), ("conv1d", {})])
def test_seeded_weights_cost_what_trained_ones_do(name: str, state: dict[str, str]) -> None:
    path = Path(os.environ.get("TINYGESTURE_DATA", "")).parent / "models" / f"{name}_int8.tflite"
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the recordings that TINYGESTURE_DATA names")
    trained, seeded = (
        values(benchmark(path.read_bytes(), state)),
        values(benchmark(*astuple(MODELS[name]()))),
    )
    assert_goals(name, trained)
    for key in ("instructions_per_inference", "loads", "stores"):
        assert trained[key] == pytest.approx(seeded[key], rel=0.02)
    for key in ("flash_bytes", "ram_bytes", "macs"):
        assert trained[key] == seeded[key]

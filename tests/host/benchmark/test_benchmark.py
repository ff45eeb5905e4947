"""What `tinygesture benchmark` counts, shows and refuses."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine_models import MODELS
from tflite_builder import TfliteBuilder
from tinygesture.benchmark import benchmark
from tinygesture.benchmark.build import CPU, run
from tinygesture.cli import costs, group
from tinygesture.cli.costs import values
from tinygesture.cli.given_model import read_model
from tinygesture.errors import UserError

ROOT = Path(__file__).resolve().parents[3]
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
    assert first["instructions_per_inference"] >= first["instructions_least"] > 32
    assert first["loads"] >= 16  # every weight and input, at most four to a word
    assert first["flash_bytes"]["weights"] >= 32  # the compiler may put few biases into the code
    layers = first["layers"]
    assert sum(layer["instructions"] for layer in layers) == first["instructions_per_inference"]
    assert [layer["macs"] for layer in layers] == [32, 0]


@needs_tools
def test_a_larger_layer_costs_more_in_its_own_line() -> None:
    small, large = (values(benchmark(dense(outputs=n)))["layers"] for n in (4, 40))
    assert large[0]["instructions"] > 5 * small[0]["instructions"]
    assert large[0]["loads"] > 5 * small[0]["loads"]
    assert large[1]["instructions"] < small[1]["instructions"] + 10  # entry and exit


@needs_tools
def test_state_and_arena_are_ram() -> None:
    given = MODELS["gru_step"]()
    found = values(benchmark(given.model, given.state))
    assert found["macs"] == 2644
    assert found["ram_bytes"] >= 20
    assert 0 < found["stack_bytes"] < 4096


@needs_tools
def test_several_inputs_and_outputs() -> None:
    """The state of the GRU step as an input and an output like any other."""
    found = values(benchmark(MODELS["gru_step"]().model))
    assert found["macs"] == 2644


@needs_tools
def test_a_plan_is_counted_by_its_functions() -> None:
    given = MODELS["gru_step"]()
    found = values(benchmark(given.model, given.state, plan=True))
    names = [layer["name"] for layer in found["layers"]]
    assert found["macs"] == 2644
    assert {"Plan::invoke", "kernels::softmax"} <= set(names)
    assert not any("load" in name or "read" in name for name in names)  # before it runs


def test_a_plan_of_several_inputs() -> None:
    with pytest.raises(UserError, match="one input and one output"):
        benchmark(MODELS["gru_step"]().model, plan=True)


@needs_tools
def test_nearly_every_instruction_belongs_to_a_layer() -> None:
    given = MODELS["gru_step"]()
    *layers, rest = values(benchmark(given.model, given.state))["layers"]
    assert all(layer["instructions"] for layer in layers)
    assert rest["instructions"] < 50


@needs_tools
def test_a_hop_costs_less_than_its_window(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "conv1d.tflite"
    model.write_bytes(MODELS["conv1d"]().model)
    group.main(["benchmark", str(model), "--hop", "8", "--json"], standalone_mode=False)
    said = capfd.readouterr()
    found = json.loads(said.out)
    assert found["macs"] < 41_264 / 4
    assert found["instructions_per_inference"] < found["instructions_per_window"] / 4
    assert "That is one hop" in said.err


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


@needs_tools
def test_what_cannot_be_streamed_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dense.tflite").write_bytes(dense())
    arguments = ["benchmark", str(tmp_path / "dense.tflite"), "--hop", "8"]
    group.main(arguments, standalone_mode=False)
    assert "cannot be streamed" in capfd.readouterr().out


def test_the_compiler_flags_are_those_of_the_emulated_board() -> None:
    builder = (ROOT / "firmware/platforms/cm4/builder/main.py").read_text("utf-8")
    assert all(f'"{flag}"' in builder for flag in (*CPU, "-O2", "-ffunction-sections"))


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("qemu-system-arm", "qemu-system-arm is not installed.*apt install qemu-system-arm"),
        ("cc", "no C compiler for this computer.*apt install gcc"),
        ("arm-none-eabi-g++", "arm-none-eabi-g.. is not installed.*[.]/setup"),
    ],
)
def test_a_missing_program_is_named(
    missing: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool in {"qemu-system-arm", "cc", "arm-none-eabi-g++", "as", "ld"} - {missing}:
        found = shutil.which(tool)
        if found is None:
            pytest.skip(f"{tool} is not installed")
        (tmp_path / tool).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match=words):
        benchmark(dense())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("error writing to /tmp/x.s: No space left on device", "the disk is full"),
        ("ld: region `FLASH' overflowed by 28692 bytes", "too large for the flash or RAM"),
        ("error: novelty", "(?s)could not be built.*novelty"),
    ],
)
def test_why_a_build_failed(line: str, said: str) -> None:
    fails = [sys.executable, "-c", f"import sys; sys.exit({line!r})"]
    with pytest.raises(UserError, match=said):
        run(*fails)


def test_windows_is_told_of_wsl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(UserError, match="WSL"):
        benchmark(dense())


@needs_tools
def test_an_emulator_without_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "qemu-system-arm"
    fake.write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo QEMU emulator version 8.2.0 && exit\n"
        "echo 'qemu-system-arm: -plugin: invalid option' >&2; exit 1\n"
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(UserError, match="takes no plugins"):
        benchmark(dense())


@pytest.mark.parametrize("state", ["h", "h=", "=y"])
def test_a_state_that_is_no_pair(state: str) -> None:
    with pytest.raises(UserError, match="INPUT=OUTPUT"):
        read_model("some.tflite", [state], None)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"some\.tflite.*does not exist"):
        read_model(str(tmp_path / "some.tflite"), [], None)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "7",
        "{}",
        '{"name": "x"}',
        '{"loads": "many"}',
        '{"loads": -1}',
        '{"flash_bytes": {"code": true}}',
    ],
)
def test_a_comparison_that_is_none(content: str, tmp_path: Path) -> None:
    path = tmp_path / "peer.json"
    path.write_text(content, "utf-8")
    with pytest.raises(UserError, match="no figures to compare with"):
        costs.read_comparison(path)


def test_a_comparison_may_hold_a_part(tmp_path: Path) -> None:
    path = tmp_path / "peer.json"
    given: dict[str, Any] = {"flash_bytes": {"code": 1, "weights": 2}, "unknown": []}
    path.write_text(json.dumps(given), "utf-8")
    assert costs.read_comparison(path) == {"name": "peer", "flash_bytes": 3}

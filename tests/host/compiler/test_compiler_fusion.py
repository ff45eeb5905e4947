"""Element-wise operators put together: tables of tables, and loops without tensors between."""

import re

from tflite_builder import TfliteBuilder
from tinygesture.export.compiler import CompiledModel, compile_model


def gate(given: str = "y") -> CompiledModel:
    """y = (1 - logistic(x)) * tanh(x), as a GRU has it; or what is `given` of it."""
    b = TfliteBuilder()
    x, one = b.tensor([1, 20], 0.05, -3), b.tensor([], 1 / 255, -128, data=127)
    update, rest = b.tensor([1, 20], 1 / 256, -128), b.tensor([1, 20], 1 / 255, -128)
    tanh, y = b.tensor([1, 20], 1 / 128), b.tensor([1, 20], 1 / 128)
    b.operator("LOGISTIC", [x], update)
    b.operator("SUB", [one, update], rest, FusedActivationFunction=0)
    b.operator("TANH", [x], tanh)
    b.operator("MUL", [rest, tanh], y, FusedActivationFunction=0)
    return compile_model(b.build([x], [{"y": y, "tanh": tanh}[given]]))


def tables(compiled: CompiledModel) -> int:
    return len(re.findall(r"kTable\d+\[256\] = ", compiled.source))


def test_a_chain_is_one_loop_and_takes_no_memory() -> None:
    compiled = gate()
    assert "  // SUB, TANH and MUL of 20 elements\n  for (" in compiled.source
    assert compiled.arena_bytes == 0


def test_a_function_of_a_function_is_one_table() -> None:
    assert "LOGISTIC" not in gate().source and tables(gate()) == 2


def test_what_nobody_reads_is_not_computed() -> None:
    source = gate(given="tanh").source
    assert "  // TANH (1, 20) -> (1, 20)\n  kernels::lookup(" in source
    assert "MUL" not in source and "SUB" not in source


def test_equal_tables_are_stored_once() -> None:
    b = TfliteBuilder()
    x, y = b.tensor([2, 8], 0.05), b.tensor([1, 8], 1 / 100, -128)
    parts = [b.tensor([1, 8], 0.05) for _ in range(2)]
    gates = [b.tensor([1, 8], 1 / 256, -128) for _ in range(2)]
    b.operator("SPLIT", [b.integers(0), x], parts, NumSplits=2)
    for part, output in zip(parts, gates, strict=True):
        b.operator("LOGISTIC", [part], output)
    b.operator("ADD", gates, y, FusedActivationFunction=0)
    compiled = compile_model(b.build([x], [y]))
    assert tables(compiled) == 1 and compiled.source.count("= kTable0[128 + ") == 2


def test_a_loop_is_of_one_size_and_what_others_read_is_in_memory() -> None:
    b = TfliteBuilder()
    x, y = b.tensor([1, 14], 0.05), b.tensor([1, 7], 0.1)
    wide = [b.tensor([1, 14], 1 / 128) for _ in range(2)]
    parts = [b.tensor([1, 7], 1 / 128) for _ in range(2)]
    b.operator("TANH", [x], wide[0])
    b.operator("MUL", [x, wide[0]], wide[1], FusedActivationFunction=0)
    b.operator("SPLIT", [b.integers(1), wide[1]], parts, NumSplits=2)
    b.operator("ADD", parts, y, FusedActivationFunction=0)
    compiled = compile_model(b.build([x], [y]))
    assert "  // TANH and MUL of 14 elements\n" in compiled.source
    assert "  // ADD (1, 7), (1, 7) -> (1, 7)\n" in compiled.source
    assert compiled.arena_bytes == 14

"""Which models the boards' TensorFlow Lite Micro is spared, and how much memory the others get."""

import dataclasses

import numpy as np
import pytest

from tflite_builder import VALID, TfliteBuilder
from tinygesture.export.compiler.graph import Graph, parse
from tinygesture.export.compiler.lowering import LOWERINGS
from tinygesture.export.tflm_library import OPERATORS, why_not
from tinygesture.export.tflm_model import board_arena_bytes, tflm_model


def dense(*scales: float, shape: tuple[int, ...] = (1,)) -> bytes:
    model = TfliteBuilder()
    x = model.tensor((*shape, 4), 1 / 128, name="x")
    y = model.tensor((*shape, 3), 1 / 256, -128, name="probabilities")
    weights = model.tensor((3, 4), scales, data=np.zeros((3, 4)))
    model.operator("FULLY_CONNECTED", [x, weights, -1], y)
    return model.build([x], [y])


def sub(a_scale: float, b_scale: float, output_scale: float) -> Graph:
    model = TfliteBuilder()
    a, b = model.tensor((1, 4), a_scale, 3), model.tensor((1, 4), b_scale, -9)
    y = model.tensor((1, 4), output_scale, 1)
    model.operator("SUB", [a, b], y)
    return parse(model.build([a, b], [y]))


def with_version(graph: Graph, version: int) -> Graph:
    operators = [dataclasses.replace(op, version=version) for op in graph.operators]
    return dataclasses.replace(graph, operators=tuple(operators))


def test_the_list_knows_no_operator_that_the_compiler_does_not() -> None:
    assert set(OPERATORS) <= set(LOWERINGS)


def test_operators_that_are_not_on_the_list() -> None:
    model = TfliteBuilder()
    a, b = model.tensor((1, 4), 0.1), model.tensor((1, 4), 0.1)
    y = model.tensor((1, 8), 0.1)
    model.operator("CONCATENATION", [a, b], y, Axis=1)
    reason = why_not(parse(model.build([a, b], [y])))
    assert reason is not None and reason.startswith("CONCATENATION is not on the list")


def test_versions_that_came_after_the_library() -> None:
    graph = parse(dense(0.01))
    assert why_not(with_version(graph, 4)) is None
    assert why_not(with_version(graph, 12)) == (
        "FULLY_CONNECTED has the version 12, and it computes versions up to 4 exactly"
    )


@pytest.mark.parametrize(
    "model, words",
    [
        (dense(0.01, 0.02, 0.03), "a scale per output"),
        (dense(0.01, shape=(1, 2)), "more than a row of outputs"),
    ],
)
def test_dense_layers_that_it_computes_otherwise(model: bytes, words: str) -> None:
    reason = why_not(parse(model))
    assert reason is not None and words in reason


def test_differences_are_compared_pair_by_pair() -> None:
    assert why_not(sub(1 / 256, 1 / 256, 1 / 128)) is None  # the factors are equal
    assert why_not(sub(1 / 256, 1 / 128, float(np.float32(0.0041)))) is None  # the results are
    scales = (
        float.fromhex("0x1.9a6acc0000000p-8"),
        float.fromhex("0x1.2406960000000p-4"),
        float.fromhex("0x1.a5e4360000000p-5"),
    )
    assert why_not(sub(*scales)) == "SUB would round 2 of the possible pairs differently"


def test_a_model_that_does_not_fit_has_a_reason_and_no_header() -> None:
    made = tflm_model(dense(0.1, 0.2, 0.3), {}, "wave", 2000)
    assert made.header is None
    assert made.manifest()["fits"] is False and "a scale per output" in made.manifest()["reason"]


def test_an_arena_without_convolutions_is_what_was_measured() -> None:
    assert board_arena_bytes(parse(dense(0.01)), 3008) == 3008


def convolution(bias: bool) -> Graph:
    model = TfliteBuilder()
    x, y = model.tensor((1, 1, 20, 6), 1 / 128), model.tensor((1, 1, 8, 16), 0.05)
    weights = model.tensor((16, 1, 5, 6), 0.01, data=np.zeros((16, 1, 5, 6)))
    inputs = [x, weights]
    if bias:
        inputs.append(model.tensor((16,), 0.01 / 128, type="INT32", data=np.zeros(16)))
    options = {"DilationHFactor": 1, "DilationWFactor": 1, "StrideH": 1, "StrideW": 2}
    model.operator("CONV_2D", inputs, y, Padding=VALID, **options)
    return parse(model.build([x], [y]))


def test_a_convolution_needs_a_bias() -> None:
    assert why_not(convolution(bias=True)) is None
    assert why_not(convolution(bias=False)) == "CONV_2D has no bias, which it reads all the same"


def test_a_convolution_unrolls_two_patches() -> None:
    graph = convolution(bias=True)
    assert board_arena_bytes(graph, 1000) == 1136  # 1000 + 2 * 2 * 30 + 16

"""What TensorFlow Lite Micro on the board is told of every architecture's model."""

import re

import pytest

from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle, write_bundle
from tinygesture.export.compiler.graph import parse
from tinygesture.export.tflm_library import OPERATORS


def test_every_architecture_fits(exported):
    bundle = exported.result.bundle
    assert bundle.manifest["tflm"]["fits"], bundle.manifest["tflm"]["reason"]
    bundle.check_tflm()


def test_the_resolver_has_the_models_operators_and_no_others(exported):
    bundle = exported.result.bundle
    header = bundle.files["tflm_model.h"].decode()
    added = re.findall(r"resolver->(\w+)\(\);", header)
    needed = {OPERATORS[operator.name][0] for operator in parse(bundle.model).operators}
    assert len(added) == len(set(added)) and set(added) == needed
    assert f"kOperators = {len(added)};" in header


def test_ports_are_found_by_name(exported):
    bundle = exported.result.bundle
    graph = parse(bundle.model)
    header = bundle.files["tflm_model.h"].decode()
    samples = graph.inputs.index(graph.input_names["x"])
    probabilities = graph.outputs.index(graph.output_names["probabilities"])
    assert f"\n    {samples}, {bundle.window * 6},  // samples" in header
    assert f"\n    {probabilities}, {len(bundle.labels)},  // probabilities" in header
    assert f"\n    {len(bundle.state)},  // states" in header
    for input, output in bundle.state.items():
        index = graph.input_names[input]
        state = [graph.inputs.index(index), graph.outputs.index(graph.output_names[output])]
        assert f"{{{{{state[0]}, {state[1]}, {graph.tensors[index].size}, 0}}}}" in header


def test_the_boards_arena_holds_what_the_host_needs_and_the_boards_kernels(exported):
    bundle = exported.result.bundle
    graph = parse(bundle.model)
    convolutions = [op for op in graph.operators if op.name == "CONV_2D"]
    filters = [graph.tensors[op.inputs[1]].shape for op in convolutions]
    scratch = sum(2 * 2 * height * width * depth + 16 for _, height, width, depth in filters)
    arena = bundle.manifest["tflm"]["arena_bytes"]
    assert arena >= exported.result.tflm_arena_bytes + scratch
    assert arena < exported.result.tflm_arena_bytes + scratch + 16
    assert arena % 16 == 0
    assert f"kArenaBytes = {arena};" in bundle.files["tflm_model.h"].decode()


@pytest.mark.parametrize(
    "tflm, words",
    [
        (None, "exported without what the engine tflm needs"),
        ({"fits": False, "reason": "MEAN would round"}, "cannot run wave: MEAN would round. Use"),
    ],
)
def test_flash_refuses_what_does_not_fit(tmp_path, tflm, words):
    manifest = {"name": "wave"} | ({"tflm": tflm} if tflm else {})
    bundle: Bundle = write_bundle(tmp_path, "wave", manifest, {})
    with pytest.raises(UserError, match=words):
        bundle.check_tflm()

"""What holds for the export of every registered architecture."""

import re
import subprocess
import sys
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest

from tinygesture.detector import Detector
from tinygesture.errors import UserError
from tinygesture.export.compiler.graph import parse
from tinygesture.export.restore import restore
from tinygesture.export.tflm import Tflm, interpreter
from tinygesture.training.architectures import ARCHITECTURES
from tinygesture.training.predict import predict

ROOT = Path(__file__).parents[3]
LIBRARIES = ("contract", "detector", "inference", "kernels")
STEPPER = """
#include <stdio.h>
#include "stepper.h"
using namespace tinygesture;
int main() {
  static Stepper stepper(*model(), *engine());
  int8_t sample[6], out[kMaxLabels];
  while (fread(sample, 6, 1, stdin) == 1)
    if (stepper.push(sample, out)) fwrite(out, model()->label_count, 1, stdout);
}
"""


@pytest.fixture(scope="module")
def engine(exported, tmp_path_factory) -> Path:
    """The firmware's stepper and compiled engine with the exported model, for this computer."""
    folder = tmp_path_factory.mktemp("engine")
    bundle = exported.result.bundle.path
    (folder / "main.cpp").write_text(STEPPER)
    sources = [folder / "main.cpp", bundle / "compiled_model.cpp"]
    for name in ("inference", "kernels"):
        sources += (ROOT / "firmware/lib" / name).glob("*.cpp")
    includes = [f"-I{ROOT / 'firmware/lib' / name}" for name in LIBRARIES] + [f"-I{bundle}"]
    flags = ["-std=c++14", "-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-Werror"]
    program = folder / "program"
    subprocess.run(
        ["g++", *flags, "-DTINYGESTURE_MODEL", *includes, *sources, "-o", program], check=True
    )
    return program


def test_input_state_and_output_are_quantised_as_agreed(exported):
    bundle = exported.result.bundle
    graph = parse(bundle.model)
    pinned = [graph.input_names["x"], *(graph.input_names[name] for name in bundle.state)]
    pinned += [graph.output_names[name] for name in bundle.state.values()]
    for index in pinned:
        assert graph.tensors[index].scales == (1 / 128,)
        assert graph.tensors[index].zero_points == (0,)
    probabilities = graph.tensors[graph.output_names["probabilities"]]
    assert (probabilities.scales, probabilities.zero_points) == ((1 / 256,), (-128,))


def test_dense_weights_have_one_scale(exported):
    graph = parse(exported.result.bundle.model)
    dense = [op for op in graph.operators if op.name == "FULLY_CONNECTED"]
    assert dense
    for op in dense:
        assert len(graph.tensors[op.inputs[1]].scales) == 1


def test_the_compiled_engine_gives_the_golden_bits(exported, engine):
    bundle = exported.result.bundle
    assert len(bundle.golden) >= len(bundle.recorded) + 3
    for sequence in bundle.golden:
        x = bundle.quantisation.quantise(np.array(sequence["counts"], np.int16))
        done = subprocess.run([engine], input=x.tobytes(), capture_output=True, check=True)
        rows = np.frombuffer(done.stdout, np.int8).reshape(-1, len(bundle.labels))
        assert rows.tolist() == sequence["probabilities"]


def test_golden_vectors_are_what_the_interpreter_says_today(exported):
    bundle = exported.result.bundle
    tflm = Tflm(bundle.model, bundle.state)
    for sequence in bundle.golden:
        x = bundle.quantisation.quantise(np.array(sequence["counts"], np.int16))
        assert tflm.run(x, bundle.window, bundle.hop).tolist() == sequence["probabilities"]


def test_a_state_that_the_model_does_not_have_is_a_sentence(exported):
    with pytest.raises(UserError, match="The model has no elsewhere and no nowhere"):
        Tflm(exported.result.bundle.model, {"nowhere": "elsewhere"})


def test_golden_events_are_what_the_detector_says_step_by_step(exported):
    bundle = exported.result.bundle
    for sequence in bundle.golden:
        detector = Detector(bundle.detector, bundle.hop)
        told = []
        for step, row in enumerate(np.array(sequence["probabilities"], np.int8)):
            event = detector.push(row, (bundle.window - 1 + step * bundle.hop) * 10_000)
            told += [list(astuple(event))] if event else []
        assert sequence["events"] == told


def test_golden_vectors_move_the_model(exported):
    rows = [sequence["probabilities"] for sequence in exported.result.bundle.golden]
    assert len(np.unique(np.concatenate(rows))) > 20


def test_the_measured_arena_is_enough_and_hardly_more(exported):
    size = exported.result.tflm_arena_bytes
    model = exported.result.bundle.model
    interpreter(model, size)
    assert refused(model, size - 64)


def refused(model: bytes, arena: int) -> bool:
    """In a process of its own: an interpreter without room may end its process."""
    code = (
        "import sys; from tinygesture.export.tflm import interpreter; "
        f"interpreter(sys.stdin.buffer.read(), {arena})"
    )
    done = subprocess.run([sys.executable, "-c", code], input=model, capture_output=True)
    return done.returncode != 0


def test_the_c_array_is_the_model(exported):
    bundle = exported.result.bundle
    text = bundle.files["model_data.cpp"].decode()
    numbers = re.findall(r"0x([0-9a-f]{2})\b", text)
    assert bytes.fromhex("".join(numbers)) == bundle.model
    assert "alignas(16)" in text and "const" in text


def test_the_manifest_says_what_the_model_was_made_of(exported):
    manifest = exported.result.bundle.manifest
    assert manifest["arch"] in ARCHITECTURES
    assert manifest["data"]["synthetic"] == manifest["data"]["recordings"] == 36
    assert manifest["split"]["by"] == "subject"
    assert manifest["versions"]["tensorflow"] and manifest["machine"]["cpu"]
    for key in (
        "metrics",
        "detector",
        "events",
        "trade_off",
        "configuration_sha256",
        "code_sha256",
    ):
        assert manifest[key], key


def test_the_bundle_gives_the_trained_model_back(exported):
    bundle = exported.result.bundle
    fitted = restore(bundle)
    assert fitted.architecture.parameters() == bundle.manifest["architecture"]
    assert (fitted.labels, fitted.quantisation) == (bundle.labels, bundle.quantisation)
    [first, *_] = bundle.golden
    [rows] = predict(fitted, [np.array(first["counts"], np.int16)])
    in_int8 = (np.array(first["probabilities"]) + 128) / 256
    assert rows == pytest.approx(in_int8, abs=0.1)


def test_a_bundle_of_another_version_is_a_sentence(exported):
    bundle = exported.result.bundle
    wrong = ({"depth": 2}, None, [1], {"units": "28"}, {"filters": 7})
    others = [{"labels": ["circle", "rest"]}, *({"architecture": one} for one in wrong)]
    for other in others:
        with pytest.raises(UserError, match="another version of tinygesture"):
            restore(replace(bundle, manifest={**bundle.manifest, **other}))
    for weights in (b"", b"PK\x03\x04", b"[]"):
        with pytest.raises(UserError, match="another version of tinygesture"):
            restore(replace(bundle, files={**bundle.files, "weights.npz": weights}))


def test_the_model_carries_its_labels(exported):
    bundle = exported.result.bundle
    assert all(label.encode() in bundle.model for label in bundle.labels)

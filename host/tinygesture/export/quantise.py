"""The trained model as an int8 TensorFlow Lite model."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tinygesture.export.compiler.graph import parse
from tinygesture.training.architectures.base import KerasModel, zero_state
from tinygesture.training.backend import quiet, tensorflow
from tinygesture.training.examples import Example, Float32, inputs, pad
from tinygesture.training.fit import Fitted

REPRESENTATIVE_EXAMPLES = 60
INPUT = (1 / 128, 0)  # scale, zero point: the sample contract
STATE = (1 / 128, 0)
PROBABILITIES = (1 / 256, -128)


def quantise(fitted: Fitted, training: Sequence[Example]) -> bytes:
    """Post-training quantisation, calibrated on `training` alone; the bytes of a .tflite file."""
    tf = tensorflow()
    arch = fitted.architecture
    with quiet():
        model = arch.transfer(fitted.model, len(fitted.labels))
        samples = list(representative(fitted, model, training))
        with tempfile.TemporaryDirectory() as folder:
            _save(model, folder)
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: iter(samples)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = tf.int8
            converter.inference_output_type = tf.int8
            # One scale per dense weight: what every TensorFlow Lite Micro in the field computes.
            converter._experimental_disable_per_channel_quantization_for_dense_layers = True
            converted: bytes = converter.convert()
    check(converted, fitted)
    return converted


def _save(model: KerasModel, folder: str | Path) -> None:
    """A SavedModel whose one signature has the names of the model's inputs and outputs."""
    tf = tensorflow()
    archive = tf.keras.export.ExportArchive()
    archive.track(model)
    signature = {t.name: tf.TensorSpec(t.shape, t.dtype, name=t.name) for t in model.inputs}
    archive.add_endpoint("serve", lambda tensors: model(tensors, training=False), [signature])
    archive.write_out(folder, verbose=False)


def representative(
    fitted: Fitted, model: KerasModel, training: Sequence[Example]
) -> Iterator[dict[str, Float32]]:
    """Inputs that the export form meets, the state as it is after the steps before."""
    arch = fitted.architecture
    step = tensorflow().function(lambda tensors: model(tensors, training=False))
    shape = next(tuple(t.shape) for t in model.inputs if t.name == "x")
    chosen = np.linspace(0, len(training) - 1, min(len(training), REPRESENTATIVE_EXAMPLES))
    for index in np.unique(chosen.round().astype(int)):
        x = inputs(pad(training[index].counts, arch.window), fitted.quantisation)
        state = {name: zero_state(model, name) for name in arch.state}
        for start in range(0, len(x) - arch.window + 1, arch.hop):
            tensors = {"x": x[start : start + arch.window].reshape(shape), **state}
            yield tensors
            outputs = step(tensors)
            state = {name: outputs[output].numpy() for name, output in arch.state.items()}


def check(model: bytes, fitted: Fitted) -> None:
    """Raises RuntimeError unless input, state and output are quantised exactly as agreed."""
    graph = parse(model)
    state = fitted.architecture.state
    agreed = {
        graph.input_names["x"]: INPUT,
        graph.output_names["probabilities"]: PROBABILITIES,
        **{graph.input_names[name]: STATE for name in state},
        **{graph.output_names[name]: STATE for name in state.values()},
    }
    for index, (scale, zero_point) in agreed.items():
        tensor = graph.tensors[index]
        if (tensor.scales, tensor.zero_points) != ((scale,), (zero_point,)):
            raise RuntimeError(
                f"{tensor.name} has scale {tensor.scales} and zero point {tensor.zero_points}, "
                f"not {scale} and {zero_point}"
            )

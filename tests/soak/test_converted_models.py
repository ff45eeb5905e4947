"""Networks as people write them in Keras, through TensorFlow's converter and our compiler."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from harness import HostProgram, build_kernels, run_tflm, vectors

from tinygesture.export.compiler import compile_model

pytest.importorskip("tflite_micro", reason="TensorFlow Lite Micro, the arbiter, has no wheel here")
keras = pytest.importorskip("tensorflow").keras
L = keras.layers


def convolutions_over_time() -> Any:
    x = given = L.Input((60, 6))
    for layer in (
        *(L.Conv1D(8, 5, activation="relu"), L.MaxPooling1D(2), L.Conv1D(16, 3, padding="same")),
        *(L.BatchNormalization(), L.ReLU(), L.AveragePooling1D(2), L.Flatten(), L.Dropout(0.2)),
        *(L.Dense(10, activation="relu"), L.Dense(4, activation="softmax")),
    ):
        x = layer(x)
    return keras.Model(given, x)


def separable_image() -> Any:
    given = L.Input((32, 32, 1))
    x = L.Conv2D(8, 3, strides=2, padding="same", activation="relu6")(given)
    for filters in (8, 16):
        for layer in (L.DepthwiseConv2D(3, padding="same"), L.Conv2D(filters, 1)):
            x = L.ReLU(6.0)(L.BatchNormalization()(layer(x)))
        x = L.MaxPooling2D(2)(x)
    x = L.Add()([x, L.Conv2D(16, 1)(x)])
    return keras.Model(given, L.Softmax()(L.Dense(10)(L.GlobalAveragePooling2D()(x))))


def reshaped() -> Any:
    x = given = L.Input((360,))
    for layer in (
        *(L.Reshape((60, 6, 1)), L.ZeroPadding2D((1, 1)), L.Conv2D(4, 3, activation="relu")),
        *(L.MaxPooling2D((2, 2)), L.Reshape((-1, 12)), L.GlobalAveragePooling1D()),
        L.Dense(3, activation="sigmoid"),
    ):
        x = layer(x)
    return keras.Model(given, x)


def largest_over_time() -> Any:
    given = L.Input((40, 6))
    x = L.SeparableConv1D(8, 3, padding="same", activation="relu")(given)
    return keras.Model(given, L.Dense(3)(L.GlobalMaxPooling1D()(x)))


def two_inputs_and_outputs() -> Any:
    given = [L.Input((12,)), L.Input((8,))]
    parts = [
        L.Dense(8, activation=name)(x) for name, x in zip(("tanh", "relu"), given, strict=True)
    ]
    x = L.Concatenate()(parts)
    return keras.Model(given, [L.Dense(3, activation="softmax")(x), L.Dense(1)(x)])


def converted(model: Any) -> bytes:
    """int8 throughout, with random weights."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    for weight in model.weights:
        if "variance" not in weight.path:
            weight.assign(rng.normal(0.02, 0.25, weight.shape))

    def typical() -> Iterator[list[Any]]:
        for _ in range(30):
            yield [rng.normal(0, 1, (1, *x.shape[1:])).astype(np.float32) for x in model.inputs]

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = typical
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return bytes(converter.convert())


@pytest.mark.parametrize(
    "network",
    [
        convolutions_over_time,
        separable_image,
        reshaped,
        largest_over_time,
        two_inputs_and_outputs,
    ],
)
def test_bit_exact(network: Callable[[], Any], tmp_path: Path) -> None:
    model = converted(network())
    compiled = compile_model(model)
    program = HostProgram([compiled], build_kernels(tmp_path), tmp_path)
    inputs = vectors(np.random.default_rng(0), (sum(compiled.input_sizes),), 300)
    np.testing.assert_array_equal(program.run(0, inputs), run_tflm(model, inputs))

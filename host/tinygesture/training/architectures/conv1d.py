"""Convolutions over a window of 1.2 s, a total stride of 8 samples, averaged over time."""

from tinygesture.training.architectures.base import Architecture, KerasModel, fake_quant
from tinygesture.training.backend import tensorflow

WINDOW = 120
FILTERS = (16, 24, 32)
KERNEL = 5
STRIDE = 2
DROPOUT = 0.3
POSITIONS = 12  # that the last convolution has within one window


class Conv1D(Architecture):
    """Three VALID convolutions, global average, dense, softmax.

    Hop and total stride are equal, so the training form gives every window of a stream at once:
    the convolutions run over the whole stream and the average slides.
    """

    name = "conv1d"
    window = WINDOW
    hop = STRIDE ** len(FILTERS)
    stream = WINDOW + 8 * hop

    def build(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = y = layers.Input((None, 6), name="x")
        for i, filters in enumerate(FILTERS):
            y = layers.Conv1D(filters, KERNEL, STRIDE, activation="relu", name=f"conv{i}")(y)
        y = layers.AveragePooling1D(POSITIONS, 1, name="average")(y)
        y = layers.Dropout(DROPOUT, name="dropout")(y)
        y = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model(x, y, name="conv1d_training")

    def export_form(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = layers.Input((WINDOW, 6), batch_size=1, name="x")
        y = layers.Reshape((1, WINDOW, 6), name="image")(fake_quant("pin_x", x))
        for i, filters in enumerate(FILTERS):
            y = layers.Conv2D(
                filters, (1, KERNEL), (1, STRIDE), activation="relu", name=f"conv{i}"
            )(y)
        y = layers.GlobalAveragePooling2D(name="average")(y)
        y = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model({"x": x}, {"probabilities": y}, name="conv1d_window")

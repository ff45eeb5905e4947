"""Convolutions over a window of samples, averaged over time."""

from dataclasses import dataclass

from tinygesture.training.architectures.base import Architecture, KerasModel, fake_quant
from tinygesture.training.backend import tensorflow


@dataclass(frozen=True)
class Conv1D(Architecture):
    """VALID convolutions, global average, dense, softmax.

    Hop and total stride are equal, so the training form gives every window of a stream at once:
    the convolutions run over the whole stream and the average slides.
    """

    window: int = 120
    filters: tuple[int, ...] = (16, 24, 32)
    kernel: int = 5
    stride: int = 2
    dropout: float = 0.3

    name = "conv1d"

    def __post_init__(self) -> None:
        if self.positions < 1:
            raise ValueError(
                f"A window of {self.window} samples is too short for {len(self.filters)} layers"
            )

    @property
    def hop(self) -> int:
        return int(self.stride ** len(self.filters))

    @property
    def stream(self) -> int:
        return 256 // self.hop * self.hop

    @property
    def positions(self) -> int:
        """Outputs of the last convolution within one window."""
        positions = self.window
        for _ in self.filters:
            positions = (positions - self.kernel) // self.stride + 1
        return positions

    def build(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = y = layers.Input((None, 6), name="x")
        for i, filters in enumerate(self.filters):
            y = layers.Conv1D(
                filters, self.kernel, self.stride, activation="relu", name=f"conv{i}"
            )(y)
        y = layers.AveragePooling1D(self.positions, 1, name="average")(y)
        y = layers.Dropout(self.dropout, name="dropout")(y)
        y = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model(x, y, name="conv1d_training")

    def export_form(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = layers.Input((self.window, 6), batch_size=1, name="x")
        y = layers.Reshape((1, self.window, 6), name="image")(fake_quant("pin_x", x))
        for i, filters in enumerate(self.filters):
            y = layers.Conv2D(
                filters, (1, self.kernel), (1, self.stride), activation="relu", name=f"conv{i}"
            )(y)
        y = layers.GlobalAveragePooling2D(name="average")(y)
        y = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model({"x": x}, {"probabilities": y}, name="conv1d_window")

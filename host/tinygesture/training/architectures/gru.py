"""A streaming GRU: a few samples per step, state carried from step to step."""

from dataclasses import dataclass
from typing import ClassVar

from tinygesture.training.architectures.base import Architecture, KerasModel, Usual, fake_quant
from tinygesture.training.backend import tensorflow


@dataclass(frozen=True)
class Gru(Architecture):
    """dense+relu over a patch of samples, one GRU cell, dense, softmax.

    The training form runs over whole streams; the export form is one step with the state outside,
    because TFLite Micro has no GRU and the converter no way to keep a loop small.
    """

    units: int = 40
    features: int = 32
    patch: int = 8  # canonical samples per step
    dropout: float = 0.3

    name = "gru"
    state: ClassVar = {"state": "state_out"}
    stream = 256
    usual: ClassVar = Usual(label_smoothing=0.0, weight_decay=0.1, mining=7, patience=0)

    @property
    def window(self) -> int:
        return self.patch

    @property
    def hop(self) -> int:
        return self.patch

    def build(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = layers.Input((None, 6), name="x")
        y = layers.Conv1D(
            self.features, self.patch, self.patch, activation="relu", name="features"
        )(x)
        y = layers.GRU(self.units, return_sequences=True, name="gru")(y)
        y = layers.Dropout(self.dropout, name="dropout")(y)
        y = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model(x, y, name="gru_training")

    def state_shapes(self) -> dict[str, tuple[int, ...]]:
        return {"state": (self.units,)}

    def carrying(self, trained: KerasModel) -> KerasModel:
        keras = tensorflow().keras
        state = keras.Input((self.units,), name="state")
        y = trained.get_layer("features")(trained.input)
        y = trained.get_layer("gru")(y, initial_state=state)
        probabilities = trained.get_layer("probabilities")(trained.get_layer("dropout")(y))
        outputs = {"probabilities": probabilities, "state_out": y[:, -1]}
        return keras.Model({"x": trained.input, "state": state}, outputs)

    def export_form(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = layers.Input((self.patch * 6,), batch_size=1, name="x")
        state = layers.Input((self.units,), batch_size=1, name="state")
        pinned = fake_quant("pin_state", state)
        y = layers.Dense(self.features, activation="relu", name="features")(fake_quant("pin_x", x))
        y, _ = layers.GRUCell(self.units, name="gru")(y, [pinned])
        y = fake_quant("state_out", y)
        probabilities = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model(
            {"x": x, "state": state},
            {"probabilities": probabilities, "state_out": y},
            name="gru_step",
        )

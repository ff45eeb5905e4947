"""A streaming GRU: 4 samples per step, 25 steps a second, state carried from step to step."""

from typing import ClassVar

from tinygesture.training.architectures.base import Architecture, KerasModel, fake_quant
from tinygesture.training.backend import tensorflow

PATCH = 4  # canonical samples per step
FEATURES = 16
UNITS = 20


class Gru(Architecture):
    """dense+relu over a patch of samples, one GRU cell, dense, softmax.

    The training form runs over whole streams; the export form is one step with the state outside,
    because TFLite Micro has no GRU and the converter no way to keep a loop small.
    """

    name = "gru"
    window = PATCH
    hop = PATCH
    stream = 512
    state: ClassVar = {"state": "state_out"}

    def build(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = layers.Input((None, 6), name="x")
        y = layers.Conv1D(FEATURES, PATCH, PATCH, activation="relu", name="features")(x)
        y = layers.GRU(UNITS, return_sequences=True, name="gru")(y)
        y = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model(x, y, name="gru_training")

    def export_form(self, labels: int) -> KerasModel:
        layers = tensorflow().keras.layers
        x = layers.Input((PATCH * 6,), batch_size=1, name="x")
        state = layers.Input((UNITS,), batch_size=1, name="state")
        pinned = fake_quant("pin_state", state)
        y = layers.Dense(FEATURES, activation="relu", name="features")(fake_quant("pin_x", x))
        y, _ = layers.GRUCell(UNITS, name="gru")(y, [pinned])
        y = fake_quant("state_out", y)
        probabilities = layers.Dense(labels, activation="softmax", name="probabilities")(y)
        return tensorflow().keras.Model(
            {"x": x, "state": state},
            {"probabilities": probabilities, "state_out": y},
            name="gru_step",
        )

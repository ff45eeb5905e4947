"""What every architecture provides. docs/add-an-architecture.md goes through it step by step."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np

from tinygesture.training.backend import tensorflow

KerasModel = Any  # keras.Model; Keras has no types that a checker can follow


@dataclass(frozen=True)
class Usual:
    """Of the `Settings` of a training, those that are the architecture's where they do not say."""

    label_smoothing: float = 0.05
    weight_decay: float = 0.01
    mining: int = 3
    patience: int = 15


@dataclass(frozen=True)
class Architecture(ABC):
    """A model in two forms that share their weights, layer by layer, by name.

    The fields of a subclass are its parameters: numbers, or tuples of them, with defaults.
    """

    name: ClassVar[str]
    state: ClassVar[Mapping[str, str]] = {}  # state input -> state output of the export form
    usual: ClassVar[Usual] = Usual()

    @property
    @abstractmethod
    def window(self) -> int:
        """Canonical samples that one inference sees."""

    @property
    @abstractmethod
    def hop(self) -> int:
        """Canonical samples between two inferences, 1..window."""

    @property
    @abstractmethod
    def stream(self) -> int:
        """Canonical samples, at least, of a chunk in training."""

    @abstractmethod
    def build(self, labels: int) -> KerasModel:
        """Training form: float32[B, T, 6] -> probabilities float32[B, steps(T), labels]."""

    @abstractmethod
    def export_form(self, labels: int) -> KerasModel:
        """One inference: inputs "x" and the state, outputs "probabilities" and the new state.

        x is [1, window, 6] or its flattening, pinned to scale 1/128 by `fake_quant`.
        """

    def state_shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each state input, without the batch."""
        return {}

    def carrying(self, trained: KerasModel) -> KerasModel:
        """The training form with the state outside, as long streams take it in several parts.

        Inputs "x" and the state, outputs "probabilities" and the new state; its layers are those
        of `trained`.
        """
        inputs, outputs = {"x": trained.input}, {"probabilities": trained.output}
        return tensorflow().keras.Model(inputs, outputs)

    def parameters(self) -> dict[str, Any]:
        """The fields as JSON keeps them, from which the registry makes the same architecture."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    def steps(self, samples: int) -> int:
        """Inferences that a stream of this many canonical samples gives."""
        return max((samples - self.window) // self.hop + 1, 0)

    def transfer(self, trained: KerasModel, labels: int) -> KerasModel:
        """The export form with the weights of a trained training form."""
        exported = self.export_form(labels)
        for layer in exported.layers:
            if layer.weights:
                weights = trained.get_layer(layer.name).get_weights()
                shapes = [w.shape for w in layer.get_weights()]
                layer.set_weights([w.reshape(s) for w, s in zip(weights, shapes, strict=True)])
        return exported


def fake_quant(name: str, tensor: Any) -> Any:
    """Pin a tensor to scale 1/128, zero point 0 in the converted model, without an operator."""
    tf = tensorflow()

    class FakeQuant(tf.keras.layers.Layer):  # type: ignore[misc, name-defined]
        def call(self, inputs: Any) -> Any:
            return tf.quantization.fake_quant_with_min_max_args(inputs, -1.0, 127 / 128)

    return FakeQuant(name=name)(tensor)


def zero_state(model: KerasModel, name: str) -> Any:
    """The state after reset for one state input of an export form: float32 zeros."""
    shape = next(t.shape for t in model.inputs if t.name == name)
    return np.zeros((1, *shape[1:]), np.float32)

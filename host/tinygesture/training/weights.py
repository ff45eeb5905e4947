"""The weights of a trained model as a file, from which training and explanations go on."""

import io

import numpy as np

from tinygesture.contract import Quantisation
from tinygesture.training.architectures.base import Architecture, KerasModel
from tinygesture.training.fit import Fitted


def to_npz(model: KerasModel) -> bytes:
    """float32 arrays "LAYER/0", "LAYER/1", ... of a training form, as numpy's .npz.

    The same weights give the same bytes.
    """
    arrays = {
        f"{layer.name}/{i}": array
        for layer in model.layers
        for i, array in enumerate(layer.get_weights())
    }
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def from_npz(
    weights: bytes,
    arch: Architecture,
    labels: tuple[str, ...],
    quantisation: Quantisation,
    recorded: int,
) -> Fitted:
    """The model that `to_npz` was given. Raises ValueError where they are another model's."""
    model = arch.build(len(labels))
    with np.load(io.BytesIO(weights), allow_pickle=False) as arrays:
        for layer in model.layers:
            own = layer.get_weights()
            names = [f"{layer.name}/{i}" for i in range(len(own))]
            found = [arrays[name] for name in names if name in arrays]
            if [array.shape for array in found] != [array.shape for array in own]:
                raise ValueError(f"the layer {layer.name} is of another model")
            layer.set_weights(found)
    return Fitted(arch, model, quantisation, labels, recorded, {})

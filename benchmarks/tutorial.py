"""The peer that everybody begins with: the dense network of Arduino's gesture tutorial.

119 rows of raw samples, made 0..1 and laid in one line, into layers of 50 and 15: trained as there,
600 epochs of single recordings, RMSprop, mean squared error, no augmentation. Keras takes most of
its time for what surrounds such small steps, so they are written out; a test compares the weights.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from methods import Prediction, Task

from tinygesture.contract import to_units
from tinygesture.dataset import Dataset, Entry
from tinygesture.training.examples import Float32

ROWS = 119
LAYERS = (50, 15)
RANGES = (4, 4, 4, 2000, 2000, 2000)  # g and °/s, either way
EPOCHS = 600
RATE, MEMORY, EPSILON = 1e-3, 0.9, 1e-7  # of Keras's RMSprop


def tutorial(task: Task, seed: int, epochs: int = EPOCHS) -> Prediction:
    """There, validation recordings change nothing; here, they are learned from instead."""
    entries = [*task.split.train, *task.split.validation]
    x, y = inputs(task.dataset, entries), [task.labels.index(entry.label) for entry in entries]
    rng = np.random.default_rng(seed)
    network = Network.fresh((ROWS * 6, *LAYERS, len(task.labels)), rng)
    one_hot = np.eye(len(task.labels), dtype=np.float32)[y]
    for _ in range(epochs):
        for i in rng.permutation(len(x)):
            network.learn(x[i], one_hot[i])
    answers = [network.outputs(row)[-1] for row in inputs(task.dataset, task.split.test)]
    return {"dense network of the tutorial": [int(answer.argmax()) for answer in answers]}


def inputs(dataset: Dataset, entries: Sequence[Entry]) -> Float32:
    """The first ROWS samples as they were recorded; the last one is held in shorter recordings."""
    rows = []
    for entry in entries:
        units = to_units(dataset.load(entry).counts[:ROWS])
        units = np.pad(units, ((0, ROWS - len(units)), (0, 0)), mode="edge")
        rows.append(((units / RANGES + 1) / 2).ravel())
    return np.array(rows, np.float32)


class Network:
    """Dense layers: ReLU, and softmax at the end. weights: float32[inputs, outputs] of each layer,
    the biases in a last row."""

    def __init__(self, weights: Sequence[Float32]) -> None:
        self.weights = weights
        self._squares = [np.zeros_like(layer) for layer in weights]

    @classmethod
    def fresh(cls, sizes: Sequence[int], rng: np.random.Generator) -> "Network":
        """Glorot's uniform weights, and biases of 0."""
        weights = []
        for below, above in pairwise(sizes):
            limit = np.sqrt(6 / (below + above))
            layer = rng.uniform(-limit, limit, (below + 1, above)).astype(np.float32)
            layer[-1] = 0
            weights.append(layer)
        return cls(weights)

    def outputs(self, x: Float32) -> list[Float32]:
        """x float32[inputs] and what each layer makes of it, the probabilities last."""
        values = [x]
        for layer in self.weights[:-1]:
            values.append(np.maximum(values[-1] @ layer[:-1] + layer[-1], 0))
        scores = values[-1] @ self.weights[-1][:-1] + self.weights[-1][-1]
        exponentials = np.exp(scores - scores.max())
        return [*values, exponentials / exponentials.sum()]

    def learn(self, x: Float32, y: Float32) -> None:
        """One step of RMSprop on one recording, against the mean squared error."""
        *values, p = self.outputs(x)
        error = 2 * (p - y) / len(y)
        slope = p * (error - error @ p)
        for i in reversed(range(len(values))):
            layer, squares = self.weights[i], self._squares[i]
            gradient = np.outer(np.append(values[i], np.float32(1)), slope)
            slope = (layer[:-1] @ slope) * (values[i] > 0)
            squares *= MEMORY
            squares += (1 - MEMORY) * gradient**2
            layer -= RATE * gradient / np.sqrt(squares + EPSILON)

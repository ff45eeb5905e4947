"""Learning step by step on streams, whose state is carried from chunk to chunk as on the board.

Truncated back-propagation through time (Williams and Peng, 1990): gradients reach back to the
beginning of a chunk, the state to the beginning of the stream.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinygesture.training.architectures.base import Architecture, KerasModel
from tinygesture.training.backend import compiles, tensorflow
from tinygesture.training.examples import Float32

Batch = tuple[Float32, Float32, Float32]
Straight = Callable[[list[Any]], list[Any]]  # weights -> weights that the model is run with


@dataclass(frozen=True)
class Loop:
    """The compiled steps of one training.

    A batch is x float32[B, T, 6], one-hot y float32[B, steps(T), labels] and the weight of each
    step float32[B, steps(T)]; T is `context` more than a multiple of `chunk`.
    """

    architecture: Architecture
    model: KerasModel
    chunk: int
    learn: Any
    judge: Any

    def run(self, batch: Batch, learning: bool) -> tuple[float, float]:
        """(loss, accuracy) of a batch whose streams begin with a reset, chunk by chunk."""
        x, y, weights = batch
        arch, step = self.architecture, self.learn if learning else self.judge
        context, steps = arch.window - arch.hop, self.chunk // arch.hop
        state: Mapping[str, Any] = {
            name: np.zeros((len(x), *shape), np.float32)
            for name, shape in arch.state_shapes().items()
        }
        sums = np.zeros(3)
        for i in range((x.shape[1] - context) // self.chunk):
            part = x[:, i * self.chunk : (i + 1) * self.chunk + context]
            of = slice(i * steps, (i + 1) * steps)
            state, *found = step(part, y[:, of], weights[:, of], state)
            sums += [float(value) for value in found]
        loss, right, weight = sums
        return loss / max(weight, 1e-9), right / max(weight, 1e-9)


def loop(
    arch: Architecture,
    model: KerasModel,
    chunk: int,
    optimizer: Any,
    smoothing: float,
    straight: Straight = list,
) -> Loop:
    """straight: what stands in for the weights in the forward pass, for instance their int8
    values; its gradient is taken as it is.
    """
    tf = tensorflow()
    carrying = arch.carrying(model)
    compiled: Any = tf.function(jit_compile=compiles())
    optimizer.build(model.trainable_variables)

    def sums(x: Any, y: Any, weights: Any, state: Any, training: bool) -> Any:
        variables = straight([v.value for v in carrying.trainable_variables])
        outputs, _ = carrying.stateless_call(
            variables, carrying.non_trainable_variables, {"x": x, **state}, training=training
        )
        p = outputs["probabilities"]
        smooth = y * (1 - smoothing) + smoothing / y.shape[-1]
        loss = tf.reduce_sum(weights * tf.keras.losses.categorical_crossentropy(smooth, p))
        right = tf.cast(tf.argmax(p, -1) == tf.argmax(y, -1), tf.float32)
        state = {name: outputs[output] for name, output in arch.state.items()}
        return state, loss, tf.reduce_sum(weights * right), tf.reduce_sum(weights)

    @compiled  # type: ignore[untyped-decorator]
    def learn(x: Any, y: Any, weights: Any, state: Any) -> Any:
        with tf.GradientTape() as tape:
            state, loss, right, weight = sums(x, y, weights, state, training=True)
            mean = loss / tf.maximum(weight, 1.0)
        gradients = tape.gradient(mean, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        return state, loss, right, weight

    @compiled  # type: ignore[untyped-decorator]
    def judge(x: Any, y: Any, weights: Any, state: Any) -> Any:
        return sums(x, y, weights, state, training=False)

    return Loop(arch, model, chunk, learn, judge)

"""Gradients of a float model's probabilities with respect to its input."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from tinygesture.contract import Float64
from tinygesture.training.architectures.base import Architecture, KerasModel
from tinygesture.training.backend import tensorflow
from tinygesture.training.examples import Float32

INTERVALS = 64  # of the path from the baseline to the recording, at first
CHANGE = 1 / 64  # of the probability within an interval: where it is more, the interval is halved
HALVINGS = 16
TINY = 1e-30  # beside the probability of other labels, where it has vanished


def integrated_gradients(model: KerasModel, x: Float32, baseline: Float32, label: int) -> Float64:
    """What each sample of x float32[M, 6] adds to the label's mean probability over the steps.

    baseline: float32[6], held for all of the time. The float64[M, 6] returned add up to the
    probability for x less that for the baseline, but for the error of the midpoint rule.

    Of the probability, not of what goes into the softmax: the detector compares probabilities, and
    a number that raises every label's logit alike decides nothing. The path passes through where
    the softmax is steep, so its flat end does not hide anything, as it would in a plain gradient.

    M. Sundararajan, A. Taly, Q. Yan: Axiomatic Attribution for Deep Networks, ICML 2017.
    """

    def at(parts: Float64) -> Float32:
        return baseline + parts.astype(np.float32)[:, None, None] * (x - baseline)

    def mean(p: Any) -> Any:
        return tensorflow().reduce_mean(p[:, :, label], axis=1)

    parts = np.linspace(0, 1, INTERVALS + 1)
    reached = np.asarray(mean(answers(model)(at(parts))))
    for _ in range(HALVINGS):
        steep = np.flatnonzero(np.abs(np.diff(reached)) > CHANGE)
        if not len(steep):
            break
        middles = (parts[steep] + parts[steep + 1]) / 2
        parts = np.insert(parts, steep + 1, middles)
        reached = np.insert(reached, steep + 1, mean(answers(model)(at(middles))))
    gradient = _gradient(model, at((parts[1:] + parts[:-1]) / 2), mean)
    attributions: Float64 = (x - baseline) * np.tensordot(np.diff(parts), gradient, 1)
    return attributions


def connectivity(model: KerasModel, x: Float32, label: int, arch: Architecture) -> Float64:
    """How much the label's probability at each step hangs on each block of input up to it.

    float64[steps, blocks]: the norm of the probability's gradient with respect to a block, which is
    `hop` samples of x float32[M, 6], all axes. Step s is computed as soon as block
    s + blocks - steps is there; later ones have 0.

    A. Madsen: Visualizing memorization in RNNs, Distill 2019, whose connectivity this is.
    """
    tf = tensorflow()
    steps = arch.steps(len(x))
    used = x[: arch.window + (steps - 1) * arch.hop]

    def own_step(p: Any) -> Any:
        """The log odds at step s of copy s: like the probability, exact where it is nearly 1."""
        of_step = tf.linalg.diag_part(tf.transpose(p, (2, 0, 1)))  # [labels, steps]
        others = tf.reduce_sum(tf.concat([of_step[:label], of_step[label + 1 :]], 0), axis=0)
        return tf.math.log(of_step[label] + TINY) - tf.math.log(others + TINY)

    gradient = _gradient(model, np.repeat(used[None], steps, axis=0), own_step)
    probabilities = np.asarray(answers(model)(used[None]), np.float64)[0]
    p, others = probabilities[:, label], np.delete(probabilities, label, axis=1).sum(axis=1)
    starts = np.arange(len(used) - arch.hop, -arch.hop, -arch.hop)[::-1].clip(0)
    squares = np.add.reduceat((gradient**2).sum(axis=2), starts, axis=1)
    norms: Float64 = np.sqrt(squares) * (p * others)[:, None]  # dp = p (1 - p) d log odds
    return norms


@lru_cache(maxsize=2)
def answers(model: KerasModel) -> Callable[[Float32], Any]:
    """float32[B, M, 6] -> probabilities [B, steps, labels], as a graph: ten times as quick."""
    tf = tensorflow()
    signature = [tf.TensorSpec((None, None, 6), tf.float32)]
    graph: Callable[[Float32], Any] = tf.function(
        lambda x: model(x, training=False), input_signature=signature
    )
    return graph


def _gradient(model: KerasModel, x: Float32, target: Any) -> Float64:
    """Of the sum of target(probabilities [B, steps, labels]) at x float32[B, M, 6]."""
    tf = tensorflow()
    batch = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(batch)
        value = target(answers(model)(batch))
    return np.asarray(tape.gradient(value, batch), np.float64)

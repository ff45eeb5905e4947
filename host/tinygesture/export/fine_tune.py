"""Quantisation-aware fine-tuning, where post-training quantisation costs too much.

The weights take part in the forward pass as the int8 values that they will be, and learn as if they
were not rounded: the straight-through estimator of Bengio, Léonard and Courville (2013).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.quantise import quantise
from tinygesture.export.tflm import Tflm
from tinygesture.training.backend import tensorflow
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted, Progress, Settings, fit
from tinygesture.training.predict import predict

ALLOWED_LOSS = 0.005  # of accuracy on the validation recordings


def fine_tuned(
    fitted: Fitted,
    train: Sequence[Example],
    validation: Sequence[Example],
    seed: int,
    settings: Settings,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Fitted, dict[str, Any]]:
    """The model, or where its int8 form loses more than ALLOWED_LOSS on `validation` one that was
    taught to be int8, if that form does better there.

    Also the accuracies on `validation`: {"float", "int8", "fine_tuned" (None: not needed)}.
    """
    in_float = _float_accuracy(fitted, validation)
    in_int8 = _int8_accuracy(fitted, train, validation)
    found: dict[str, Any] = {"float": in_float, "int8": in_int8, "fine_tuned": None}
    if in_float - in_int8 <= ALLOWED_LOSS:
        return fitted, found
    gentle = replace(
        settings,
        epochs=max(settings.epochs // 4, 1),
        learning_rate=settings.learning_rate / 5,
    )
    tuned = fit(
        train,
        validation,
        fitted.labels[: fitted.recorded],
        fitted.architecture,
        seed,
        gentle,
        lambda _, done, total: progress("fine-tuning", done, total),
        base=fitted,
        straight=rounded,
    )
    found["fine_tuned"] = _int8_accuracy(tuned, train, validation)
    better = found["fine_tuned"] > in_int8
    return (replace(tuned, history=fitted.history) if better else fitted), found


def rounded(weights: list[Any]) -> list[Any]:
    """Kernels as int8 with one scale has them; biases, which are int32 on the board, as they are.

    The gradient passes as if nothing were rounded.
    """
    tf = tensorflow()

    def one(kernel: Any) -> Any:
        if kernel.shape.rank < 2 or kernel.shape[0] == 2:  # a bias; the GRU has two in one
            return kernel
        scale = tf.maximum(tf.reduce_max(tf.abs(kernel)), 1e-9) / 127
        return kernel + tf.stop_gradient(tf.round(kernel / scale) * scale - kernel)

    return [one(weight) for weight in weights]


def _float_accuracy(fitted: Fitted, examples: Sequence[Example]) -> float:
    rows = predict(fitted, [example.counts for example in examples])
    return _accuracy(fitted, rows, examples)


def _int8_accuracy(
    fitted: Fitted, training: Sequence[Example], examples: Sequence[Example]
) -> float:
    arch = fitted.architecture
    tflm = Tflm(quantise(fitted, training), arch.state)
    answers = [
        tflm.answer(one.counts, fitted.quantisation, arch.window, arch.hop) for one in examples
    ]
    return _accuracy(fitted, answers, examples)


def _accuracy(fitted: Fitted, answers: Sequence[Any], examples: Sequence[Example]) -> float:
    pairs = zip(answers, examples, strict=True)
    right = [recording_label(rows, fitted.recorded) == example.label for rows, example in pairs]
    return float(np.mean(right))

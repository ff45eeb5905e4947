"""TensorFlow Lite Micro on the host: the arbiter of every "exact" here."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tinygesture.contract import Int8, Int16, Quantisation
from tinygesture.errors import UserError
from tinygesture.export.compiler.graph import parse
from tinygesture.training.examples import pad

STEPS_TOLD = 1000
STATE_ZERO = 0  # the int8 that stands for a state of 0: zero point 0


class Tflm:
    """One model in the interpreter; its state is carried from step to step, 0 after `reset`.

    state: state input -> state output, by the names of the model's signature ({} for none);
    UserError where there are no such names.
    """

    def __init__(self, model: bytes, state: Mapping[str, str]) -> None:
        graph = parse(model)
        missing = {"x", *state} - graph.input_names.keys()
        missing |= {"probabilities", *state.values()} - graph.output_names.keys()
        if missing:
            raise UserError(
                f"The model has no {' and no '.join(sorted(missing))}, of which its manifest.json "
                "tells: that was edited, or is another model's. Make the model anew."
            )
        inputs = [graph.inputs.index(graph.input_names[name]) for name in ("x", *state)]
        outputs = [
            graph.outputs.index(graph.output_names[name])
            for name in ("probabilities", *state.values())
        ]
        self._x, self._probabilities = inputs[0], outputs[0]
        self._state = list(zip(inputs[1:], outputs[1:], strict=True))
        self._shapes = [graph.tensors[index].shape for index in graph.inputs]
        self._interpreter = interpreter(model)
        self.labels = graph.tensors[graph.outputs[self._probabilities]].shape[-1]
        self.reset()

    def reset(self) -> None:
        self._carried = [np.full(self._shapes[i], STATE_ZERO, np.int8) for i, _ in self._state]

    def step(self, x: Int8) -> Int8:
        """One inference: quantised samples int8[window, 6] -> probabilities int8[labels]."""
        self._interpreter.set_input(x.reshape(self._shapes[self._x]), self._x)
        for (index, _), value in zip(self._state, self._carried, strict=True):
            self._interpreter.set_input(value, index)
        self._interpreter.invoke()
        self._carried = [self._interpreter.get_output(output) for _, output in self._state]
        probabilities: Int8 = self._interpreter.get_output(self._probabilities)[0]
        return probabilities

    def run(
        self,
        x: Int8,
        window: int,
        hop: int,
        progress: Callable[[int], None] = lambda samples: None,
    ) -> Int8:
        """From reset: quantised samples int8[M, 6] -> probabilities int8[steps, labels].

        progress is told now and then how many samples are past.
        """
        self.reset()
        rows = []
        for start in range(0, len(x) - window + 1, hop):
            rows.append(self.step(x[start : start + window]))
            if len(rows) % STEPS_TOLD == 0:
                progress(start)
        return np.array(rows, np.int8).reshape(len(rows), self.labels)

    def answer(self, counts: Int16, quantisation: Quantisation, window: int, hop: int) -> Int8:
        """`run` of a recording int16[M, 6] at the canonical rate, padded to a window."""
        return self.run(quantisation.quantise(pad(counts, window)), window, hop)


def interpreter(model: bytes, arena_size: int | None = None) -> Any:
    """tflite_micro's interpreter. Raises UserError where the package is not installed."""
    try:
        from tflite_micro.python.tflite_micro import runtime
    except ImportError as error:
        raise UserError(
            "Running the int8 model needs the package tflite-micro, which has wheels for Linux on "
            "x86-64 only. Install it there with: pip install 'tinygesture[train]'."
        ) from error
    return runtime.Interpreter.from_bytes(model, arena_size=arena_size)

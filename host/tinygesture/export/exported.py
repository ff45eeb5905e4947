"""A trained model in every form in which it runs: int8, in TensorFlow Lite Micro, and as C++."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tinygesture.contract import CANONICAL_RATE_HZ, Int8, Int16
from tinygesture.detector import DetectorConfig
from tinygesture.export import limits, metadata, plans
from tinygesture.export.arena import arena_bytes
from tinygesture.export.bundle import WEIGHTS, model_id
from tinygesture.export.c_array import c_array
from tinygesture.export.compiler import CompiledModel, compile_model
from tinygesture.export.compiler.plan import Description
from tinygesture.export.config import model_config
from tinygesture.export.quantise import quantise
from tinygesture.export.tflm import Tflm
from tinygesture.export.tflm_model import TflmModel, tflm_model
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted
from tinygesture.training.weights import to_npz


@dataclass(frozen=True)
class Exported:
    """model: the bytes of model.tflite; arena_bytes: what TensorFlow Lite Micro needs of RAM."""

    fitted: Fitted
    name: str
    model: bytes
    compiled: CompiledModel
    tflm: Tflm
    arena_bytes: int
    on_board: TflmModel

    def answer(self, counts: Int16) -> Int8:
        """Canonical samples int16[M, 6], from reset -> int8 probabilities [steps, labels].

        The first sample is held in front of a recording shorter than the window.
        """
        arch = self.fitted.architecture
        return self.tflm.answer(counts, self.fitted.quantisation, arch.window, arch.hop)

    def files(self, detector: DetectorConfig) -> dict[str, bytes]:
        """What the bundle has of it, with the detector that turns its answers into events."""
        texts = {
            "compiled_model.h": self.compiled.header,
            "compiled_model.cpp": self.compiled.source,
            "model_config.h": model_config(self.model, self.name, self.fitted, detector),
            **c_array(self.model),
        }
        if self.on_board.header is not None:
            texts["tflm_model.h"] = self.on_board.header
        return {
            "model.tflite": self.model,
            WEIGHTS: to_npz(self.fitted.model),
            **{file: text.encode() for file, text in texts.items()},
            plans.FILE: self.compiled.plan.serialised(self._plan_description(detector)),
        }

    def _plan_description(self, detector: DetectorConfig) -> Description:
        arch = self.fitted.architecture
        return Description(
            model_id(self.model),
            self.name,
            arch.name,
            tuple(self.fitted.labels),
            arch.window,
            arch.hop,
            self.fitted.quantisation,
            detector,
        )

    def description(self) -> dict[str, Any]:
        """The part of the manifest that says what the model is."""
        arch, quantisation = self.fitted.architecture, self.fitted.quantisation
        compiled = self.compiled
        return {
            "name": self.name,
            "model_id": model_id(self.model),
            "arch": arch.name,
            "architecture": arch.parameters(),
            "labels": list(self.fitted.labels),
            "input": {
                "rate_hz": CANONICAL_RATE_HZ,
                "window": arch.window,
                "hop": arch.hop,
                "multipliers": list(quantisation.multipliers),
                "shift": quantisation.shift,
                "scale": 1 / 128,
                "zero_point": 0,
            },
            "output": {"scale": 1 / 256, "zero_point": -128},
            "state": dict(arch.state),
            "operators": compiled.operators,
            "sizes": {
                "tflite_bytes": len(self.model),
                "tflm_arena_bytes": self.arena_bytes,
                "compiled_arena_bytes": compiled.arena_bytes,
                "compiled_state_bytes": compiled.state_bytes,
                "compiled_weight_bytes": compiled.weight_bytes,
                "macs": compiled.macs,
                "window_macs": compiled.window_macs,
            },
            "whole_windows": not compiled.streaming,
            "tflm": self.on_board.manifest(),
            "arbiter": "tflite-micro",
            "metadata": "tflite-support" if metadata.available() else None,
        }


def export(fitted: Fitted, name: str, training: Sequence[Example]) -> Exported:
    """Quantise and compile; known to fit the board and to run in TensorFlow Lite Micro.

    training: what the quantisation is calibrated on. Raises UserError for a model that does not.
    """
    model = quantise(fitted, training)
    if metadata.available():
        model = metadata.add_metadata(model, name, fitted.labels, fitted.quantisation)
    state = fitted.architecture.state
    compiled = compile_model(model, state, fitted.architecture.hop)
    limits.check_ports(len(compiled.input_sizes), len(compiled.output_sizes))
    limits.check_flash(len(model))
    arena = limits.check_ram(arena_bytes(model))
    on_board = tflm_model(model, state, name, arena)
    return Exported(fitted, name, model, compiled, Tflm(model, state), arena, on_board)

"""model_config.h: what the firmware knows of a model besides its weights."""

from tinygesture.detector import DetectorConfig
from tinygesture.export.bundle import model_id
from tinygesture.training.fit import Fitted


def model_config(model: bytes, name: str, fitted: Fitted, detector: DetectorConfig) -> str:
    """The C++ header of the model with these bytes."""
    arch, quantisation = fitted.architecture, fitted.quantisation
    id_bytes = ", ".join(f"0x{byte:02x}" for byte in bytes.fromhex(model_id(model)))
    multipliers = ", ".join(map(str, quantisation.multipliers))
    thresholds = ", ".join(map(str, detector.thresholds))
    names = ", ".join(f'"{label}"' for label in fitted.labels)
    return f"""\
// The model {name}; written by train-and-export.
#pragma once
#include "model.h"

namespace tinygesture {{

constexpr const char* kModelLabels[] = {{{names}}};

constexpr Model kModel = {{
    {{{id_bytes}}},
    "{name}",
    "{arch.name}",
    {len(fitted.labels)},
    kModelLabels,
    {arch.window},  // window
    {arch.hop},  // hop
    {{{{{multipliers}}}, {quantisation.shift}}},
    {{{detector.smoothing}, {detector.minimum}, {detector.refractory}, {detector.background:#x}, \
{{{thresholds}}}, {detector.doubt}}},
}};

}}  // namespace tinygesture
"""

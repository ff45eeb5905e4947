"""plan.bin of a bundle: what `tinygesture push` sends to a board."""

import struct
from typing import TYPE_CHECKING

from tinygesture.export.bundle import Bundle

if TYPE_CHECKING:
    from tinygesture.export.compiler.plan import Description

FILE = "plan.bin"
FORMAT = 1  # to be raised when a kernel's parameters change, or what they mean


def plan_of(bundle: Bundle) -> bytes:
    """The bundle's plan, or a new one where it has none of this version (which needs `tflite`)."""
    stored = bundle.files.get(FILE, b"")
    if len(stored) >= 8 and struct.unpack("<I", stored[4:8]) == (FORMAT,):
        return stored
    from tinygesture.export.compiler import compile_model

    compiled = compile_model(bundle.model, bundle.state, bundle.hop)
    return compiled.plan.serialised(description(bundle))


def description(bundle: Bundle) -> "Description":
    from tinygesture.export.compiler.plan import Description

    return Description(
        bundle.model_id,
        bundle.name,
        bundle.arch,
        bundle.labels,
        bundle.window,
        bundle.hop,
        bundle.quantisation,
        bundle.detector,
    )

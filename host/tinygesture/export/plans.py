"""plan.bin of a bundle: what `tinygesture push` sends to a board."""

import struct
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle

if TYPE_CHECKING:
    from tinygesture.export.compiler.plan import Description

FILE = "plan.bin"
FORMAT = 2  # to be raised when parameters of a kernel or of the model change, or what they mean


def plan_of(bundle: Bundle) -> bytes:
    """The plan of the bundle's model, made anew where models can be read, so that it is this
    version's; elsewhere as it was exported. Raises UserError where it is of another version."""
    if find_spec("tflite"):
        from tinygesture.export.compiler import compile_model

        compiled = compile_model(bundle.model, bundle.state, bundle.hop)
        return compiled.plan.serialised(description(bundle))
    stored = bundle.files.get(FILE, b"")
    if stored[4:8] != struct.pack("<I", FORMAT):
        raise UserError(
            f"{bundle.path} was exported by another version of tinygesture, so it has no plan that "
            "this version knows. Export it again with train-and-export, or install what makes one "
            "from its model: pip install '.[train]'."
        )
    return stored


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

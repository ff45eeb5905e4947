"""A bundle's trained model, from which adaptation and explanations begin."""

from zipfile import BadZipFile

from tinygesture.errors import UserError
from tinygesture.export.bundle import Bundle, anew
from tinygesture.training.architectures import architecture
from tinygesture.training.fit import Fitted
from tinygesture.training.weights import from_npz


def restore(bundle: Bundle) -> Fitted:
    """The float model, as it was trained. Raises UserError where the bundle does not hold it."""
    weights = bundle.weights
    try:
        arch = architecture(bundle.arch, bundle.parameters)
        return from_npz(weights, arch, bundle.labels, bundle.quantisation, len(bundle.recorded))
    except (KeyError, TypeError, ValueError, EOFError, BadZipFile) as error:
        raise UserError(
            f"{bundle.path} was exported by another version of tinygesture, whose {bundle.arch} "
            f"differs, or its manifest.json was edited. {anew(bundle.name, bundle.arch)}"
        ) from error

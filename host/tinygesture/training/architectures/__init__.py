"""The registry of architectures: a name for the command line, a class in a file of its own."""

from tinygesture.errors import UserError
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.architectures.conv1d import Conv1D
from tinygesture.training.architectures.gru import Gru

ARCHITECTURES: dict[str, Architecture] = {a.name: a for a in (Gru(), Conv1D())}


def architecture(name: str) -> Architecture:
    """Raises UserError for a name that is not registered."""
    if name not in ARCHITECTURES:
        raise UserError(
            f"There is no architecture called {name!r}. Choose one of: {', '.join(ARCHITECTURES)}."
        )
    return ARCHITECTURES[name]

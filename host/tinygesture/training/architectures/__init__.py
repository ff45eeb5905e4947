"""The registry of architectures: a name for the command line, a class in a file of its own."""

from collections.abc import Mapping
from typing import Any

from tinygesture.errors import UserError
from tinygesture.training.architectures.base import Architecture
from tinygesture.training.architectures.conv1d import Conv1D
from tinygesture.training.architectures.gru import Gru

ARCHITECTURES: dict[str, type[Architecture]] = {a.name: a for a in (Gru, Conv1D)}


def architecture(name: str, parameters: Mapping[str, Any] | None = None) -> Architecture:
    """An architecture by its name and `Architecture.parameters()`; without: with the defaults.

    Raises UserError for a name that is not registered, ValueError for parameters that do not fit.
    """
    if name not in ARCHITECTURES:
        raise UserError(
            f"There is no architecture called {name!r}. Choose one of: {', '.join(ARCHITECTURES)}."
        )
    kind = ARCHITECTURES[name]
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in (parameters or {}).items()}
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(f"{name} has no such parameters: {', '.join(given)}") from error

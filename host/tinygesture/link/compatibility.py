"""Whether this program and a board can talk: docs/protocol.md, "Versions"."""

from tinygesture.errors import UserError
from tinygesture.link import messages as m


def check(info: m.Info, name: str) -> None:
    """Raises UserError where they cannot."""
    _check_version(info, name)
    _check_model(info, name)


def _check_version(info: m.Info, name: str) -> None:
    if info.major == m.PROTOCOL_MAJOR:
        return
    older = "firmware" if info.major < m.PROTOCOL_MAJOR else "tinygesture on this computer"
    remedy = (
        "Flash the board again with `tinygesture flash`."
        if info.major < m.PROTOCOL_MAJOR
        else "Update tinygesture, or flash the board again from this version."
    )
    raise UserError(
        f"{name} speaks version {info.major}.{info.minor} of the protocol and this program "
        f"{m.PROTOCOL_MAJOR}.{m.PROTOCOL_MINOR}; the {older} is too old. {remedy}",
        see="Another version of the protocol",
    )


def _check_model(info: m.Info, name: str) -> None:
    if bool(info.model_id) != bool(info.labels):
        raise UserError(
            f"{name} describes a model without labels, or labels without a model. "
            "Flash the board again with `tinygesture flash`."
        )

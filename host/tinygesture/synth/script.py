"""Scripts: what the virtual hand performs, as text."""

import re
from typing import NamedTuple

from tinygesture.errors import UserError
from tinygesture.synth.repertoire import check_label

LONGEST_S = 86_400.0
MOST = 100_000
_ITEM = re.compile(
    r"(?P<label>[A-Za-z0-9_-]+)\s*(?::\s*(?P<seconds>[0-9]*\.?[0-9]+)\s*s?)?"
    r"(?:(?:(?<=[0-9s])|\s)\s*x\s*(?P<count>[0-9]{1,6}))?"
)


class Item(NamedTuple):
    """One line of a script.

    label: what is performed. seconds: how long it is given, None: a gesture at the person's own
    pace, or a background's usual time. times: how often, one after the other.
    """

    label: str
    seconds: float | None = None
    times: int = 1


Script = tuple[Item, ...]


def parse_script(text: str) -> Script:
    """`circle, rest:3, walk:60, punch x 5` -> items.

    Items stand between commas or on lines of their own: a label, then `:SECONDS`, then `x COUNT`,
    the last two as needed; `#` begins a comment. Raises UserError.
    """
    items = []
    for number, line in enumerate(text.splitlines(), start=1):
        where = f" in line {number}" if "\n" in text.strip() else ""
        for part in line.partition("#")[0].split(","):
            if part.strip():
                items.append(_item(part.strip(), where))
    return tuple(items)


def format_script(script: Script) -> str:
    """The text of a script, in one line: `parse_script` gives the script again."""
    return ",".join(
        item.label
        + (f":{item.seconds!r}" if item.seconds is not None else "")
        + (f" x {item.times}" if item.times != 1 else "")
        for item in script
    )


def _item(text: str, where: str) -> Item:
    found = _ITEM.fullmatch(text)
    if not found:
        raise UserError(
            f"{text!r}{where} is no item of a script. Write a label, then :SECONDS and x COUNT as "
            "needed, as in `circle`, `rest:3` or `punch x 5`."
        )
    seconds = float(found["seconds"]) if found["seconds"] else None
    count = int(found["count"]) if found["count"] else 1
    if (seconds is not None and not 0.1 <= seconds <= LONGEST_S) or not 1 <= count <= MOST:
        raise UserError(
            f"{text!r}{where}: seconds go from 0.1 to {LONGEST_S:g}, and counts from 1 to {MOST}."
        )
    return Item(check_label(found["label"]), seconds, count)

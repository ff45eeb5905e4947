"""Explanations of decisions as one HTML file."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tinygesture.dataset.files import write_atomically
from tinygesture.report import page


def write_explanations(explained: Sequence[dict[str, Any]], path: Path) -> int:
    """Write a page to `path`; returns its size in bytes. UserError where it cannot be written.

    explained: `Explanation.to_json` of each, and `model`, `arch`, `recording`, `actual` (or "") and
    `synthetic`.
    """
    data = page.render(
        "explanation.html.j2",
        ("explanation.css",),
        ("explanation.js", "explanation_page.js"),
        recordings=", ".join(dict.fromkeys(one["recording"] for one in explained)),
        models=", ".join(dict.fromkeys(one["model"] for one in explained)),
        synthetic=sum(one["synthetic"] for one in explained),
        made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        explained=list(explained),
    )
    write_atomically(path, data)
    return len(data)

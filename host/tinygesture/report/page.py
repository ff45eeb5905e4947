"""What every report shares: one file of HTML with its style, its scripts and its data inside.

The page's policy allows exactly these scripts and this style, by their hashes: whatever a name in
the data contains, nothing else runs and nothing is loaded.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tinygesture import __version__

SHARED_STYLE, SHARED_SCRIPT = "page.css", "plot.js"


def render(template: str, styles: Sequence[str], scripts: Sequence[str], **values: Any) -> bytes:
    """A page of templates/, with `styles` and `scripts` of assets/ after the shared ones.

    values: what the template shows; it escapes them.
    """
    css = "".join(map(_asset, (SHARED_STYLE, *styles)))
    js = "\n".join(map(_asset, (SHARED_SCRIPT, *scripts)))
    policy = (
        f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(js)}; "
        "base-uri 'none'; form-action 'none'"
    )
    environment = Environment(
        loader=PackageLoader("tinygesture.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    page = environment.get_template(template).render(
        policy=policy, css=css, js=js, version=__version__, **values
    )
    return page.encode()


def _asset(name: str) -> str:
    file = files("tinygesture.report") / "assets" / name
    return file.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a Content-Security-Policy names the source of an element."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"

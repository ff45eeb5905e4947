"""docs/troubleshooting.md has the sections that errors send people to, and none is forgotten."""

import ast
import re
from pathlib import Path

from tinygesture.boards.usb import CAUSES
from tinygesture.errors import UserError

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
SOURCES = sorted((ROOT / "host" / "tinygesture").rglob("*.py"))
OF_FLASHING = ("boards/usb.py", "boards/build.py")
ELSEWHERE = {"ModemManager holds the port"}  # `tinygesture doctor` finds it


def errors(source: Path) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "UserError"
    ]


def strings(node: ast.AST) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def sections(source: Path) -> set[str]:
    keywords = [word for call in errors(source) for word in call.keywords if word.arg == "see"]
    return {text for word in keywords for text in strings(word.value)}


def headings(within: str) -> set[str]:
    return set(re.findall(r"^### (.+)$", within, re.MULTILINE))


def test_every_section_that_an_error_names_is_there() -> None:
    named = {cause.see for cause in CAUSES}.union(*map(sections, SOURCES))
    assert len(named) > 15
    assert named <= headings(TEXT)


def test_every_section_on_ports_and_flashing_is_named_by_an_error() -> None:
    begin, end = TEXT.index("## Ports"), TEXT.index("## Recording")
    named = {cause.see for cause in CAUSES}.union(*map(sections, SOURCES))
    assert headings(TEXT[begin:end]) - ELSEWHERE <= named


def test_every_error_of_flashing_names_its_section() -> None:
    for name in OF_FLASHING:
        calls = errors(ROOT / "host" / "tinygesture" / name)
        assert calls
        for call in calls:
            assert any(word.arg == "see" for word in call.keywords), f"{name}:{call.lineno}"


def test_an_error_says_where_more_is() -> None:
    assert str(UserError("It failed. Mend it.")) == "It failed. Mend it."
    more = str(UserError("It failed. Mend it.", see="The port is busy"))
    assert more == 'It failed. Mend it. More: docs/troubleshooting.md, "The port is busy".'


def test_links_within_the_page() -> None:
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in headings(TEXT)}
    links = set(re.findall(r"\]\(#([^)]+)\)", TEXT))
    assert links and links <= anchors

"""docs/synthetic.md says what docs/compare_synthetic.py finds."""

import re
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@pytest.mark.parametrize("name", ["ranges", "spectra", "rest", "chip"])
def test_the_tables_are_what_the_command_makes(
    recorded: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to what another version of NumPy may round otherwise."""
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    from compare_synthetic import TABLES

    page = (DOCS / "synthetic.md").read_text(encoding="utf-8")
    written = page.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- end of {name} -->")[0]
    made = TABLES[name](recorded)
    assert NUMBER.sub("0", written.strip()) == NUMBER.sub("0", made)
    numbers = [[float(n) for n in NUMBER.findall(text)] for text in (written, made)]
    assert numbers[0] == pytest.approx(numbers[1], rel=0.02, abs=0.15)


def test_the_page_lists_every_label() -> None:
    from tinygesture.synth import LABELS

    page = (DOCS / "synthetic.md").read_text(encoding="utf-8")
    for label in LABELS:
        sign = label.startswith(("letter-", "digit-"))
        assert f"`{label}`" in page or (sign and f"`{label[:-1]}" in page)

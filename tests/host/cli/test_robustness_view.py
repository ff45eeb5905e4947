"""The table of `evaluate --robustness`."""

from rich.console import Console

from tinygesture.cli.robustness_view import robustness_table

POINTS = [
    {"at": 0, "value": 0.9, "low": 0.8, "high": 0.95},
    {"at": 30, "value": 0.5, "low": 0.4, "high": 0.6},
]
FIGURES = {
    "recordings": 40,
    "unchanged": {"value": 0.9, "low": 0.8, "high": 0.95},
    "curves": {"noise": {"unit": "mg", "points": POINTS}, "tilt": {"unit": "°", "points": POINTS}},
}


def test_every_point_has_its_unit_accuracy_and_interval():
    console = Console(width=80, record=True, file=None, quiet=False, force_terminal=False)
    with console.capture() as shown:
        console.print(robustness_table(FIGURES))
    text = shown.get()
    assert "40 recordings" in text
    for words in ("noise", "tilt", "30 mg", "30°", "90.0%", "40%–60%"):
        assert words in text


def test_what_is_worse_than_unchanged_stands_out():
    cells = [list(column.cells) for column in robustness_table(FIGURES).columns]
    assert not any("yellow" in str(span.style) for span in cells[1][0].spans)
    assert any("yellow" in str(span.style) for span in cells[2][0].spans)

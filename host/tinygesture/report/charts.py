"""What chart.js draws: lines, points and bands over one axis each, as plain values.

A chart: {"title", "x": {"name", "unit", "log"}, "y": {"name", "low", "high"}, "lines": [{"name",
"colour", "manner", "points": [[x, y] or [x, y, low, high]]}]}. A share is given in percent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Chart = dict[str, Any]

CONDITIONS = {
    "noise": "Noise of the sensors",
    "tilt": "Tilted in the hand",
    "speed": "Performed faster or slower",
    "gain": "Sensors that show too much or too little",
    "rate": "Another sampling rate",
    "dropped": "Samples lost",
}


def every(manifest: Mapping[str, Any]) -> dict[str, list[Chart]]:
    """By section; one that has nothing to draw is missing."""
    made = {
        "training": training(manifest.get("history", {})),
        "robustness": robustness(manifest.get("robustness") or {}),
    }
    return {name: drawn for name, drawn in made.items() if drawn}


def line(
    name: str, points: Sequence[Sequence[float]], colour: str = "--accent", manner: str = "line"
) -> dict[str, Any]:
    """manner: line, dashed or points; colour: a variable of page.css."""
    rounded = [[round(float(value), 5) for value in point] for point in points]
    return {"name": name, "colour": colour, "manner": manner, "points": rounded}


def chart(title: str, x: str, y: str, lines: list[dict[str, Any]], **more: Any) -> Chart:
    """more: x_unit, y_unit; low, high of y, where they are not to follow from the lines; log of x;
    mark: an x to point out.
    """
    return {"title": title, "x": x, "y": y, "lines": lines, **more}


def training(history: Mapping[str, Sequence[float]]) -> list[Chart]:
    """Curves that have one for the validation recordings too, both in one chart."""
    made = []
    for name in history:
        if f"val_{name}" not in history:
            continue
        percent = 100 if name.endswith("accuracy") else 1
        lines = [
            line(words, [(i + 1, value * percent) for i, value in enumerate(history[key])], colour)
            for words, key, colour in (
                ("training", name, "--soft"),
                ("validation", f"val_{name}", "--accent"),
            )
        ]
        unit = {"y_unit": "%", "high": 100} if percent == 100 else {"low": 0}
        title = name.replace("_", " ").capitalize()
        made.append(chart(title, "epoch", title.lower(), lines, **unit))
    return made


def robustness(measured: Mapping[str, Any]) -> list[Chart]:
    """Accuracy as a condition gets worse, with its 95 % interval."""
    return [
        chart(
            CONDITIONS.get(name, name),
            name,
            "right",
            [
                line(
                    "right",
                    [
                        (point["at"], *(100 * point[key] for key in ("value", "low", "high")))
                        for point in curve["points"]
                    ],
                )
            ],
            x_unit=curve["unit"],
            y_unit="%",
            low=0,
            high=100,
        )
        for name, curve in measured.get("curves", {}).items()
    ]

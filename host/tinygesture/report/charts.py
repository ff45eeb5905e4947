"""What chart.js draws: lines, points and bands, as plain values.

A chart: {"title", "x", "y": names of the axes, "lines": [{"name", "colour", "manner", "points":
[[x, y] or [x, y, low, high]]}]}, and what `chart` adds. A share is given in percent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tinygesture.export.manifest import kept_epoch

Chart = dict[str, Any]

CONDITIONS = {
    "noise": "Noise of the sensors",
    "tilt": "Tilted in the hand",
    "speed": "Performed faster or slower",
    "gain": "Sensors with another gain",
    "rate": "Another sampling rate",
    "dropped": "Samples lost",
}


def every(manifest: Mapping[str, Any]) -> dict[str, list[Chart]]:
    """By section; one that has nothing to draw is missing."""
    made = {
        "training": training(manifest.get("history", {}), kept_epoch(manifest)),
        "stream": trade_off(manifest.get("trade_off") or {}),
        "robustness": robustness(manifest.get("robustness") or {}),
    }
    if "calibration" in manifest:
        events = manifest.get("events", {}).get("reliability", {})
        made["confidence"] = reliability(manifest["calibration"], events)
    return {name: drawn for name, drawn in made.items() if drawn}


def line(
    name: str, points: Sequence[Sequence[float]], colour: str = "--accent", manner: str = "line"
) -> dict[str, Any]:
    """manner: line, dashed or points, which may have "sizes", shares of all.

    colour: a variable of page.css.
    """
    rounded = [
        [round(float(value), 5) for value in point] for point in points if np.isfinite(point).all()
    ]
    return {"name": name, "colour": colour, "manner": manner, "points": rounded}


def chart(title: str, x: str, y: str, lines: list[dict[str, Any]], **more: Any) -> Chart:
    """more: x_unit, y_unit; low, high of y, where they are not to follow from the lines; log of x;
    mark: the x that was chosen; mark_name: another word for that.
    """
    return {"title": title, "x": x, "y": y, "lines": lines, **more}


def training(history: Mapping[str, Sequence[float]], kept: int | None = None) -> list[Chart]:
    """Loss and accuracy of each epoch, of training and validation in one chart.

    kept: the epoch whose weights early stopping kept.
    """
    made = []
    along = {"mark": kept, "mark_name": "kept"} if kept else {}
    for name in ("loss", "accuracy"):
        percent = 100 if name == "accuracy" else 1
        lines = [
            line(words, [(i + 1, value * percent) for i, value in enumerate(history[key])], colour)
            for words, key, colour in (
                ("training", name, "--soft"),
                ("validation", f"val_{name}", "--accent"),
            )
            if key in history
        ]
        lines = [one for one in lines if one["points"]]
        unit = {"y_unit": "%", "high": 100} if name == "accuracy" else {"low": 0}
        if lines:
            made.append(chart(name.capitalize(), "epoch", name, lines, **unit, **along))
    return made


def trade_off(measured: Mapping[str, Any]) -> list[Chart]:
    """What a detector would do that is chosen for more or fewer false events an hour."""
    points = measured.get("points", [])
    if not points:
        return []
    kinds = (("recall", "--accent"), ("precision", "--y"), ("f1", "--soft"))
    shares = [
        line(
            name.replace("f1", "F1"),
            [(point["target"], 100 * point[name]) for point in points if point[name] is not None],
            colour,
            "dashed" if name == "f1" else "line",
        )
        for name, colour in kinds
    ]
    shares = [one for one in shares if one["points"]]  # without events there is no precision
    found = [
        (
            point["target"],
            point["background"]["false_per_hour"],
            0,
            point["background"]["false_per_hour_upper"],
        )
        for point in points
    ]
    along = {"x_unit": "an hour", "log": True, "mark": measured["target"]}
    return [
        chart("Gestures", "aimed at", "share", shares, y_unit="%", high=100, **along),
        chart(
            "False events",
            "aimed at",
            "found",
            [line("found on background", found)],
            y_unit="an hour",
            low=0,
            **along,
        ),
    ]


def reliability(measured: Mapping[str, Any], events: Mapping[str, Any]) -> list[Chart]:
    """Of the answers that are so sure, how many are right; a larger point stands for more of them.

    measured: "before" and "int8" of the steps of recordings; events: of the events of streams.
    """
    kinds = [
        ("before the temperature", measured["before"], "--x"),
        ("as exported", measured["int8"], "--accent"),
    ]
    made = [_confidence("Steps of the test recordings", kinds)]
    if events.get("bins"):
        made.append(_confidence("Events of the test streams", [("events", events, "--accent")]))
    return made


def _confidence(title: str, kinds: Sequence[tuple[str, Mapping[str, Any], str]]) -> Chart:
    lines = [line("as it should be", [(0, 0), (100, 100)], "--soft", "dashed")]
    for name, of, colour in kinds:
        points = [(100 * one["confidence"], 100 * one["accuracy"]) for one in of["bins"]]
        sizes = [round(one["share"], 4) for one in of["bins"]]
        lines.append({**line(name, points, colour, "points"), "sizes": sizes})
    units = {"x_unit": "%", "y_unit": "%", "low": 0, "high": 100}
    return chart(title, "confidence", "right", lines, **units)


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

"""The report's summary in plain words, and the few figures that matter."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tinygesture.evaluation.events import faults
from tinygesture.evaluation.statistics import Proportion
from tinygesture.report import answers

NARROW = "\u202f"  # a space that is no place to break a line
ARCHITECTURES = {"gru": "streaming GRU", "conv1d": "Conv1D"}


class Figure(NamedTuple):
    """note: what the figure is worth, in a few words."""

    value: str
    name: str
    note: str


def percent(share: float) -> str:
    """0..1 -> "97.5 %", whole where it is whole."""
    return f"{100 * share:.1f}".removesuffix(".0") + f"{NARROW}%"


def hourly(rate: float) -> str:
    """Events an hour, with two figures that count."""
    return f"{rate:.2g}" if rate < 99.5 else f"{rate:,.0f}"


def interval(share: Proportion) -> str:
    return f"{100 * share.low:.0f}–{100 * share.high:.0f}{NARROW}%"


def headline(manifest: Mapping[str, Any]) -> str:
    recorded = manifest.get("background", {}).get("recorded_labels")
    labels = list(manifest["labels"])[:recorded]
    named = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
    return f"A {ARCHITECTURES.get(manifest['arch'], manifest['arch'])} that recognises {named}"


def figures(manifest: Mapping[str, Any]) -> list[Figure]:
    found = []
    if right := answers.all_right(manifest["metrics"]["int8"]):
        note = f"{right.hits} of {right.of}; 95 %: {interval(right.proportion)}"
        found.append(Figure(percent(right.proportion.value), "unseen recordings right", note))
    if events := manifest.get("events"):
        note = f"{events['recognised']} of {events['gestures']} gestures recognised"
        found.append(Figure(f"{events['f1'] or 0:.2f}", "F1 in a stream", note))
        quiet = events.get("background", events)
        note = f"at most {hourly(quiet['false_per_hour_upper'])} (95 %), synthetic"
        value = hourly(quiet["false_per_hour"])
        found.append(Figure(value, "false events in an hour", note))
    if counted := manifest.get("benchmark"):
        flash = sum(counted["flash_bytes"].values())
        found.append(Figure(f"{flash / 1024:.1f} KB", "flash of the model", "code and weights"))
        hop_ms = 1000 * manifest["input"]["hop"] / manifest["input"]["rate_hz"]
        note = f"every {hop_ms:.0f} ms, counted"
        value = f"{counted['instructions_per_inference']:,}"
        found.append(Figure(value, "instructions for an answer", note))
    else:
        sizes = manifest["sizes"]
        value = f"{sizes['compiled_weight_bytes'] / 1024:.1f} KB"
        found.append(Figure(value, "weights", "without the code"))
        found.append(Figure(f"{sizes['macs']:,}", "multiply-accumulates", "for an answer"))
    return found


def notices(manifest: Mapping[str, Any], tested: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What limits the worth of the figures: (what, in words)."""
    said = []
    data, split = manifest["data"], manifest["split"]
    if data["synthetic"] == data["recordings"]:
        words = "A virtual hand performed all recordings: the figures say nothing of people."
        said.append(("Synthetic.", words))
    elif data["synthetic"]:
        words = f"A virtual hand performed {data['synthetic']} of {data['recordings']} recordings"
        if tested:
            among = sum(one["synthetic"] for one in tested["recordings"])
            words += f", and {among} of the {len(tested['recordings'])} test recordings"
        said.append(("Synthetic.", f"{words}."))
    if split["by"] == "block" and "adaptation" not in manifest:
        words = (
            "The test recordings are by those who were trained on, recorded later. How the model "
            "does on other people is not measured."
        )
        said.append(("The same people on all sides.", words))
    return said


def summary(manifest: Mapping[str, Any], tested: Mapping[str, Any] | None) -> list[str]:
    """Sentences, the most important first."""
    said = []
    right = answers.all_right(manifest["metrics"]["int8"])
    if right:
        said.append(
            f"Of {right.of} recordings that training had not seen, the int8 model on the board "
            f"gets {right.hits} right; with so many, its true share is between "
            f"{percent(right.proportion.low)} and {percent(right.proportion.high)} (95 % interval)."
        )
    in_float = answers.all_right(manifest["metrics"]["float"])
    if right and in_float and in_float.hits != right.hits:
        said.append(f"In float it would get {in_float.hits} right.")
    if worst := _worst(manifest):
        said.append(worst)
    if events := manifest.get("events"):
        said.append(_in_a_stream(events))
        if "background" in events:
            said += faults(events, manifest["trade_off"]["target"])
    if adapted := manifest.get("adaptation"):
        said.append(
            f"It was adapted from {adapted['base']} to {adapted['subject']} with "
            f"{adapted['recordings']} recordings; on {adapted['test']} others by them, "
            f"{_within(adapted['before'])} were right before and {_within(adapted['after'])} after."
        )
    return said


def fine_tuning(manifest: Mapping[str, Any]) -> str:
    """What int8 costs on the validation recordings, and what was done about it."""
    given = manifest.get("fine_tuning")
    if not given:
        return ""
    said = (
        f"Of the validation recordings, {percent(given['float'])} are right in float and "
        f"{percent(given['int8'])} as int8"
    )
    tuned = given["fine_tuned"]
    if tuned is None:
        return f"{said}."
    if tuned <= given["int8"]:
        return f"{said}; fine-tuning for int8 did not help ({percent(tuned)}), and was dropped."
    return f"{said}; fine-tuned for int8, {percent(tuned)}."


def _worst(manifest: Mapping[str, Any]) -> str:
    """On the label of the lowest recall, where one is not perfect."""
    shares = [
        (label.recall.proportion.value, label.name, label.recall)
        for label in answers.by_label(manifest["metrics"]["int8"], manifest["labels"])
        if label.recall and label.recall.hits < label.recall.of
    ]
    if not shares:
        return ""
    _, name, recall = min(shares)
    return f"It has most trouble with {name}: {recall.hits} of {recall.of} recognised."


def _in_a_stream(events: Mapping[str, Any]) -> str:
    said = (
        f"In streams of gestures with background between, it recognises {events['recognised']} of "
        f"{events['gestures']} gestures"
    )
    if events["delay_ms"]["median"] is not None:
        said += f", in the median {events['delay_ms']['median']:.0f} ms after they begin"
    if not (quiet := events.get("background")):
        return f"{said}."
    return (
        f"{said}. {quiet['hours']:.1f} hours of synthetic background gave "
        f"{counted(quiet['false'], 'false event')}: of background like it, at most "
        f"{hourly(quiet['false_per_hour_upper'])} an hour are to be expected (95 %)."
    )


def counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _within(share: Mapping[str, float]) -> str:
    return f"{percent(share['value'])} ({interval(Proportion(**share))})"

"""The report's summary in plain words, and the few figures that matter."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tinygesture.evaluation.statistics import Proportion
from tinygesture.report import answers

ARCHITECTURES = {"gru": "streaming GRU", "conv1d": "Conv1D"}


class Figure(NamedTuple):
    """note: what the figure is worth, in a few words."""

    value: str
    name: str
    note: str


def percent(share: float) -> str:
    """0..1 -> "97.5 %"; whole where it is whole."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def interval(share: Proportion) -> str:
    return f"{100 * share.low:.0f}–{100 * share.high:.0f} %"


def headline(manifest: Mapping[str, Any]) -> str:
    labels = list(manifest["labels"])
    named = labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
    return f"A {ARCHITECTURES.get(manifest['arch'], manifest['arch'])} that recognises {named}"


def figures(manifest: Mapping[str, Any]) -> list[Figure]:
    found = []
    if right := answers.all_right(manifest["metrics"]["int8"]):
        note = f"{right.hits} of {right.of}; 95 %: {interval(right.proportion)}"
        found.append(Figure(percent(right.proportion.value), "unseen recordings right", note))
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


def notices(manifest: Mapping[str, Any]) -> list[dict[str, str]]:
    """What limits the worth of the figures."""
    said = []
    data, split = manifest["data"], manifest["split"]
    if data["synthetic"]:
        how = "All" if data["synthetic"] == data["recordings"] else f"{data['synthetic']}"
        said.append(
            {
                "what": "Synthetic.",
                "says": f"{how} of the {data['recordings']} recordings were performed by a virtual "
                "hand: the figures say how the model does on it, not on people.",
            }
        )
    if split["by"] == "block":
        said.append(
            {
                "what": "The same people on all sides.",
                "says": "The test recordings are by those who were trained on, recorded later. How "
                "the model does on other people is not measured.",
            }
        )
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
    worst = min(
        (
            label
            for label in answers.by_label(manifest["metrics"]["int8"], manifest["labels"])
            if label.recall
        ),
        key=lambda label: label.recall.proportion.value if label.recall else 1.0,
        default=None,
    )
    if worst and worst.recall and worst.recall.hits < worst.recall.of:
        said.append(
            f"It has most trouble with {worst.name}: {worst.recall.hits} of {worst.recall.of} "
            "recognised."
        )
    return said

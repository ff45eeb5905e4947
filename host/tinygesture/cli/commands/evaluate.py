"""Measure a model on a data set."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED

if TYPE_CHECKING:
    from rich.table import Table

    from tinygesture.cli.device import Device
    from tinygesture.dataset import Dataset
    from tinygesture.export.bundle import Bundle


@click.command()
@click.argument("name")
@click.argument("data", type=FOLDER)
@click.option("--port", help="Ask this board.  [the host computes]")
@click.option(
    "--robustness", is_flag=True, help="Also under noise, tilt, other speeds, rates and losses."
)
@json_option
def command(name: str, data: Path, port: str | None, robustness: bool, as_json: bool) -> int:
    """Measure the model NAME on the recordings in DATA, on the host or on a board.

    With --port every recording runs through the board, which also measures itself; exits with 1
    if any of its outputs is not the host's. --robustness always computes on the host.

    \b
    Examples:
      tinygesture evaluate swing recordings
      tinygesture evaluate swing recordings --port sim://cm4
      tinygesture evaluate swing recordings --robustness
    """
    from tinygesture import project
    from tinygesture.cli.robustness_view import robustness_table
    from tinygesture.dataset import Dataset
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    bundle = Bundle.find(name, project.models())
    dataset = Dataset.open(data)
    figures, device = _evaluate(out, bundle, dataset, port)
    if robustness:
        figures["robustness"] = _robustness(out, bundle, dataset)
    known = [entry for entry in dataset.entries if entry.label in bundle.recorded]
    synthetic = sum(entry.synthetic for entry in known)
    overlaps = dataset.id == bundle.manifest["data"]["id"]
    out.emit(
        {
            "model": bundle.name,
            "model_id": bundle.model_id,
            "port": port,
            **figures,
            "device": device.json if device else None,
            "synthetic": synthetic,
            "overlaps_training": overlaps,
        }
    )
    if not as_json:
        console = out.console()
        console.print(_figures(figures))
        console.print(_confusion(figures, bundle.recorded))
        if robustness:
            console.print(robustness_table(figures["robustness"]))
    where = port or "the host"
    out.say(
        f"{bundle.name} on {where}: {figures['accuracy']:.1%} of {figures['recordings']} "
        f"recordings right, macro-F1 {figures['macro_f1']:.3f}."
    )
    for remark in _remarks(figures, synthetic, overlaps):
        out.say(remark)
    for sentence in device.sentences if device else []:
        out.say(sentence)
    return 0 if device is None or device.same else FAILED


def _evaluate(
    out: Output, bundle: "Bundle", dataset: "Dataset", port: str | None
) -> tuple[dict[str, Any], "Device | None"]:
    from tinygesture import boards
    from tinygesture.cli.device import Device
    from tinygesture.cli.progress import stages
    from tinygesture.evaluation.host import evaluate

    if port is None:
        with stages(out) as progress:
            return evaluate(bundle, dataset, progress=progress), None
    with boards.connect(port) as board:
        device = Device(board, bundle)
        with stages(out) as progress:
            figures = evaluate(bundle, dataset, device.predict, progress)
            progress("measuring", 0, 1)
            device.measure()
            progress("measuring", 1, 1)
    return figures, device


def _robustness(out: Output, bundle: "Bundle", dataset: "Dataset") -> dict[str, Any]:
    from tinygesture.cli.progress import stages
    from tinygesture.evaluation.host import evaluate_robustness

    with stages(out) as progress:
        return evaluate_robustness(bundle, dataset, progress)


def _figures(figures: dict[str, Any]) -> "Table":
    from rich.table import Table

    table = Table("label", "precision", "recall", "F1", "recordings", title="Per label")
    for label, of in figures["labels"].items():
        rates = (f"{of[what]:.3f}" for what in ("precision", "recall", "f1"))
        table.add_row(label, *rates, str(of["support"]))
    return table


def _confusion(figures: dict[str, Any], labels: tuple[str, ...]) -> "Table":
    from rich.table import Table

    table = Table("actual", *labels, title="Recognised as")
    for label, row in zip(labels, figures["confusion"], strict=True):
        table.add_row(label, *(str(count) if count else "·" for count in row))
    return table


def _remarks(figures: dict[str, Any], synthetic: int, overlaps: bool) -> list[str]:
    remarks = []
    if overlaps:
        remarks.append(
            "This is the data set that the model was trained on, so the figures flatter it: "
            "what it scored on recordings it had not seen is in its manifest.json."
        )
    if synthetic:
        remarks.append(
            f"{synthetic} of {figures['recordings']} recordings are synthetic: they say how the "
            "model does on the virtual hand, not on people."
        )
    if absent := [label for label, of in figures["labels"].items() if not of["support"]]:
        listed = ", ".join(absent)
        remarks.append(f"No recording of {listed}: macro-F1 is that of the other labels.")
    if left_out := figures["unknown_labels"]:
        listed = ", ".join(f"{label} ({count})" for label, count in left_out.items())
        remarks.append(f"Left out, because the model does not know them: {listed}.")
    return remarks

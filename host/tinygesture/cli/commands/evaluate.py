"""Measure a model on a data set."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output

if TYPE_CHECKING:
    from rich.table import Table

    from tinygesture.dataset import Dataset
    from tinygesture.export.bundle import Bundle


@click.command()
@click.argument("name")
@click.argument("data", type=FOLDER)
@click.option("--port", help="Ask this board.  [the host computes]")
@json_option
def command(name: str, data: Path, port: str | None, as_json: bool) -> None:
    """Measure the model NAME on the recordings in DATA, on the host or on a board.

    \b
    Examples:
      tinygesture evaluate swing recordings
      tinygesture evaluate swing recordings --port sim://cm4
    """
    from tinygesture import project
    from tinygesture.dataset import Dataset
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    bundle = Bundle.find(name, project.models())
    dataset = Dataset.open(data)
    figures = _evaluate(out, bundle, dataset, port)
    known = [entry for entry in dataset.entries if entry.label in bundle.labels]
    synthetic = sum(entry.synthetic for entry in known)
    overlaps = dataset.id == bundle.manifest["data"]["id"]
    out.emit(
        {
            "model": bundle.name,
            "model_id": bundle.model_id,
            "port": port,
            **figures,
            "synthetic": synthetic,
            "overlaps_training": overlaps,
        }
    )
    if not as_json:
        console = out.console()
        console.print(_figures(figures))
        console.print(_confusion(figures, bundle.labels))
    where = port or "the host"
    out.say(
        f"{bundle.name} on {where}: {figures['accuracy']:.1%} of {figures['recordings']} "
        f"recordings right, macro-F1 {figures['macro_f1']:.3f}."
    )
    for remark in _remarks(figures, synthetic, overlaps):
        out.say(remark)


def _evaluate(
    out: Output, bundle: "Bundle", dataset: "Dataset", port: str | None
) -> dict[str, Any]:
    from tinygesture import boards
    from tinygesture.cli.progress import stages
    from tinygesture.cli.verification import check_model
    from tinygesture.evaluation.host import evaluate
    from tinygesture.link import run_through

    if port is None:
        with stages(out) as progress:
            return evaluate(bundle, dataset, progress=progress)
    with boards.connect(port) as board, stages(out) as progress:
        check_model(board, bundle)
        return evaluate(bundle, dataset, lambda counts: run_through(board, counts), progress)


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

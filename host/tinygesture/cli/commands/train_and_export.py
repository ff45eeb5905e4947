"""Turn a data set into a model for the board."""

import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED
from tinygesture.training.architectures import ARCHITECTURES, architecture

if TYPE_CHECKING:
    from tinygesture.export.pipeline import Result

ABANDONED_S = 24 * 3600.0  # no training takes so long


@click.command()
@click.argument("data", type=FOLDER)
@click.option("--arch", type=click.Choice(list(ARCHITECTURES)), required=True)
@click.option("--name", required=True, help="The model will be in models/NAME.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, help="Of the training.  [0]")
@json_option
def command(data: Path, arch: str, name: str, seed: int, as_json: bool) -> int:
    """Train a model on the recordings in DATA, and export it for the board into models/NAME.

    Trains, quantises to int8, writes TFLite, a C array and C++, and proves on the virtual boards
    that they compute what TensorFlow Lite Micro computes. A model that fails is not kept. What it
    can do, where it fails and what it costs is in models/NAME/report.html.

    \b
    Example:
      train-and-export recordings --arch gru --name swing
    """
    from tinygesture import project
    from tinygesture.cli.progress import stages
    from tinygesture.cli.trial import counted, trial
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.files import clear_errors
    from tinygesture.export.pipeline import train_and_export
    from tinygesture.report.model import FILE as REPORT
    from tinygesture.report.model import with_report

    out = Output(as_json)
    dataset = Dataset.open(data)
    scratch = project.root() / ".tinygesture"
    with clear_errors(scratch, "make the folder"):
        scratch.mkdir(exist_ok=True)
    _sweep(scratch)
    with tempfile.TemporaryDirectory(prefix="trial-", dir=scratch) as draft:
        with stages(out) as progress:
            result = train_and_export(
                dataset, architecture(arch), name, Path(draft), seed, progress
            )
        golden = trial(out, result.bundle)
        if False in golden.values():
            failed = ", ".join(f"sim://{board}" for board, equal in golden.items() if not equal)
            out.say(
                f"On {failed} the model computes something else than on the host, so it was not "
                "kept. This is a fault of tinygesture: please report it, with the data set."
            )
            return FAILED
        found = {"golden": golden, "benchmark": counted(out, result.bundle)}
        bundle = with_report(result.bundle, project.models(), found)
    for line in _report(result, golden, bundle.manifest):
        out.say(line)
    out.say(f"The model is in {bundle.path}, and what it can do in {bundle.path / REPORT}.")
    out.say(f"Look: tinygesture report {name} --open. Try it: tinygesture flash {name} --board cm4")
    out.emit({**result.summary(), "golden": golden, "report": str(bundle.path / REPORT)})
    return 0


def _sweep(scratch: Path) -> None:
    """Remove the drafts of trainings that were killed long ago."""
    for draft in scratch.glob("trial-*"):
        if time.time() - draft.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(draft, ignore_errors=True)


def _report(result: "Result", golden: dict[str, bool | None], manifest: Any) -> list[str]:
    bundle, data = result.bundle, manifest["data"]
    lines = [
        f"{bundle.name} ({bundle.model_id}): {bundle.arch} for {', '.join(bundle.labels)}; "
        f"{result.tflite_bytes:,} bytes, and {result.tflm_arena_bytes:,} of RAM in TensorFlow "
        "Lite Micro.",
        f"On {manifest['split']['test']} recordings it had not seen, {result.int8_accuracy:.1%} "
        f"right as int8 and {result.float_accuracy:.1%} in float; "
        f"{manifest['split']['description']}.",
    ]
    sizes = manifest["sizes"]
    if not manifest["whole_windows"]:
        lines.append(
            f"A hop costs {sizes['macs']:,} multiply-accumulates, since only what is new is "
            f"computed; the whole window would cost {sizes['window_macs']:,}."
        )
    if data["synthetic"]:
        lines.append(
            f"{data['synthetic']} of {data['recordings']} recordings are synthetic: the figures "
            "say how the model does on the virtual hand, not on people."
        )
    proven = " and ".join(f"sim://{board}" for board, equal in golden.items() if equal)
    if proven:
        lines.append(f"{proven} compute exactly what TensorFlow Lite Micro computes.")
    return lines

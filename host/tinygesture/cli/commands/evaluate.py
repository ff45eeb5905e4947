"""Measure a model on a data set."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.cli.device import Device
    from tinygesture.cli.progress import Stages
    from tinygesture.dataset import Dataset, Entry
    from tinygesture.evaluation.continuous import Listen
    from tinygesture.evaluation.host import Predict
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

    Of gestures it tells which are recognised. Of continuous recordings, in which somebody has
    marked what happened (tinygesture label), it tells the events: precision, recall, F1, delay,
    false events an hour. With --port every recording runs through the board, which also measures
    itself; exits with 1 if any of its outputs or events is not the host's. --robustness always
    computes on the host.

    \b
    Examples:
      tinygesture evaluate swing recordings
      tinygesture evaluate swing recordings --port sim://cm4
      tinygesture evaluate swing recordings --robustness
    """
    from tinygesture import project
    from tinygesture.cli.evaluation_report import remarks, show
    from tinygesture.dataset import Dataset
    from tinygesture.dataset.find import name_of
    from tinygesture.evaluation.host import known
    from tinygesture.evaluation.overlap import seen
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    bundle = Bundle.find(name, project.models())
    dataset = Dataset.open(data)
    gestures = known(bundle, dataset)
    marked = [entry for entry in dataset.continuous if dataset.intervals(entry)]
    if not gestures and not marked:
        _refuse(bundle, dataset)
    found = _measure(out, bundle, dataset, marked, port)
    used = [*gestures, *marked]
    said = {
        "model": bundle.name,
        "model_id": bundle.model_id,
        "port": port,
        **found.gestures,
        **({"robustness": _robustness(out, bundle, dataset)} if robustness and gestures else {}),
        "events": found.events,
        "device": found.device.json if found.device else None,
        "used": len(used),
        "synthetic": sum(entry.synthetic for entry in used),
        "seen_in_training": seen(bundle, dataset, used),
        "unmarked": [name_of(entry) for entry in dataset.continuous if entry not in marked],
    }
    out.emit(said)
    show(out, said, bundle.recorded)
    for sentence in remarks(said, dataset.path) + (found.device.sentences if found.device else []):
        out.say(sentence)
    return 0 if found.device is None or found.device.same else FAILED


class _Found(NamedTuple):
    """gestures, events: figures of both kinds of recordings; without a gesture there is no
    accuracy, without a marked recording there are no figures of events."""

    gestures: dict[str, Any]
    events: dict[str, Any] | None
    device: "Device | None"


def _measure(
    out: Output,
    bundle: "Bundle",
    dataset: "Dataset",
    marked: "Sequence[Entry]",
    port: str | None,
) -> _Found:
    from tinygesture import boards
    from tinygesture.cli.device import Device
    from tinygesture.cli.progress import stages
    from tinygesture.evaluation.continuous import HostListener, evaluate_events
    from tinygesture.evaluation.host import evaluate

    def both(predict: "Predict", listen: "Listen", progress: "Stages") -> tuple[Any, Any]:
        of_gestures = evaluate(bundle, dataset, predict, progress)
        if not of_gestures["recordings"]:
            of_gestures |= {"accuracy": None, "macro_f1": None}
        of_events = evaluate_events(bundle, dataset, marked, listen, progress) if marked else None
        return of_gestures, of_events

    # Before a board is connected, which would not wait while much is imported.
    host = HostListener(bundle) if port is None or find_spec("tflite_micro") else None
    if port is None:
        assert host is not None
        with stages(out) as progress:
            return _Found(*both(host.model.predict, host, progress), None)
    with boards.connect(port) as board:
        device = Device(board, bundle, host)
        with stages(out) as progress:
            figures = both(device.predict, device.listen, progress)
            progress("measuring", 0, 1)
            device.measure()
            progress("measuring", 1, 1)
    return _Found(*figures, device)


def _robustness(out: Output, bundle: "Bundle", dataset: "Dataset") -> dict[str, Any]:
    from tinygesture.cli.progress import stages
    from tinygesture.evaluation.host import evaluate_robustness

    with stages(out) as progress:
        return evaluate_robustness(bundle, dataset, progress)


def _refuse(bundle: "Bundle", dataset: "Dataset") -> NoReturn:
    """Raises the UserError that says why nothing can be measured."""
    from tinygesture.cli.evaluation_report import how_to_mark
    from tinygesture.dataset.find import name_of

    if dataset.continuous and not dataset.entries:
        raise UserError(how_to_mark([name_of(entry) for entry in dataset.continuous], dataset.path))
    dataset.require_recordings()
    raise UserError(
        f"None of the labels in {dataset.path} ({', '.join(dataset.labels)}) is one of the "
        f"model {bundle.name} ({', '.join(bundle.recorded)}). Choose another data set or model."
    )

"""What does int8 cost, and does a board compute what the host computes?"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import common
from common import ROOT, Asked, Table, command, described, recorded
from methods import Task, hits, spread
from networks import TITLES, trained
from within_person import SOURCES

from tinygesture import boards
from tinygesture.cli.device import Device
from tinygesture.cli.trial import missing_tools
from tinygesture.contract import Int16
from tinygesture.dataset import Dataset
from tinygesture.dataset.folds import FOLDS, consecutive_folds
from tinygesture.evaluation.continuous import HostListener
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.bundle import Bundle
from tinygesture.export.detection import Aim
from tinygesture.export.manifest import code_hash, data_hash, provenance
from tinygesture.export.pipeline import Material, background_of, export_fitted
from tinygesture.export.tested import FILE as TESTED
from tinygesture.training.examples import pad
from tinygesture.training.fit import Settings

HOST = ("float", "int8")
BRIEF = Aim(choice_hours=0.1, test_hours=0.1)  # events are the question of another benchmark


def precision(asked: Asked) -> list[Table]:
    """Float against int8 on the host against the virtual boards.

    FOLDERS: data sets; without them, martinlindholdt's of $TINYGESTURE_DATA.
    """
    dataset = asked.dataset(lambda: recorded("martinlindholdt", SOURCES))
    found = measured(asked, dataset, tuple(TITLES), Settings())
    places = list(found[0]["hits"])
    rows = [
        _row(title, [one for one in found if one["arch"] == arch], places)
        for arch, title in TITLES.items()
    ]
    protocol = (
        f"{described(dataset)} The first of {FOLDS} folds of consecutive recordings, of which "
        f"{found[0]['of']} are the test, the same ones in every place. {len(asked.seeds)} seeds: "
        "the mean accuracy, and in brackets the lowest and highest seed. Boards: the firmware with "
        "the compiled engine, as a process (sim://native) and on the emulated Cortex-M4F "
        "(sim://cm4); outputs are the probabilities of every step of every test recording, beside "
        "TensorFlow Lite Micro's."
    )
    columns = ("", *places, "outputs of boards", "equal to the host's")
    return [Table(f"Float, int8 and boards: {dataset.path.name}", protocol, columns, rows)]


def measured(
    asked: Asked, dataset: Dataset, architectures: Sequence[str], settings: Settings
) -> list[dict[str, Any]]:
    """Of each architecture and seed: "of" test recordings, "hits" in each place, and of the boards
    "vectors" compared, and how many were "equal"."""
    sources = sorted((ROOT / "firmware").rglob("*.[ch]*"))
    code = [code_hash(), *(path.read_text("utf-8") for path in sources)]
    task = Task.of(dataset, consecutive_folds(dataset.entries)[0])
    wanted = [(arch, seed) for arch in architectures for seed in asked.seeds]
    found = []
    for done, (arch, seed) in enumerate(wanted):
        asked.advance(asked.name, done, len(wanted))
        question = [asked.name, data_hash(dataset), code, arch, seed, repr(settings)]
        found += asked.kept(question, partial(_measure, task, arch, seed, settings))
    asked.advance(asked.name, len(wanted), len(wanted))
    return found


def _measure(task: Task, arch: str, seed: int, settings: Settings) -> list[dict[str, Any]]:
    bundle = _exported(task, arch, seed, settings)
    tested = json.loads(bundle.files[TESTED])["recordings"]
    known = bundle.recorded
    answers = {place: [known.index(one[place]["label"]) for one in tested] for place in HOST}
    shown = [pad(example.counts, bundle.window) for example in task.test]
    vectors = equal = 0
    for name, kind in boards.VIRTUAL_BOARDS.items():
        if missing_tools(kind):
            continue
        answers[f"sim://{name}"], device = _on_board(bundle, kind, shown)
        vectors, equal = vectors + device["vectors"], equal + device["equal"]
    actual = [example.label for example in task.test]
    right = {place: hits(actual, given) for place, given in answers.items()}
    counted = {"of": len(actual), "hits": right, "vectors": vectors, "equal": equal}
    return [{"arch": arch, "seed": seed, **counted}]


def _exported(task: Task, arch: str, seed: int, settings: Settings) -> Bundle:
    """What `train-and-export` makes of the fold."""
    fitted = trained(task, seed, arch, settings)
    material = Material(task.split, task.train, task.validation, task.test)
    form = fitted.architecture
    origin = {
        "background": background_of(fitted, settings.background_minutes),
        **provenance(task.dataset, task.split, form, seed, settings),
    }
    models = common.SCRATCH / "models"
    return export_fitted(fitted, material, arch, models, origin, aim=BRIEF).bundle


def _on_board(
    bundle: Bundle, kind: boards.VirtualBoard, shown: Sequence[Int16]
) -> tuple[list[int], dict[str, Any]]:
    firmware = boards.build(kind, bundle.path)
    port = f"sim://{kind.name}?firmware={quote(str(firmware.program))}"
    labels = len(bundle.recorded)
    with boards.connect(port) as board:
        device = Device(board, bundle, HostListener(bundle))
        answers = [recording_label(device.predict(counts), labels) for counts in shown]
    return answers, device.json


def _row(title: str, found: Sequence[dict[str, Any]], places: Sequence[str]) -> tuple[str, ...]:
    cells = [spread([one["hits"][place] / one["of"] for one in found]) for place in places]
    vectors, equal = (sum(one[key] for one in found) for key in ("vectors", "equal"))
    return title, *cells, f"{vectors:,}", f"{equal:,}"


if __name__ == "__main__":
    command(precision)

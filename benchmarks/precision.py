"""What does int8 cost, and does a board compute what the host computes?"""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import common
from common import ROOT, Asked, Table, command, described, recorded
from methods import hits, spread
from networks import TITLES
from within_person import SOURCES

from tinygesture import boards
from tinygesture.cli.device import Device
from tinygesture.cli.trial import missing_tools
from tinygesture.contract import Int16
from tinygesture.dataset import Dataset
from tinygesture.evaluation.host import stimulus
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.bundle import Bundle
from tinygesture.export.manifest import code_hash, data_hash
from tinygesture.export.pipeline import train_and_export
from tinygesture.export.tested import FILE as TESTED
from tinygesture.training.architectures import architecture
from tinygesture.training.fit import Settings

HOST = ("float", "int8")


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
        f"{described(dataset)} Models of `train-and-export`, {len(asked.seeds)} seeds, and their "
        f"{found[0]['of']} test recordings, the same ones in every place: the mean accuracy, and "
        "in brackets the lowest and highest seed. Boards: the firmware with the compiled engine, "
        "as a process (sim://native) and on the emulated Cortex-M4F (sim://cm4); outputs are the "
        "probabilities of every step of every test recording, beside TensorFlow Lite Micro's."
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
    wanted = [(arch, seed) for arch in architectures for seed in asked.seeds]
    found = []
    for done, (arch, seed) in enumerate(wanted):
        asked.advance(asked.name, done, len(wanted))
        question = [asked.name, data_hash(dataset), code, arch, seed, repr(settings)]
        found += asked.kept(question, partial(_measure, dataset, arch, seed, settings))
    asked.advance(asked.name, len(wanted), len(wanted))
    return found


def _measure(dataset: Dataset, arch: str, seed: int, settings: Settings) -> list[dict[str, Any]]:
    models = common.SCRATCH / "models"
    bundle = train_and_export(
        dataset, architecture(arch), arch, models, seed, settings=settings
    ).bundle
    tested = json.loads(bundle.files[TESTED])["recordings"]
    of_file = {entry.file: entry for entry in dataset.entries}
    shown = [stimulus(dataset, of_file[one["file"]], bundle.window) for one in tested]
    actual = [bundle.recorded.index(one["label"]) for one in tested]
    answers = {
        place: [bundle.recorded.index(one[place]["label"]) for one in tested] for place in HOST
    }
    vectors = equal = 0
    for name, kind in boards.VIRTUAL_BOARDS.items():
        if missing_tools(kind):
            continue
        answers[f"sim://{name}"], device = _on_board(bundle, kind, shown)
        vectors, equal = vectors + device["vectors"], equal + device["equal"]
    right = {place: hits(actual, given) for place, given in answers.items()}
    counted = {"of": len(tested), "hits": right, "vectors": vectors, "equal": equal}
    return [{"arch": arch, "seed": seed, **counted}]


def _on_board(
    bundle: Bundle, kind: boards.VirtualBoard, shown: Sequence[Int16]
) -> tuple[list[int], dict[str, Any]]:
    firmware = boards.build(kind, bundle.path)
    port = f"sim://{kind.name}?firmware={quote(str(firmware.program))}"
    labels = len(bundle.recorded)
    with boards.connect(port) as board:
        device = Device(board, bundle)
        answers = [recording_label(device.predict(counts), labels) for counts in shown]
    return answers, device.json


def _row(title: str, found: Sequence[dict[str, Any]], places: Sequence[str]) -> tuple[str, ...]:
    cells = [spread([one["hits"][place] / one["of"] for one in found]) for place in places]
    vectors, equal = (sum(one[key] for one in found) for key in ("vectors", "equal"))
    return title, *cells, f"{vectors:,}", f"{equal:,}"


if __name__ == "__main__":
    command(precision)

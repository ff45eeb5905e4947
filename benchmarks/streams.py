"""What does a detector report in streams, of gestures and while there are none?"""

from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import Any

import click
import common
from common import ROOT, Asked, Table, command, described, recorded
from hearing import (
    SHARE_OF_BACKGROUND,
    SHARE_OF_GESTURES,
    between_background,
    in_background,
    in_unknown,
    listening,
)
from methods import Task, spread
from networks import TITLES, trained
from within_person import SOURCES

from tinygesture.dataset import Dataset
from tinygesture.dataset.folds import FOLDS, consecutive_folds
from tinygesture.evaluation.statistics import rate
from tinygesture.export.bundle import Bundle
from tinygesture.export.detection import Aim
from tinygesture.export.manifest import code_hash, data_hash, provenance
from tinygesture.export.pipeline import Material, export_fitted
from tinygesture.training.fit import Settings

HOURS = 20.0
AIM = Aim(test_hours=0.1)  # the hours of a test follow
UNKNOWN = {"adamclarkstandke": ("upper_cut",), "vaibhav_esp32": ("gesture", "idle")}


def streams(asked: Asked, hours: float, board: str | None) -> list[Table]:
    """Event F1 of gestures between background, and false events in hours of background alone.

    FOLDERS: data sets; without them, martinlindholdt's of $TINYGESTURE_DATA.
    """
    dataset = asked.dataset(lambda: recorded("martinlindholdt", SOURCES))
    unknown = None if asked.folders else recorded("unknown_motion", UNKNOWN)
    found = measured(asked, dataset, unknown, tuple(TITLES), Settings(), hours, board)
    return tables(dataset, found, len(asked.seeds), hours, board)


def measured(
    asked: Asked,
    dataset: Dataset,
    unknown: Dataset | None,
    architectures: Sequence[str],
    settings: Settings,
    hours: float,
    board: str | None,
) -> list[dict[str, Any]]:
    """Of each architecture, seed and fold: the bundle's event figures, "quiet" hours and the false
    events in them, the "boards" that heard them, and "unknown": events by kind of motion."""
    folds = consecutive_folds(dataset.entries)
    wanted = [
        (arch, seed, k) for arch in architectures for seed in asked.seeds for k in range(len(folds))
    ]
    code = [code_hash(), board, hours, repr(settings), code_of_boards() if board else ""]

    def answer(arch: str, seed: int, k: int) -> list[dict[str, Any]]:
        task = Task.of(dataset, folds[k])
        bundle = exported(task, arch, seed, settings)
        with listening(bundle, board if seed == asked.seeds[0] else None) as (listen, compared):
            listen(between_background(task), SHARE_OF_GESTURES)
            quiet = in_background(listen, k, hours / len(folds))
            others = in_unknown(listen, bundle, unknown) if unknown else {}
        kept = {"arch": arch, "seed": seed, "fold": k, "events": bundle.manifest["events"]}
        return [{**kept, "quiet": quiet, "unknown": others, "boards": compared}]

    data = data_hash(dataset)
    return asked.each(wanted, lambda *one: [asked.name, data, code, *one], answer)


def code_of_boards() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((ROOT / "firmware").rglob("*.[ch]*"))]


def exported(task: Task, arch: str, seed: int, settings: Settings) -> Bundle:
    """As `train-and-export` does, but for the division of the recordings."""
    fitted = trained(task, seed, arch, settings)
    material = Material(task.split, task.train, task.validation, task.test)
    origin = provenance(task.dataset, task.split, fitted.architecture, seed, settings)
    models = common.SCRATCH / "models"
    return export_fitted(fitted, material, f"streams-{arch}", models, origin, aim=AIM).bundle


def tables(
    dataset: Dataset, found: Sequence[dict[str, Any]], seeds: int, hours: float, board: str | None
) -> list[Table]:
    rows = [_row(title, [one for one in found if one["arch"] == a]) for a, title in TITLES.items()]
    compared = "".join(
        f" With the first seed, sim://{name} heard {_part(name, board)}, too: "
        f"{_of_board(found, name, 'equal'):,} of {_of_board(found, name, 'vectors'):,} "
        "probabilities and events were equal."
        for name in dict.fromkeys([board, "cm4"] if board else [])
    )
    protocol = (
        f"{described(dataset)} {FOLDS} folds of consecutive recordings, {seeds} seeds. A detector "
        "is chosen by `train-and-export` on a model's validation recordings, and then hears the "
        "fold's test recordings, each three times, 1 to 8 s apart, with background between. An "
        "event is right that comes while its gesture lasts or up to 0.5 s later; a second one is "
        "an error. The calibration error is that of the confidence that `watch` shows, as the mean "
        f"over folds and seeds. Then, for each seed, {hours:g} hours of background alone, dealt "
        "out to the folds, of virtual people who are in nothing else: it is synthetic, so people "
        "may fare otherwise. In brackets the lowest and highest seed; the upper bound (95 %) is "
        f"that of all seeds' hours together.{compared}"
    )
    columns = (
        *("", "event F1", "recall", "precision", "delay", "calibration error"),
        *("false per hour", "at most"),
    )
    made = [Table(f"Streams: {dataset.path.name}", protocol, columns, rows)]
    kinds = [*dict.fromkeys(kind for one in found for kind in one["unknown"])]
    if kinds:
        rows = [
            (title, *(_unknown([one for one in found if one["arch"] == a], k) for k in kinds))
            for a, title in TITLES.items()
        ]
        protocol = (
            "Real motion that none of the models has a label for, by other people: upper cuts of "
            "adamclarkstandke, and what vaibhav_esp32 calls gesture and idle, on another board. "
            "Events per minute, mean over folds and seeds; each of them is false. –: all of it is "
            "shorter than the model's window."
        )
        made.append(Table("Streams: unknown motion", protocol, ("", *kinds), rows))
    return made


def _part(name: str, board: str | None) -> str:
    if name == board:
        return "all of the background and a stream with gestures"
    return f"{SHARE_OF_BACKGROUND:.0%} of the background and {SHARE_OF_GESTURES:.0%} of that stream"


def _row(title: str, found: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    seeds = [[one for one in found if one["seed"] == s] for s in {one["seed"] for one in found}]

    def shares(over: Callable[[Counter[str]], float]) -> str:
        return spread([over(_counted(own)) for own in seeds])

    hours = [sum(one["quiet"]["hours"] for one in own) for own in seeds]
    false = [sum(one["quiet"]["false"] for one in own) for own in seeds]
    rates = [count / time for count, time in zip(false, hours, strict=True)]
    confident = [one["events"]["reliability"] for one in found if one["events"]["events"]]
    return (
        title,
        shares(lambda n: 2 * n["recognised"] / (n["gestures"] + n["events"])),
        shares(lambda n: n["recognised"] / n["gestures"]),
        shares(lambda n: n["recognised"] / max(n["events"], 1)),
        f"{fmean(one['events']['delay_ms']['median'] or 0 for one in found):.0f} ms",
        f"{fmean(one['ece'] for one in confident):.3f}" if confident else "–",
        f"{fmean(rates):.2f} ({min(rates):.2f} – {max(rates):.2f})",
        f"{rate(sum(false), sum(hours)).upper:.2f}",
    )


def _counted(found: Sequence[dict[str, Any]]) -> Counter[str]:
    keys = ("gestures", "recognised", "events")
    return Counter({key: sum(one["events"][key] for one in found) for key in keys})


def _unknown(found: Sequence[dict[str, Any]], kind: str) -> str:
    told = [one["unknown"][kind] for one in found if kind in one["unknown"]]
    if not told:
        return "–"
    return f"{60 * sum(t['events'] for t in told) / sum(t['seconds'] for t in told):.2f}"


def _of_board(found: Sequence[dict[str, Any]], board: str, key: str) -> int:
    return sum(one["boards"][board][key] for one in found if one["boards"])


HOURS_OPTION = click.option(
    "--hours", default=HOURS, show_default=True, help="Of background alone, for each seed."
)
BOARD_OPTION = click.option(
    "--board",
    type=click.Choice(["native", "cm4"]),
    help="With the first seed this virtual board hears it all, too, and cm4 a part.  [the host]",
)

if __name__ == "__main__":
    command(streams, HOURS_OPTION, BOARD_OPTION)

"""What is in a data set."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.doubtful import tally
from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.selection import counted, data_option

if TYPE_CHECKING:
    from rich.table import Table

    from tinygesture.dataset import Entry

FEW = 3  # labels of which each is counted by its name


@click.command("list")
@data_option
@json_option
def command(data: Path, as_json: bool) -> None:
    """Count the recordings of a data set by label, and by subject, session and board.

    \b
    Example:
      tinygesture data list --data recordings
    """
    from tinygesture.dataset import Dataset
    from tinygesture.report.facts import people

    out = Output(as_json)
    dataset = Dataset.open(data)
    trash = dataset.trash
    gestures, continuous = dataset.entries, dataset.continuous
    names = people(dataset.every)
    labels = _groups((entry.label, entry) for entry in gestures)
    makers = _groups(
        ((names[entry.person], entry.session, entry.board), entry) for entry in gestures
    )
    console = out.console()
    if gestures:
        console.print(_by_label(labels), "", _by_maker(makers), "", sep="\n")
    out.say(f"{counted(gestures)}, {_duration(gestures)}, in {data} (data set {dataset.id})")
    if synthetic := [entry for entry in dataset.every if entry.synthetic]:
        out.say(f"{len(synthetic)} of {len(dataset.every)} are synthetic: nobody moved for them")
    if continuous:
        out.say(f"{counted(continuous)} besides, continuous: {_duration(continuous)}")
    if trash and trash.every:
        out.say(f"{counted(trash.every)} in the trash: `tinygesture data restore` lists them")
    for (label, person, session, board), entries in _groups(
        ((e.label, e.person, e.session, e.board), e) for e in gestures
    ).items():
        told: dict[str, Any] = {"label": label, "subject": person[1], "dataset": person[0]}
        out.emit(told | {"session": session, "board": board} | _figures(entries))
    out.emit(
        {
            "id": dataset.id,
            **_figures(gestures),
            "synthetic": sum(entry.synthetic for entry in dataset.every),
            "continuous": len(continuous),
            "continuous_seconds": round(_seconds(continuous), 2),
            "trash": len(trash.every) if trash else 0,
        }
    )


def _groups(pairs: "Iterable[tuple[Any, Entry]]") -> "dict[Any, list[Entry]]":
    groups: dict[Any, list[Entry]] = {}
    for key, entry in pairs:
        groups.setdefault(key, []).append(entry)
    return dict(sorted(groups.items()))


def _by_label(labels: "dict[Any, list[Entry]]") -> "Table":
    from rich.text import Text

    table = _table("label", ">recordings", ">time", "marks")
    for label, entries in labels.items():
        table.add_row(label, str(len(entries)), _duration(entries), Text(_words(tally(entries))))
    return table


def _by_maker(makers: "dict[Any, list[Entry]]") -> "Table":
    from rich.text import Text

    table = _table("subject", "session", "board", ">recordings", ">time", "labels")
    for (subject, session, board), entries in makers.items():
        labels = Counter(sorted(entry.label for entry in entries))
        even = len(labels) > FEW and len({*labels.values()}) == 1
        words = f"{labels[entries[0].label]} of each of {len(labels)}" if even else _words(labels)
        table.add_row(
            *(subject, session, Text(board)), str(len(entries)), _duration(entries), words
        )
    return table


def _table(*columns: str) -> "Table":
    """A leading > sets a column to the right. Names are whole, as `data rename` needs them."""
    from rich.table import Table

    table = Table(box=None, header_style="bright_black", padding=(0, 2, 0, 0))
    for column in columns:
        right = column.startswith(">")
        table.add_column(
            column.lstrip(">"),
            justify="right" if right else "left",
            no_wrap=column in ("label", "subject", "session"),
            overflow="fold",
        )
    return table


def _figures(entries: "list[Entry]") -> dict[str, Any]:
    seconds = round(_seconds(entries), 2)
    return {"recordings": len(entries), "seconds": seconds, "marks": tally(entries)}


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _seconds(entries: "list[Entry]") -> float:
    return sum(entry.samples / entry.rate_hz for entry in entries if entry.rate_hz)


def _duration(entries: "list[Entry]") -> str:
    seconds = _seconds(entries)
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"

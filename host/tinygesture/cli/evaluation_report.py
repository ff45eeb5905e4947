"""What `evaluate` says to people of its figures: `said` is the line that --json gives."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinygesture.cli.output import Output
from tinygesture.cli.robustness_view import robustness_table
from tinygesture.errors import typed

if TYPE_CHECKING:
    from rich.table import Table

MOST_NAMED = 3


def show(out: Output, said: dict[str, Any], labels: Sequence[str]) -> None:
    """Tables, unless JSON is asked for, and what they come to in sentences."""
    events = said["events"]
    if not out.as_json:
        console = out.console()
        if said["recordings"]:
            console.print(_figures(said))
            console.print(_confusion(said, labels))
        if said.get("robustness"):
            console.print(robustness_table(said["robustness"]))
        if events:
            console.print(_events(events))
    if said["recordings"]:
        out.say(
            f"{said['model']} on {said['port'] or 'the host'}: {said['accuracy']:.1%} of "
            f"{said['recordings']} recordings right, macro-F1 {said['macro_f1']:.3f}."
        )
    if events:
        out.say(f"{said['model']} on {said['port'] or 'the host'}: {_hits(events)}")
        for sentence in (_false(events), *_delay(events)):
            out.say(sentence)


def remarks(said: dict[str, Any], data: Path) -> list[str]:
    """What somebody should know who believes the figures. data: of the data set."""
    found = []
    if seen := said["seen_in_training"]:
        found.append(
            f"The model was trained on {_of(seen, said)}, so the figures flatter it: what it "
            "scored on recordings it had not seen is in its manifest.json."
        )
    if synthetic := said["synthetic"]:
        found.append(
            f"{_of(synthetic, said).capitalize()} are synthetic: they say how the model does on "
            "the virtual hand, not on people."
        )
    absent = [label for label, of in said["labels"].items() if not of["support"]]
    if absent and said["recordings"]:
        listed = ", ".join(absent)
        found.append(f"No recording of {listed}: macro-F1 is that of the other labels.")
    if left_out := said["unknown_labels"]:
        found.append(f"Left out, because the model does not know them: {_listed(left_out)}.")
    events = said["events"] or {}
    if unknown := events.get("unknown_labels"):
        found.append(
            f"The model does not know {_listed(unknown)}: what it reports during those is false."
        )
    if gaps := events.get("gaps"):
        found.append(
            f"Samples are missing in {_number(gaps, 'place')} of the continuous recordings; the "
            "detector begins anew after each, as on a board."
        )
    if said["unmarked"]:
        found.append(how_to_mark(said["unmarked"], data))
    return found


def how_to_mark(names: Sequence[str], data: Path) -> str:
    """Continuous recordings without intervals say nothing, not even that nothing happened."""
    named = ", ".join(names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (
        f"Nobody has said what happened in {named}{more}, so no event there is right or wrong. "
        f"Mark it with `tinygesture label {names[0]} --data {typed(data)}`; that also takes a "
        "whole recording for background."
    )


def _figures(figures: dict[str, Any]) -> "Table":
    from rich.table import Table

    table = Table("label", "precision", "recall", "F1", "recordings", title="Per label")
    for label, of in figures["labels"].items():
        rates = (f"{of[what]:.3f}" for what in ("precision", "recall", "f1"))
        table.add_row(label, *rates, str(of["support"]))
    return table


def _confusion(figures: dict[str, Any], labels: Sequence[str]) -> "Table":
    from rich.table import Table

    table = Table("actual", *labels, title="Recognised as")
    for label, row in zip(labels, figures["confusion"], strict=True):
        table.add_row(label, *(str(count) if count else "·" for count in row))
    return table


def _events(figures: dict[str, Any]) -> "Table":
    from rich.table import Table

    columns = ("gestures", "recognised", "false", "twice", "precision", "recall", "F1")
    table = Table("label", *columns, title="Events")
    for label, of in figures["labels"].items():
        counts = (of[what] for what in ("gestures", "recognised", "false", "duplicates"))
        rates = (_rate(of[what]) for what in ("precision", "recall", "f1"))
        table.add_row(label, *map(str, counts), *rates)
    return table


def _hits(of: dict[str, Any]) -> str:
    lasted = f"{of['hours']:.2f} hours" if of["hours"] >= 1 else f"{60 * of['hours']:.1f} minutes"
    if not of["gestures"]:
        return f"{lasted} of background, without a gesture of the model's."
    twice = f", {of['duplicates']} of them a second time" if of["duplicates"] else ""
    return (
        f"{of['recognised']} of {of['gestures']} gestures in {lasted} recognised; {of['events']} "
        f"events, {of['false']} of them false{twice}: precision {_rate(of['precision'])}, recall "
        f"{_rate(of['recall'])}, F1 {_rate(of['f1'])}."
    )


def _false(of: dict[str, Any]) -> str:
    during = ", ".join(f"{count} during {what}" for what, count in of["false_during"].items())
    return (
        f"False events: {of['false_per_hour']:.2f} an hour, and at most "
        f"{of['false_per_hour_upper']:.2f} with 95 % confidence{f' ({during})' if during else ''}."
    )


def _delay(of: dict[str, Any]) -> list[str]:
    if of["delay_ms"]["median"] is None:
        return []
    median, p90, lasts = (
        ms / 1000 for ms in (of["delay_ms"]["median"], of["delay_ms"]["p90"], of["gesture_ms"])
    )
    return [
        f"An event comes {median:.2f} s after the beginning of its gesture in the median, 9 of 10 "
        f"within {p90:.2f} s; gestures last {lasts:.2f} s. It counts until "
        f"{of['tolerance_ms'] / 1000:g} s after the end."
    ]


def _rate(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _of(count: int, said: dict[str, Any]) -> str:
    return "all recordings" if count == said["used"] else f"{count} of {said['used']} recordings"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{label} ({count})" for label, count in counts.items())


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"

"""Bring in recordings that others made."""

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinygesture.cli.options import FOLDER, FiniteRange, json_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED, Interrupted
from tinygesture.errors import typed

if TYPE_CHECKING:
    from tinygesture.dataset.importing.notices import Findings, Notice, Report

SHOWN = 6  # notices of one kind that a person reads of one file; --json has all


@click.command("import")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="PATH...",
)
@click.option("--data", type=FOLDER, default="recordings", help="A data set.  [recordings]")
@click.option("--label", help="What all of it is; else a column, or a file's name, says it.")
@click.option("--subject", default="unknown", help="Who made the gestures.  [unknown]")
@click.option("--session", default="import", help="When.  [import]")
@click.option(
    "--rate",
    type=FiniteRange(1, 10_000),
    metavar="HZ",
    help="Samples per second, where no times are given.  [119]",
)
@click.option(
    "--imu",
    type=click.Choice(["lsm9ds1", "bmi270", "other"]),
    help="lsm9ds1: correct what Arduino's library says of the gyroscope; else take it as it is.",
)
@click.option(
    "--units",
    multiple=True,
    type=click.Choice(["g", "m/s2", "deg/s", "rad/s"]),
    help="Of the accelerometer, and of the gyroscope; else the motion shows them.",
)
@click.option(
    "--rows",
    type=click.IntRange(min=2),
    help="Of each recording, where nothing divides them; else inferred.",
)
@json_option
def command(
    paths: tuple[Path, ...],
    data: Path,
    label: str | None,
    subject: str,
    session: str,
    rate: float | None,
    imu: Any,
    units: tuple[str, ...],
    rows: int | None,
    as_json: bool,
) -> int:
    """Import recordings: CSV files of Arduino's gesture tutorial, Edge Impulse's JSON and CBOR,
    and data sets of tinygesture; files, folders and zips of them.

    What is odd in a file is repaired and said, or refused with a reason.

    \b
    Examples:
      tinygesture import punch.csv flex.csv --subject anna
      tinygesture import export.zip --data recordings
      tinygesture import ../other-classroom/recordings
    """
    from tinygesture.cli.progress import stages
    from tinygesture.dataset import check_name
    from tinygesture.dataset.importing.importer import import_into
    from tinygesture.dataset.importing.takes import Options

    for name, what in ((label, "label"), (subject, "subject"), (session, "session")):
        if name is not None:
            check_name(name, what)
    out = Output(as_json)
    options = Options(label, subject, session, rate, imu, _one_of_each(units), rows)
    try:
        with stages(out) as advance:
            report = import_into(data, paths, options, advance)
    except KeyboardInterrupt:
        raise Interrupted("Stopped: nothing was imported.") from None
    _tell(out, report, data)
    out.emit(
        {
            "recordings": report.recordings,
            "repaired": [_as_json(notice) for notice in report.repaired],
            "refused": [_as_json(notice) for notice in report.refused],
        }
    )
    nothing_there = report.refused or not report.files
    return FAILED if nothing_there and not report.recordings else 0


def _one_of_each(units: tuple[str, ...]) -> frozenset[str]:
    chosen = frozenset(units)
    if {"g", "m/s2"} <= chosen or {"deg/s", "rad/s"} <= chosen:
        raise click.BadParameter("one unit for each sensor, please", param_hint="--units")
    return chosen


def _as_json(notice: "Notice") -> dict[str, Any]:
    """A whole file is told at its first line."""
    return {"file": notice.file, "line": max(notice.line, 1), "reason": notice.reason}


def _tell(out: Output, report: "Report", data: Path) -> None:
    for _, group in groupby(report.files, key=_kind):
        alike = [*group]
        _tell_file(out, alike[0], len(alike) - 1, sum(found.recordings for found in alike))
    if not report.files:
        out.say("There is no CSV, JSON or CBOR file, no zip and no data set in it.")
        return
    imported = _count(report.recordings, "recording")
    repairs = _count(len(report.repaired), "repair")
    refusals = _count(len(report.refused), "refusal")
    out.say(f"\n{imported} imported into {data}; {repairs}, {refusals}.")
    if report.recordings:
        if any(found.subject == "unknown" and found.recordings for found in report.files):
            out.say(
                "Who made them is not known. To say it: tinygesture data rename subject unknown "
                f"NAME --data {typed(data)}"
            )
        out.say(
            f"Look at them: tinygesture show --data {typed(data)}, "
            f"tinygesture data report --data {typed(data)}"
        )


def _kind(found: "Findings") -> tuple[Any, ...]:
    """Files in a row of which the same is to be said."""
    reasons = [notice.reason for notice in (*found.repaired, *found.refused)]
    return str(Path(found.file).parent), found.summary, found.recordings, reasons, found.notes


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _tell_file(out: Output, found: "Findings", more: int, recordings: int) -> None:
    others = f" and {more} more like it" if more else ""
    summary = f", {found.summary}" if found.summary else ""
    out.say(f"{found.file}{others}: {_count(recordings, 'recording')}{summary}")
    told = {
        "known": found.notes,
        "repaired": [*map(_sentence, found.repaired)],
        "refused": [*map(_sentence, found.refused)],
    }
    for what, sentences in told.items():
        for sentence in sentences[:SHOWN]:
            out.say(f"  {what}: {sentence}")
        if len(sentences) > SHOWN:
            all_of_them = "" if what == "known" else "; --json lists them all"
            out.say(f"  {what}: and {len(sentences) - SHOWN} more{all_of_them}")


def _sentence(notice: "Notice") -> str:
    return f"line {notice.line}: {notice.reason}" if notice.line else notice.reason

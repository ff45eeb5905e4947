"""Let the virtual hand perform a script, for a virtual board or into a data set."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.synth import Script

NUMBER = click.IntRange(0, 999_999_999)
LONGEST_RECORDING_S = 4 * 3600.0


@click.command()
@click.argument("script")
@click.option("--port", metavar="SIM", help="Feed this board: sim://native or sim://cm4.")
@click.option("--data", type=FOLDER, help="Write a continuous recording into this data set.")
@click.option("--subject", type=NUMBER, default=1, help="Who performs: 2 is virtual-2.  [1]")
@click.option("--session", type=NUMBER, default=1, help="On which day of theirs.  [1]")
@click.option("--seed", type=NUMBER, default=1, help="Another one: other repetitions.  [1]")
@click.option("--imu", default="lsm9ds1", help="lsm9ds1 (Rev1), bmi270 (Rev2) or ideal.  [lsm9ds1]")
@json_option
def command(
    script: str,
    port: str | None,
    data: Path | None,
    subject: int,
    session: int,
    seed: int,
    imu: str,
    as_json: bool,
) -> None:
    """Let the virtual hand perform SCRIPT: live for a virtual board, or into a data set.

    SCRIPT is a list such as circle,rest:3,walk:60,'punch x 5', or a file with such items on its
    lines: a label, :SECONDS and x COUNT as needed, and # before comments. docs/synthetic.md lists
    the labels. What a board recognises is compared with what was performed; a recording has the
    exact intervals.

    \b
    Examples:
      tinygesture perform circle,rest:3,punch --port sim://native
      tinygesture perform background:600 --data recordings --subject 7
    """
    from tinygesture.synth import LiveHand

    out = Output(as_json)
    items = _read(script)
    LiveHand(subject, seed, imu, items, session)  # raises UserError before anything begins
    if (port is None) == (data is None):
        raise UserError(
            "Say where the performance goes: to a virtual board with --port sim://native, or into "
            "a data set with --data FOLDER."
        )
    if data is not None:
        _record(out, items, data, subject, session, seed, imu)
    elif port is not None:
        from tinygesture.cli.live_performance import feed

        feed(out, port, items, subject, session, seed, imu)


def _read(script: str) -> "Script":
    from tinygesture.dataset.files import clear_errors
    from tinygesture.synth import parse_script

    try:
        is_file = Path(script).is_file()
    except (OSError, ValueError):  # too long for the name of a file, or with a zero in it
        is_file = False
    if is_file:
        with clear_errors(Path(script), "read"):
            script = Path(script).read_text(encoding="utf-8", errors="replace")
    elif script.endswith(".txt") or "/" in script or "\\" in script:
        raise UserError(f"There is no script {script}. Check the name of the file.")
    items = parse_script(script)
    if not items:
        raise UserError("The script is empty. Write labels into it, such as circle, rest:3, punch.")
    return items


def _record(
    out: Output, script: "Script", data: Path, subject: int, session: int, seed: int, imu: str
) -> None:
    from tinygesture.dataset import Dataset
    from tinygesture.synth import continuous_recording, truth

    lasts = 0.0
    for interval in truth(script, subject, seed, session):
        lasts = interval.end_us / 1e6
        if lasts > LONGEST_RECORDING_S:
            raise UserError(
                f"The script lasts more than {LONGEST_RECORDING_S / 3600:g} hours, too long for "
                "one recording. Divide it into several, or feed a board with --port."
            )
    dataset = Dataset.open_or_create(data)
    if lasts > 600:
        out.say(f"performing {lasts:.0f} s ...")
    recording, intervals = continuous_recording(script, subject, seed, imu, session)
    entry = dataset.add_continuous(recording, intervals)
    out.emit(asdict(entry) | {"intervals": [interval._asdict() for interval in intervals]})
    for interval in intervals:
        start, end = interval.start_us / 1e6, interval.end_us / 1e6
        out.say(f"{start:9.2f} s  {interval.label:12} {end - start:.2f} s")
    count = f"{len(intervals)} interval{'' if len(intervals) == 1 else 's'}"
    lasted = recording.t_us[-1] / 1e6
    out.say(f"Done: {count} in {lasted:.1f} s of synthetic data, saved as {data / entry.file}.")

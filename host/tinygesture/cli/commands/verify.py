"""Prove that a board computes what the host computes."""

from dataclasses import asdict
from pathlib import Path

import click

from tinygesture.cli.options import chosen_port, json_option, port_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED


@click.command()
@click.argument("name")
@port_option
@click.option(
    "--recording",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A recording's CSV file.  [a synthetic performance of the model's gestures]",
)
@json_option
def command(name: str, port: str | None, recording: Path | None, as_json: bool) -> int:
    """Prove that a board computes exactly what the host computes for the model NAME.

    Plays the golden vectors and a recording through the board's resampler, quantisation and
    engine, and compares every int8 output. Exits with 1 if any differs. Then the board says what
    it measures of itself: inference time, sleep, stack and RAM.

    \b
    Example:
      tinygesture verify swing --port /dev/ttyACM0
    """
    from tinygesture import boards, project
    from tinygesture.cli import verification
    from tinygesture.cli.measuring import measure, sentences
    from tinygesture.cli.progress import working
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    bundle = Bundle.find(name, project.models())
    t_us, counts = verification.recording(recording)
    with boards.connect(chosen_port(port)) as board:
        verification.check_model(board, bundle)
        with working(out, f"Comparing {board.name} with the host") as report:
            result = verification.compare_golden(board, bundle, report)
            report("a recording")
            result += verification.compare_recording(board, bundle, t_us, counts)
        with working(out, f"Measuring {board.name}"):
            found = measure(board)
    out.say(f"{result.equal} of {result.vectors} outputs of the board are equal to the host's.")
    for sentence in sentences(board, found):
        out.say(sentence)
    out.emit({"vectors": result.vectors, "equal": result.equal, **asdict(found)})
    return 0 if result.passed else FAILED

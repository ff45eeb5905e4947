"""What a model costs on the board."""

from pathlib import Path

import click

from tinygesture.cli.given_model import NOT_STREAMED, hop_option, read_model, state_option
from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output


@click.command()
@click.argument("model")
@state_option
@hop_option
@click.option("--plan", is_flag=True, help="As the plan that `push` sends, function by function.")
@click.option(
    "--compare",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What --json wrote of another engine or an earlier time, or part of it.",
)
@json_option
def command(
    model: str,
    state: tuple[str, ...],
    hop: int | None,
    plan: bool,
    compare: Path | None,
    as_json: bool,
) -> None:
    """Count what MODEL, a .tflite file or the name of a model of yours, costs on a Cortex-M4F.

    Compiles it, runs it in QEMU with a plugin that counts, and shows multiply-accumulates,
    instructions, loads and stores of every layer, and flash, RAM and stack. The counts are those of
    the code as it ships, and equal in every run.

    \b
    Examples:
      tinygesture benchmark swing
      tinygesture benchmark gru_step.tflite --state h=output_1
      tinygesture benchmark conv1d.tflite --hop 8
    """
    from tinygesture.benchmark import INFERENCES, benchmark
    from tinygesture.cli import costs
    from tinygesture.cli.progress import working

    out = Output(as_json)
    given = read_model(model, state, hop)
    peer = costs.read_comparison(compare) if compare else {}
    with working(out, f"Building and running {model}"):
        found = benchmark(*given, plan=plan)
        whole = benchmark(given.model, plan=plan) if found.streaming else None
    figures = costs.values(found, whole)
    out.console().print(costs.layers_table(found), costs.totals_table(figures, peer))
    if found.least == found.counts.instructions:
        out.say(f"Each of {INFERENCES} random inputs took the same instructions.")
    else:
        out.say(
            f"The costliest of {INFERENCES} random inputs; the cheapest took {found.least:,} "
            "instructions."
        )
    if whole:
        out.say(
            f"That is one hop. The whole window takes {whole.counts.instructions:,} instructions."
        )
    if hop and not found.streaming:
        out.say(NOT_STREAMED)
    out.emit(figures)

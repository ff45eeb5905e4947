"""Give a running board another model, in a second."""

import time

import click

from tinygesture.cli.options import chosen_port, json_option, port_option
from tinygesture.cli.output import Output
from tinygesture.cli.running import FAILED
from tinygesture.errors import UserError


@click.command()
@click.argument("name", required=False)
@port_option
@click.option("--keep", is_flag=True, help="Also after it was switched off: in the board's flash.")
@click.option("--remove", "removes", is_flag=True, help="Back to the model that was built in.")
@json_option
def command(name: str | None, port: str | None, keep: bool, removes: bool, as_json: bool) -> int:
    """Give a board the model NAME of models/ over the link: no compiler, no upload.

    The firmware on the board stays; it computes exactly what it would with the model built in.
    The pushed model is gone when the board is switched off, unless you --keep it.

    \b
    Examples:
      tinygesture push swing --port /dev/ttyACM0
      tinygesture push swing --keep
      tinygesture push --remove
    """
    if removes == (name is not None) or (removes and keep):
        raise UserError("Name a model to push, or use --remove alone.")
    out = Output(as_json)
    if name is None:
        return _remove(out, chosen_port(port))
    return _push(out, name, chosen_port(port), keep)


def _push(out: Output, name: str, port: str, keep: bool) -> int:
    from tinygesture import boards, project
    from tinygesture.cli import verification
    from tinygesture.cli.progress import working
    from tinygesture.export.bundle import Bundle
    from tinygesture.export.plans import plan_of
    from tinygesture.link import push

    bundle = Bundle.find(name, project.models())
    plan = plan_of(bundle)
    with boards.connect(port) as board:
        began = time.monotonic()
        with working(out, f"Pushing {name} to {board.name}") as report:
            push(board, plan, keep, lambda taken: report(f"{taken:,} of {len(plan):,} bytes"))
            took = time.monotonic() - began
            result = verification.compare_shortest(board, bundle)
    if not result.passed:
        out.say(
            f"{board.name} computes something else with {name} than the host: only "
            f"{result.equal} of {result.vectors} outputs are equal. This is a fault of "
            "tinygesture: please report it, with the model."
        )
    else:
        out.say(
            f"{board.name} now runs {name} ({bundle.model_id}): {len(plan):,} bytes in "
            f"{took:.1f} s, and {result.equal} outputs of it are equal to the host's."
        )
        out.say(_how_long(name, port, keep))
    out.emit(
        {
            "model": name,
            "model_id": bundle.model_id,
            "board": board.info.board,
            "port": port,
            "kept": keep,
            "plan_bytes": len(plan),
            "seconds": took,
            "vectors": result.vectors,
            "equal": result.equal,
        }
    )
    return 0 if result.passed else FAILED


def _how_long(name: str, port: str, keep: bool) -> str:
    if keep:
        return f"It keeps it. Prove all of it: tinygesture verify {name} --port {port}"
    if port.startswith("sim://"):
        return "A virtual board is switched off when the command ends: --keep lets it keep a model."
    return (
        f"It runs it until it is switched off; --keep lets it keep it. Prove all of it: "
        f"tinygesture verify {name} --port {port}"
    )


def _remove(out: Output, port: str) -> int:
    from tinygesture import boards
    from tinygesture.link import remove

    with boards.connect(port) as board:
        remove(board)
        info = board.info
    built_in = f"the model {info.model} ({info.model_id}) that was built in"
    runs = built_in if info.model else "without a model"
    out.say(f"{board.name} has forgotten the pushed model. It now runs {runs}.")
    out.emit({"model": info.model or None, "model_id": info.model_id or None, "port": port})
    return 0

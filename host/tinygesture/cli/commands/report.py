"""A model as one HTML file."""

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output


@click.command()
@click.argument("name")
@click.option("--open", "show", is_flag=True, help="Show it in the browser.")
@json_option
def command(name: str, show: bool, as_json: bool) -> None:
    """Tell where the report of the model NAME is: one HTML file, to look at offline.

    train-and-export writes it. Where it is missing or changed, or another version of tinygesture
    wrote it, it is written anew from what the model's folder holds.

    \b
    Example:
      tinygesture report swing --open
    """
    import webbrowser

    from jinja2 import UndefinedError

    from tinygesture import project
    from tinygesture.errors import UserError
    from tinygesture.export.bundle import REPORT, Bundle, anew
    from tinygesture.report.model import model_report, with_report

    out = Output(as_json)
    bundle = Bundle.find(name, project.models())
    try:
        if bundle.files.get(REPORT) != model_report(bundle):
            bundle = with_report(bundle, project.models())
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        UndefinedError,
    ) as error:
        raise UserError(
            f"{bundle.path} does not hold what a report tells: another version of tinygesture "
            f"wrote it, or its manifest.json was edited. {anew(name)}"
        ) from error
    file, size = bundle.path / REPORT, len(bundle.files[REPORT])
    out.say(f"The report of {name} is {file} ({size / 1e6:.1f} MB). It opens in any browser.")
    out.emit({"file": str(file), "bytes": size})
    if show:
        webbrowser.open(file.resolve().as_uri())

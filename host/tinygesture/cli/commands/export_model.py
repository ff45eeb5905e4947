"""Take a model elsewhere: to the Arduino IDE."""

from pathlib import Path

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output


@click.command("export")
@click.argument("name")
@click.option(
    "--arduino-library", is_flag=True, required=True, help="A library for the Arduino IDE."
)
@click.option(
    "-o",
    "--out",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write.  [TinyGesture-NAME.zip]",
)
@json_option
def command(name: str, arduino_library: bool, target: Path | None, as_json: bool) -> None:
    """Write the model NAME as a library that the Arduino IDE installs.

    In the IDE: Sketch, Include Library, Add .ZIP Library. Its examples are then under File,
    Examples, TinyGesture.

    \b
    Example:
      tinygesture export swing --arduino-library
    """
    from tinygesture import project
    from tinygesture.dataset.files import write_atomically
    from tinygesture.errors import UserError
    from tinygesture.export.arduino import library, zipped
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    bundle = Bundle.find(name, project.models())
    target = target or Path(f"TinyGesture-{bundle.name}.zip")
    if target.suffix.lower() != ".zip":
        raise UserError(f"The Arduino IDE installs .zip files: call it {target.name}.zip.")
    files = library(bundle, project.root())
    write_atomically(target, zipped(files))
    out.say(
        f"The model {bundle.name} ({bundle.model_id}) is in {target}. In the Arduino IDE: Sketch, "
        "Include Library, Add .ZIP Library; then File, Examples, TinyGesture, Recognise."
    )
    out.emit(
        {
            "model": bundle.name,
            "model_id": bundle.model_id,
            "file": str(target),
            "files": len(files),
        }
    )

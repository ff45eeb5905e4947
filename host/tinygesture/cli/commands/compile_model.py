"""Any int8 model as C++ for any project."""

from pathlib import Path

import click

from tinygesture.cli.given_model import NOT_STREAMED, hop_option, read_model, state_option
from tinygesture.cli.options import FOLDER, json_option
from tinygesture.cli.output import Output

TITLES = {
    "macs": "MACs",
    "window_macs": "window MACs",
    "weight_bytes": "weights",
    "table_bytes": "tables",
    "arena_bytes": "arena",
    "state_bytes": "state",
}


@click.command("compile")
@click.argument("model")
@click.option("-o", "--out", "folder", type=FOLDER, required=True, help="The folder to write.")
@click.option(
    "--name",
    metavar="NAMESPACE",
    help="What the code is called in C++.  [from the name of MODEL]",
)
@state_option
@hop_option
@json_option
def command(
    model: str,
    folder: Path,
    name: str | None,
    state: tuple[str, ...],
    hop: int | None,
    as_json: bool,
) -> None:
    """Compile MODEL, an int8 .tflite file or the name of a model of yours, to C++14.

    The folder is complete by itself: no heap, no interpreter, nothing but the C library. Its
    README.md shows how to call the model.

    \b
    Examples:
      tinygesture compile person.tflite -o person
      tinygesture compile gru_step.tflite --state h=output_1 -o src/gestures --name gestures
    """
    from collections import Counter

    from tinygesture import project
    from tinygesture.export.compiler import compile_model
    from tinygesture.export.standalone import check_namespace, namespace_of, standalone, write

    out = Output(as_json)
    root = project.root()
    namespace = check_namespace(name) if name else namespace_of(model)
    compiled = compile_model(*read_model(model, state, hop))
    files = standalone(compiled, Path(model).name, namespace, root)
    write(folder, files, root)
    operators = Counter(compiled.operators)
    sizes = {
        "macs": compiled.macs,
        **({"window_macs": compiled.window_macs} if compiled.streaming else {}),
        "weight_bytes": compiled.weight_bytes,
        "table_bytes": compiled.table_bytes,
        "arena_bytes": compiled.arena_bytes,
        "state_bytes": compiled.state_bytes,
    }
    out.say(f"{model} is C++ in {folder}: call {namespace}::invoke(), as {folder}/README.md shows.")
    listed = ", ".join(f"{n} {kind}" if n > 1 else kind for kind, n in operators.items())
    out.say(f"  operators    {listed}")
    for key, title in TITLES.items():
        if key in sizes:
            out.say(f"  {title:13}{sizes[key]:,}{' bytes' if key.endswith('_bytes') else ''}")
    if hop and not compiled.streaming:
        out.say(NOT_STREAMED)
    out.emit(
        {
            "model": model,
            "folder": str(folder),
            "namespace": namespace,
            "operators": dict(operators),
            **sizes,
            "input_sizes": compiled.input_sizes,
            "output_sizes": compiled.output_sizes,
            "files": list(files),
        }
    )

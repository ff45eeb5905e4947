"""Show what made a model decide."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from tinygesture.cli.options import json_option
from tinygesture.cli.output import Output
from tinygesture.cli.progress import Stages
from tinygesture.cli.selection import data_option
from tinygesture.errors import UserError

if TYPE_CHECKING:
    from tinygesture.contract import Int8, Int16
    from tinygesture.dataset import Dataset
    from tinygesture.explanation import Explanation
    from tinygesture.export.bundle import Bundle
    from tinygesture.training.fit import Fitted

LONGEST_S = 10
PAGE = Path("explanation.html")


class Given(NamedTuple):
    """A recording: counts int16[M, 6], canonical; label: "" if nobody knows it."""

    name: str
    label: str
    counts: "Int16"
    synthetic: bool


@click.command()
@click.argument("name")
@click.argument("recordings", nargs=-1, required=True, metavar="RECORDING...")
@data_option
@click.option("--beside", metavar="OTHER", help="Explain this model too, to compare the two.")
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write an interactive page to this file; one that is there is replaced.",
)
@click.option("--open", "show", is_flag=True, help=f"Show the page in the browser.  [{PAGE}]")
@json_option
def command(
    name: str,
    recordings: tuple[str, ...],
    data: Path,
    beside: str | None,
    page: Path | None,
    show: bool,
    as_json: bool,
) -> None:
    """Show which samples and axes made the model NAME decide about a RECORDING.

    And its memory: how far back what it uses reaches. A recording is named as `tinygesture show`
    lists it, by its id or the beginning of that, or as a CSV file. docs/explaining.md explains the
    picture.

    \b
    Examples:
      tinygesture explain swing circle/3
      tinygesture explain swing circle/3 --beside swing-conv1d --open
      tinygesture explain swing circle/3 punch/1 --html decisions.html
    """
    import webbrowser

    from tinygesture import project
    from tinygesture.cli.progress import stages
    from tinygesture.dataset.files import expect_writable
    from tinygesture.export.bundle import Bundle

    out = Output(as_json)
    if page:
        expect_writable(page)
    names = dict.fromkeys(filter(None, (name, beside)))
    bundles = [Bundle.find(one, project.models()) for one in names]
    given = _given(data, recordings)
    with stages(out) as progress:
        made = _explain(bundles, given, progress)
    _print(out, made)
    told = [
        {
            "recording": one.name,
            "actual": one.label,
            "synthetic": one.synthetic,
            "model": bundle.name,
            "arch": bundle.arch,
            **explanation.to_json(),
        }
        for one, bundle, explanation in made
    ]
    for line in told:
        out.emit(line)
    if page or show:
        from tinygesture.report import write_explanations

        page = page or PAGE
        size = write_explanations(told, page)
        out.say(f"The page is {page} ({size / 1e3:.0f} kB). It opens in any browser.")
        if show:
            webbrowser.open(page.resolve().as_uri())


def _explain(
    bundles: "Sequence[Bundle]", given: Sequence[Given], progress: Stages
) -> "list[tuple[Given, Bundle, Explanation]]":
    """Recording by recording, so that models stand beside each other."""
    from tinygesture.explanation import explain
    from tinygesture.export.restore import restore

    models: list[tuple[Bundle, Fitted]] = []
    for bundle in bundles:
        progress("loading", len(models), len(bundles))
        models.append((bundle, restore(bundle)))
    progress("loading", len(bundles), len(bundles))
    made = []
    progress("explaining", 0, len(given) * len(bundles))
    for one in given:
        for bundle, fitted in models:
            made.append((one, bundle, explain(fitted, one.counts, _int8(bundle, one.counts))))
            progress("explaining", len(made), len(given) * len(bundles))
    return made


def _int8(bundle: "Bundle", counts: "Int16") -> "Int8 | None":
    """What the int8 model says; None where there is nothing to compute it with."""
    from tinygesture.evaluation.host import HostModel
    from tinygesture.training.examples import pad

    try:
        model = HostModel(bundle)
    except UserError:
        return None
    return model.predict(pad(counts, bundle.window))


def _print(out: Output, made: "Sequence[tuple[Given, Bundle, Explanation]]") -> None:
    from tinygesture.cli.explain_view import picture, summary

    console = out.console()
    for one, bundle, explanation in made:
        taken = one.label and one.label != explanation.decided
        title = f"{one.name}, " + (f"recorded as {one.label}, " if taken else "")
        console.print(
            picture(f"{title}by {bundle.name} ({bundle.arch})", explanation, console.width)
        )
        console.print()
    unknown = {
        (bundle.name, one.label): bundle.recorded
        for one, bundle, _ in made
        if one.label and one.label not in bundle.recorded
    }
    for (name, label), known in unknown.items():
        out.say(f"{name} does not know {label}, only {', '.join(known)}.")
    if len(made) > 1:
        console.print(summary([(one.name, bundle.name, it) for one, bundle, it in made]))
    recordings = {one.name: one.synthetic for one, *_ in made}
    if synthetic := sum(recordings.values()):
        count = len(recordings)
        out.say(
            "The recording is synthetic."
            if count == 1
            else f"{synthetic} of {count} recordings are synthetic."
        )


def _given(data: Path, recordings: Sequence[str]) -> list[Given]:
    """Each by its name or id, or as a file; UserError where one cannot be explained."""
    from tinygesture.dataset import Dataset

    folder = data.resolve()
    files = {name for name in recordings if name.endswith(".csv") and Path(name).is_file()}
    outside = {name for name in files if folder not in Path(name).resolve().parents}
    dataset = Dataset.open(data) if set(recordings) - outside else None
    return [
        _file(Path(name)) if dataset is None or name in outside else _recording(dataset, name)
        for name in recordings
    ]


def _recording(dataset: "Dataset", name: str) -> Given:
    from tinygesture.cli.selection import inside
    from tinygesture.dataset.find import find, name_of
    from tinygesture.training.examples import canonical

    found = find(dataset, inside(dataset, name))
    entry = found[0]
    if entry.label == name:
        raise UserError(
            f"{name!r} is a label: name one of its recordings, such as {name_of(entry)}."
        )
    recording = dataset.load(entry)
    counts = canonical(recording.t_us, recording.counts)
    return _checked(Given(name_of(entry), entry.label, counts, entry.synthetic))


def _file(file: Path) -> Given:
    from tinygesture.dataset import read_csv
    from tinygesture.training.examples import canonical

    return _checked(Given(file.name, "", canonical(*read_csv(file)), False))


def _checked(given: Given) -> Given:
    from tinygesture.contract import CANONICAL_RATE_HZ
    from tinygesture.training.examples import MIN_SAMPLES

    seconds = len(given.counts) / CANONICAL_RATE_HZ
    if len(given.counts) < MIN_SAMPLES:
        raise UserError(
            f"{given.name} holds only {seconds:.2f} s without a gap, too little for a gesture. "
            "Name another recording."
        )
    if seconds > LONGEST_S:
        raise UserError(
            f"{given.name} lasts {seconds:.1f} s, and only gestures of {LONGEST_S} s or less are "
            f"explained. Cut one out of it: tinygesture data cut {given.name} --from 1 --to 3 "
            "--label LABEL"
        )
    return given

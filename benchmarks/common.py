"""What the benchmarks of recognition share: their arguments, their data and their tables.

Each is a command that answers one question: it prints tables with their protocol, every run as a
JSON line with --json, and writes the tables into docs/accuracy.md with --document. A run is kept in
.tinygesture/accuracy: the same one, of the same code and data, is not made again.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from tinygesture.cli.output import Output
from tinygesture.cli.progress import Stages, stages
from tinygesture.cli.running import run
from tinygesture.dataset import Dataset
from tinygesture.dataset.files import write_atomically
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.takes import Options
from tinygesture.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "accuracy.md"
SCRATCH = ROOT / ".tinygesture" / "accuracy"
SEEDS = 3


@dataclass(frozen=True)
class Table:
    """title and protocol: what was measured, on what and how, for people who see nothing else."""

    title: str
    protocol: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        rule = "|---|" + "--:|" * (len(self.columns) - 1)
        lines = [_line(self.columns), rule, *map(_line, self.rows)]
        return "\n".join([f"### {self.title}", "", *lines, "", self.protocol, ""])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


@dataclass(frozen=True)
class Asked:
    """What the user of a benchmark asked for."""

    name: str
    folders: tuple[Path, ...]
    seeds: range
    out: Output
    advance: Stages

    def dataset(self, recorded: Callable[[], Dataset]) -> Dataset:
        """The given folders as one data set, else what `recorded` gives."""
        if not self.folders:
            return recorded()
        if len(self.folders) == 1:
            return Dataset.open(self.folders[0])
        return _imported("+".join(folder.name for folder in self.folders), self.folders, Options())

    def each(
        self,
        wanted: Sequence[tuple[Any, ...]],
        question: Callable[..., Any],
        answer: Callable[..., list[dict[str, Any]]],
    ) -> list[dict[str, Any]]:
        """answer(*one) of each that is wanted, kept under question(*one), with its progress."""
        found = []
        for done, one in enumerate(wanted):
            self.advance(self.name, done, len(wanted))
            found += self.kept(question(*one), partial(answer, *one))
        self.advance(self.name, len(wanted), len(wanted))
        return found

    def kept(self, question: Any, answer: Callable[[], Any]) -> Any:
        """The JSON that an earlier run gave to the same question, else that of `answer`."""
        path = SCRATCH / f"{key(question)}.json"
        if not path.exists():
            SCRATCH.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(answer()).encode())
        found = json.loads(path.read_text("utf-8"))
        for one in found:
            self.out.emit({"benchmark": self.name, **one})
        return found


def key(*parts: Any) -> str:
    """A file's name, equal for equal parts, which JSON can hold."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def recorded(name: str, sources: Mapping[str, Sequence[str]]) -> Dataset:
    """Real recordings of $TINYGESTURE_DATA as a data set: of each person, those of these labels.

    Raises UserError where there are none.
    """
    folder = Path(os.environ.get("TINYGESTURE_DATA", "")) / "imu"
    if not folder.is_dir():
        raise UserError(
            "There is nothing to measure: name folders of data sets, or set TINYGESTURE_DATA to "
            "the folder of real recordings."
        )
    for person, labels in sources.items():
        files = [folder / person / f"{label}.csv" for label in labels]
        dataset = _imported(name, files, Options(subject=person[:24]))
    return dataset


def _imported(name: str, paths: Iterable[Path], options: Options) -> Dataset:
    """Imported into a data set of that name, which keeps what it had: importing twice is once."""
    target = SCRATCH / "data" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    import_into(target, paths, options)
    return Dataset.open(target)


def described(dataset: Dataset) -> str:
    """What a data set holds: the beginning of a protocol."""
    people = len({entry.person for entry in dataset.entries})
    synthetic = sum(entry.synthetic for entry in dataset.entries)
    of_them = "" if not synthetic else f", {synthetic} of them synthetic"
    return (
        f"{len(dataset.entries)} recordings{of_them}, of {len(dataset.labels)} gestures "
        f"({', '.join(dataset.labels)}) by {people} {'person' if people == 1 else 'people'}."
    )


def command(
    measure: Callable[..., list[Table]], *options: Callable[[click.Command], click.Command]
) -> None:
    """Run a benchmark as a program: its name is that of `measure`, its help what that says, and
    what its own `options` give are further arguments."""
    name = measure.__name__

    @click.command(name, help=measure.__doc__)
    @click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
    @click.option("--seeds", default=SEEDS, show_default=True, help="How often, from seed 0.")
    @click.option("--document", is_flag=True, help=f"Write the tables into docs/{DOCUMENT.name}.")
    @click.option("--json", "as_json", is_flag=True, help="Every run as a JSON line on stdout.")
    def program(
        folders: tuple[Path, ...], seeds: int, document: bool, as_json: bool, **more: Any
    ) -> None:
        out = Output(as_json)
        with stages(out) as advance:
            tables = measure(Asked(name, folders, range(seeds), out, advance), **more)
        text = "\n".join(table.markdown() for table in tables)
        out.say(f"\n{text}")
        if document:
            whole = with_section(DOCUMENT.read_text("utf-8"), name, text)
            write_atomically(DOCUMENT, whole.encode())

    for option in options:
        program = option(program)
    run(lambda: program, name)


def with_section(document: str, name: str, text: str) -> str:
    """The document with `text` between the markers of this benchmark."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = document.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{text}\n{end}{after}"

"""What the benchmarks of recognition share: their arguments, their data, their runs and tables.

Each is a command that answers one question: it prints a table with its protocol, on stdout as JSON
lines with --json, and writes it into docs/accuracy.md with --document. A run (one method, fold and
seed) is kept in .tinygesture/accuracy: the same one of the same code and data is not made again.
"""

import hashlib
import inspect
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import click
import task
from task import Prediction, Task

from tinygesture.cli.output import Output
from tinygesture.cli.progress import Stages, stages
from tinygesture.cli.running import run
from tinygesture.dataset import Dataset, Split
from tinygesture.dataset.files import write_atomically
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.importing.takes import Options
from tinygesture.errors import UserError
from tinygesture.export.manifest import CODE, code_hash, data_hash

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "accuracy.md"
SCRATCH = ROOT / ".tinygesture" / "accuracy"
SEEDS = 3


@dataclass(frozen=True)
class Method:
    """function(task, seed, **options) answers; it depends on these parts of the package."""

    function: Callable[..., Prediction]
    options: Mapping[str, Any] = field(default_factory=dict)
    code: Sequence[str] = CODE


@dataclass(frozen=True)
class Run:
    """How many of the recordings of a fold one row of the table named rightly."""

    row: str
    fold: str
    seed: int
    hits: int
    of: int
    seconds: float


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

    def runs(
        self, dataset: Dataset, folds: Sequence[Split], methods: Sequence[Method]
    ) -> list[Run]:
        """Every method on every fold with every seed; each is emitted as soon as it is there."""
        done, total = 0, len(folds) * len(methods) * len(self.seeds)
        found = []
        for fold in folds:
            loaded = None
            for method in methods:
                for seed in self.seeds:
                    self.advance(self.name, done, total)
                    path = SCRATCH / f"{_key(dataset, fold, method, seed)}.json"
                    if not path.exists():
                        loaded = loaded or Task.of(dataset, fold)
                        _keep(path, _runs(loaded, fold.description, seed, method))
                    runs = [Run(**one) for one in json.loads(path.read_text("utf-8"))]
                    for one in runs:
                        self.out.emit({"benchmark": self.name, **asdict(one)})
                    found += runs
                    done += 1
        self.advance(self.name, done, total)
        return found


def _runs(task: Task, fold: str, seed: int, method: Method) -> list[Run]:
    began = time.monotonic()
    answers = method.function(task, seed, **method.options)
    seconds = round(time.monotonic() - began, 1)
    actual = [example.label for example in task.test]
    hits = {row: sum(map(int.__eq__, actual, given)) for row, given in answers.items()}
    return [Run(row, fold, seed, count, len(actual), seconds) for row, count in hits.items()]


def _keep(path: Path, runs: Sequence[Run]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps([asdict(one) for one in runs]).encode())


def _key(dataset: Dataset, fold: Split, method: Method, seed: int) -> str:
    """Equal for the same run of the same code on the same recordings."""
    parts = [[entry.id for entry in part] for part in (fold.train, fold.validation, fold.test)]
    sources = [inspect.getsource(module) for module in (task, inspect.getmodule(method.function))]
    asked = [method.function.__name__, repr(method.options), seed]
    whole = [data_hash(dataset), parts, code_hash(method.code), sources, asked]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:24]


def accuracy_rows(runs: Sequence[Run]) -> list[tuple[str, ...]]:
    """ACCURACY_COLUMNS of each row: the mean over seeds, the lowest and highest seed, worst fold.

    Of one seed, the accuracy is that of all folds' recordings together.
    """
    rows = []
    for row in dict.fromkeys(one.row for one in runs):
        own = [one for one in runs if one.row == row]
        by_seed = [_accuracy(own, seed=seed) for seed in dict.fromkeys(one.seed for one in own)]
        by_fold = [_accuracy(own, fold=fold) for fold in dict.fromkeys(one.fold for one in own)]
        figures = (fmean(by_seed), min(by_seed), max(by_seed), min(by_fold))
        mean, low, high, worst = (f"{100 * figure:.1f} %" for figure in figures)
        rows.append((row, mean, f"{low} – {high}", worst))
    return rows


ACCURACY_COLUMNS = ("", "accuracy", "lowest and highest seed", "worst fold")


def _accuracy(runs: Sequence[Run], **which: Any) -> float:
    chosen = [one for one in runs if all(getattr(one, key) == which[key] for key in which)]
    return sum(one.hits for one in chosen) / sum(one.of for one in chosen)


def recorded(name: str, sources: dict[str, Sequence[str]]) -> Dataset:
    """A data set of real recordings of $TINYGESTURE_DATA: of each folder, files of these labels."""
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


def command(measure: Callable[[Asked], list[Table]]) -> None:
    """Run a benchmark as a program; its name is that of its file, its help that of its module."""
    name = Path(measure.__code__.co_filename).stem

    @click.command(name, help=measure.__doc__)
    @click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
    @click.option("--seeds", default=SEEDS, show_default=True, help="How often, from seed 0.")
    @click.option("--document", is_flag=True, help=f"Write the tables into docs/{DOCUMENT.name}.")
    @click.option("--json", "as_json", is_flag=True, help="Every run as a JSON line on stdout.")
    def program(folders: tuple[Path, ...], seeds: int, document: bool, as_json: bool) -> None:
        out = Output(as_json)
        with stages(out) as advance:
            tables = measure(Asked(name, folders, range(seeds), out, advance))
        text = "\n".join(table.markdown() for table in tables)
        out.say(f"\n{text}")
        if document:
            whole = with_section(DOCUMENT.read_text("utf-8"), name, text)
            write_atomically(DOCUMENT, whole.encode())

    run(lambda: program, name)


def with_section(document: str, name: str, text: str) -> str:
    """The document with `text` between the markers of this benchmark."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = document.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{text}\n{end}{after}"

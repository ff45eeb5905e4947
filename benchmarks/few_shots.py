"""How many recordings of a new person does a model need?"""

from collections.abc import Sequence
from dataclasses import replace

from common import Asked, Table, command, described
from forest import forest
from leave_one_out import four_people
from methods import PEER, Method, Prediction, Run, Task, by_seed, runs, spread
from networks import TITLES, in_int8, trained

from tinygesture.dataset import Entry, Split
from tinygesture.dataset.folds import leave_one_out
from tinygesture.dataset.splits import in_order
from tinygesture.errors import UserError
from tinygesture.training.adapt import Adaptation, adapt
from tinygesture.training.calibration import calibrate
from tinygesture.training.examples import Example, load
from tinygesture.training.fit import Settings

SHOTS = (0, 1, 3, 5)  # recordings of each gesture
ADAPTATION = Adaptation()


def adapted(task: Task, seed: int, arch: str, settings: Settings) -> Prediction:
    """As `train-and-export --base` does it."""
    base, _ = calibrate(trained(task, seed, arch, settings), task.validation)
    recordings = [example.counts for example in task.test]
    answers = {}
    for shots in SHOTS:
        fitted, seen = base, task.train
        if shots:
            seen = first(task, shots)
            fitted, _ = calibrate(adapt(base, seen, seed, ADAPTATION), seen)
        answers[_row(f"{TITLES[arch]}, int8", shots)] = in_int8(fitted, seen, recordings)
    return answers


def informed_forest(task: Task, seed: int) -> Prediction:
    """It learns from everybody's recordings alike."""
    answers = {}
    for shots in SHOTS:
        informed = replace(task, train=[*task.train, *first(task, shots)])
        answers |= {_row(row, shots): given for row, given in forest(informed, seed).items()}
    return answers


METHODS = (
    Method(adapted, {"arch": "gru", "settings": Settings()}),
    Method(adapted, {"arch": "conv1d", "settings": Settings()}),
    Method(informed_forest, code=PEER),
)


def few_shots(asked: Asked) -> list[Table]:
    """A few recordings of a new person: models of the others, before and after they are adapted.

    FOLDERS: data sets; without them, punch and flex of four people in $TINYGESTURE_DATA.
    """
    dataset = asked.dataset(four_people)
    folds = with_shots(leave_one_out(dataset.entries))
    found = runs(asked, dataset, folds, METHODS)
    protocol = (
        f"{described(dataset)} Each person who recorded every gesture ({len(folds)} of them) is "
        "new in turn. Models of the others are adapted with "
        "the first recordings of each gesture by the new person (`train-and-export --base NAME "
        "--shots N`), and tested, before and after, on the same recordings: those after the first "
        f"{max(SHOTS)} of each gesture. The forest learns anew from the others' recordings and the "
        f"new ones. Accuracy: recordings named rightly, of all people together, as the mean over "
        f"{len(asked.seeds)} seeds, in brackets the lowest and highest seed."
    )
    columns = ("recordings of each gesture", *map(str, SHOTS))
    title = f"A few recordings of a new person: {dataset.path.name}"
    return [Table(title, protocol, columns, table(found))]


def with_shots(folds: Sequence[Split]) -> list[Split]:
    """Those folds whose new person can give SHOTS of every gesture, tested on what follows them.

    Raises UserError where there is none.
    """
    chosen = []
    for fold in folds:
        labels = sorted({entry.label for entry in fold.train})
        rest = [_of(fold.test, label)[max(SHOTS) :] for label in labels]
        if all(rest):
            chosen.append(replace(fold, test=[entry for part in rest for entry in part]))
    if not chosen:
        raise UserError(
            f"Nobody recorded every gesture more than {max(SHOTS)} times, which it takes to adapt "
            "a model to them and to test the result. Record more of each."
        )
    return chosen


def first(task: Task, shots: int) -> list[Example]:
    """The new person's first recordings of each gesture, none of which is tested."""
    [person] = {entry.person for entry in task.split.test}
    own = [e for e in task.dataset.entries if e.person == person and e not in task.split.test]
    chosen = [e for label in task.labels for e in _of(own, label)[:shots]]
    return load(task.dataset, chosen, task.labels)


def _of(entries: Sequence[Entry], label: str) -> list[Entry]:
    return [entry for entry in in_order(entries) if entry.label == label]


def _row(title: str, shots: int) -> str:
    return f"{title} after {shots}"


def table(found: Sequence[Run]) -> list[tuple[str, ...]]:
    """Of each method the accuracy after each number of SHOTS."""
    titles = dict.fromkeys(one.row.rpartition(" after ")[0] for one in found)
    return [
        (title, *(spread(by_seed(found, _row(title, shots))) for shots in SHOTS))
        for title in titles
    ]


if __name__ == "__main__":
    command(few_shots)

"""How well does a model know somebody whom it has never met?"""

from common import ROOT, Asked, Table, command, described, recorded
from methods import COLUMNS, COLUMNS_MEAN, rows, runs
from within_person import METHODS

from tinygesture.dataset import Dataset
from tinygesture.dataset.folds import leave_one_out as leaving_one_out

PEOPLE = {
    "martinlindholdt": ("punch", "flex"),
    "chiahong95": ("punch", "flex"),
    "ranjith-ms": ("punch", "flex"),
    "adamclarkstandke": ("punch",),
}


def leave_one_out(asked: Asked) -> list[Table]:
    """Leave one person out: each person in turn is the test of models that have not met them.

    FOLDERS: data sets; without them, punch and flex of four people in $TINYGESTURE_DATA, and the
    synthetic people of data/.
    """
    if asked.folders:
        return [_table(asked, asked.dataset(four_people))]
    return [_table(asked, four_people()), _table(asked, Dataset.open(ROOT / "data"))]


def four_people() -> Dataset:
    return recorded("punch_and_flex", PEOPLE)


def _table(asked: Asked, dataset: Dataset) -> Table:
    found = runs(asked, dataset, leaving_one_out(dataset.entries), METHODS)
    protocol = (
        f"{described(dataset)} Each person is tested once, by a model that has seen nothing of "
        "theirs. Of the others our networks hold 15 % back as validation (people where there are "
        f"enough, else recordings), and the peers learn from all. {COLUMNS_MEAN} "
        f"{len(asked.seeds)} seeds; the worst fold is the person who is recognised worst."
    )
    return Table(f"Leave one person out: {dataset.path.name}", protocol, COLUMNS, rows(found))


if __name__ == "__main__":
    command(leave_one_out)

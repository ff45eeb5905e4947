"""How well does a model know the people it was trained on?"""

from common import Asked, Table, command, described, recorded
from forest import forest
from methods import COLUMNS, COLUMNS_MEAN, PEER, Method, rows, runs
from networks import network
from tutorial import tutorial

from tinygesture.dataset.folds import FOLDS, consecutive_folds
from tinygesture.training.fit import Settings

SOURCES = {"martinlindholdt": ("circ", "flex", "hori", "punch", "vert")}
METHODS = (
    Method(network, {"arch": "gru", "settings": Settings()}),
    Method(network, {"arch": "conv1d", "settings": Settings()}),
    Method(forest, code=PEER),
    Method(tutorial, code=PEER),
)


def within_person(asked: Asked) -> list[Table]:
    """Within person: folds of consecutive recordings, our networks against a random forest and the
    dense network of Arduino's tutorial.

    FOLDERS: data sets; without them, martinlindholdt's of $TINYGESTURE_DATA.
    """
    dataset = asked.dataset(lambda: recorded("martinlindholdt", SOURCES))
    found = runs(asked, dataset, consecutive_folds(dataset.entries), METHODS)
    protocol = (
        f"{described(dataset)} {FOLDS} folds of consecutive recordings of each label: each "
        "recording is tested once, by a model that has seen none of its block. Of the others our "
        "networks hold a block of 15 % back as validation, and the peers learn from all. "
        f"{COLUMNS_MEAN} {len(asked.seeds)} seeds. int8: by TensorFlow Lite Micro, bit for bit "
        "what a board computes."
    )
    return [Table(f"Within person: {dataset.path.name}", protocol, COLUMNS, rows(found))]


if __name__ == "__main__":
    command(within_person)

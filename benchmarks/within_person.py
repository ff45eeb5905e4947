"""How well does a model know the people it was trained on?"""

from common import ACCURACY_COLUMNS, Asked, Method, Table, accuracy_rows, command, recorded
from forest import forest
from networks import network
from tutorial import tutorial

from tinygesture.dataset.folds import FOLDS, consecutive_folds
from tinygesture.training.fit import Settings

SOURCES = {"martinlindholdt": ("circ", "flex", "hori", "punch", "vert")}

PEER = ("contract.py", "dataset")  # of the package, what peers depend on


def methods(settings: Settings) -> list[Method]:
    """Ours, and what others would do."""
    return [
        Method(network, {"arch": "gru", "settings": settings}),
        Method(network, {"arch": "conv1d", "settings": settings}),
        Method(forest, code=PEER),
        Method(tutorial, code=PEER),
    ]


def within_person(asked: Asked) -> list[Table]:
    """Within person: folds of consecutive recordings, ours against a random forest and the
    tutorial's dense network.

    FOLDERS: data sets; without them, the recordings of martinlindholdt in $TINYGESTURE_DATA.
    """
    dataset = asked.dataset(lambda: recorded("martinlindholdt", SOURCES))
    folds = consecutive_folds(dataset.entries)
    runs = asked.runs(dataset, folds, methods(Settings()))
    people = {entry.person for entry in dataset.entries}
    protocol = (
        f"{len(dataset.entries)} recordings of {len(dataset.labels)} gestures "
        f"({', '.join(dataset.labels)}) by {len(people)} "
        f"{'person' if len(people) == 1 else 'people'}. {FOLDS} folds of consecutive recordings of "
        "each label: each recording is tested once, by a model that has seen none of its block. Of "
        "the others, our networks hold 15 % back as validation, in one block, and the peers learn "
        f"from all. {len(asked.seeds)} seeds; accuracy is that of all folds together, per "
        "recording. int8: by TensorFlow Lite Micro, bit for bit what the board computes."
    )
    title = f"Within person: {dataset.path.name}"
    return [Table(title, protocol, ACCURACY_COLUMNS, accuracy_rows(runs))]


if __name__ == "__main__":
    command(within_person)

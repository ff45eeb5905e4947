"""What a model may be, checked before anything is written."""

from collections import Counter
from collections.abc import Sequence

from tinygesture.dataset import Dataset, check_name
from tinygesture.errors import UserError
from tinygesture.training.background import with_background

MIN_LABELS, MAX_LABELS = 2, 16
LABELS_BYTES = 320  # all names together: they travel in one message of the link
MIN_RECORDINGS = 4  # of each label

FLASH_BYTES = 983_040 - 200_000  # what the firmware leaves
RAM_BYTES = 262_144 - 98_304


def check_data_set(dataset: Dataset) -> None:
    """Raises UserError for recordings that no model for the board can be made of."""
    dataset.require_recordings()
    check_labels(dataset.labels)
    check_counts(Counter(entry.label for entry in dataset.entries))


def check_labels(recorded: Sequence[str]) -> None:
    """Raises UserError for a number of labels or names that the firmware cannot hold.

    recorded: the labels of a data set, to which training adds a background.
    """
    labels = with_background(recorded)
    if len(recorded) < MIN_LABELS:
        raise UserError(
            f"There is one label only ({recorded[0]}), so there is nothing to tell apart. "
            "Record another gesture, or rest, into the same data set."
        )
    if len(labels) > MAX_LABELS:
        raise UserError(
            f"There are {len(recorded)} labels, and the firmware holds at most {MAX_LABELS}, one "
            "of which is background. Train on a data set with fewer."
        )
    size = sum(len(label.encode()) + 1 for label in labels)
    if size > LABELS_BYTES:
        raise UserError(
            f"The names of the labels are too long together ({size} bytes of {LABELS_BYTES}). "
            "Use shorter names."
        )


def check_model_name(name: str) -> None:
    """Raises UserError for a name that cannot be a folder and text on the board."""
    check_name(name, "model")


def check_counts(counts: dict[str, int]) -> None:
    """Raises UserError for a label with too few recordings."""
    few = [f"{label} ({n})" for label, n in sorted(counts.items()) if n < MIN_RECORDINGS]
    if few:
        raise UserError(
            f"There are too few recordings of {', '.join(few)}: training needs at least "
            f"{MIN_RECORDINGS} of each label, and 10 or more to be good. Record more with capture."
        )


def check_ports(inputs: int, outputs: int) -> None:
    """Raises UserError for a model that takes or gives more than one tensor besides its state."""
    if (inputs, outputs) != (1, 1):
        raise UserError(
            f"Besides its state the model has {inputs} inputs and {outputs} outputs, and the "
            "firmware takes one of each: say what is carried on from inference to inference "
            "(an architecture's state, or --state INPUT=OUTPUT), or export another model."
        )


def check_flash(model_bytes: int) -> None:
    """Raises UserError for a model that does not fit the flash beside the firmware."""
    if model_bytes > FLASH_BYTES:
        raise _too_large(f"{model_bytes:,}", "flash", FLASH_BYTES)


def check_ram(arena_bytes: int | None) -> int:
    """The arena's size if it fits the RAM, else UserError; None: larger than any tried."""
    if arena_bytes is None or arena_bytes > RAM_BYTES:
        needed = "more than that" if arena_bytes is None else f"{arena_bytes:,}"
        raise _too_large(needed, "RAM", RAM_BYTES)
    return arena_bytes


def _too_large(needed: str, memory: str, limit: int) -> UserError:
    return UserError(
        f"The model is too large for the board: beside the firmware there are {limit:,} bytes of "
        f"{memory}, and it needs {needed}. Choose a smaller architecture."
    )

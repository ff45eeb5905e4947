"""From a bundle and a few recordings of somebody new to a bundle for them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tinygesture.dataset import Dataset, Entry, Split
from tinygesture.errors import UserError
from tinygesture.evaluation.metrics import recording_label
from tinygesture.evaluation.statistics import proportion
from tinygesture.export import limits
from tinygesture.export.bundle import Bundle
from tinygesture.export.detection import Aim
from tinygesture.export.manifest import provenance
from tinygesture.export.pipeline import (
    TEST,
    Material,
    Result,
    background_of,
    export_fitted,
    noted,
)
from tinygesture.export.restore import restore
from tinygesture.export.tflm import Tflm
from tinygesture.training.adapt import Adaptation, adapt
from tinygesture.training.examples import Example, load
from tinygesture.training.fit import Progress

BRIEF = Aim(choice_hours=1.0, test_hours=0.5)  # somebody waits, and the base knows background


def adapt_and_export(
    base: Bundle,
    dataset: Dataset,
    name: str,
    models_dir: Path,
    shots: int | None = None,
    subject: str | None = None,
    seed: int = 0,
    progress: Progress = lambda stage, done, total: None,
    settings: Adaptation | None = None,
    aim: Aim = BRIEF,
) -> Result:
    """Adapt the base to the one person of a data set, and write models_dir/name.

    The first `shots` recordings of each label adapt it, those after them are the test; without
    `shots`, all but a test share adapt it. The manifest's "adaptation" has the int8 accuracies of
    base and result on that test, which neither has seen. Raises UserError for a data set, name or
    base that will not do; nothing is written then.
    """
    limits.check_model_name(name)
    dataset.require_recordings()
    who, entries = _of_one(dataset, subject)
    parts = divide(entries, base, who, shots)
    settings = settings or Adaptation()
    known, test = (load(dataset, part, base.labels) for part in (parts.train, parts.test))
    before = _right(base, test, progress)
    fitted = adapt(restore(base), known, seed, settings, progress)
    origin = {
        "background": background_of(fitted, settings.background_minutes),
        **provenance(dataset, parts, fitted.architecture, seed, settings),
    }
    origin["data"]["seen"] = sorted({*origin["data"]["seen"], *(base.seen or ())})
    material = Material(parts, known, [], test)
    result = export_fitted(fitted, material, name, models_dir, origin, progress, aim)
    after = round(result.int8_accuracy * len(test))
    adaptation = {
        "base": base.name,
        "base_model_id": base.model_id,
        "subject": who,
        "shots": shots,
        "recordings": len(known),
        "test": len(test),
        "before": asdict(proportion(before, len(test))),
        "after": asdict(proportion(after, len(test))),
    }
    return noted(result, models_dir, {"adaptation": adaptation})


def _of_one(dataset: Dataset, subject: str | None) -> tuple[str, list[Entry]]:
    """The subject, and their recordings, in the order in which they were made."""
    subjects = sorted({entry.subject for entry in dataset.entries})
    if subject is None and len(subjects) > 1:
        raise UserError(
            f"{dataset.path} has recordings of {len(subjects)} people ({', '.join(subjects)}), and "
            "a model is adapted to one of them. Say to whom with --subject."
        )
    who = subjects[0] if subject is None else subject
    if who not in subjects:
        raise UserError(
            f"{dataset.path} has no recordings of {who!r}. There are those of: "
            f"{', '.join(subjects)}."
        )
    entries = [entry for entry in dataset.entries if entry.subject == who]
    return who, sorted(entries, key=lambda entry: (entry.recorded_at, entry.file))


def divide(entries: Sequence[Entry], base: Bundle, who: str, shots: int | None) -> Split:
    """Of each label the first recordings adapt the base, the others are the test, but for those
    that the base has learned from.

    Raises UserError for labels that the base does not know, and where there is too little.
    """
    counts = Counter(entry.label for entry in entries)
    if unknown := sorted(set(counts) - set(base.recorded)):
        raise UserError(
            f"The model {base.name} does not know {', '.join(unknown)}, and adapting adds no "
            f"labels: it knows {', '.join(base.recorded)}. Leave those recordings out, or train "
            "a new model on everybody's recordings."
        )
    needed = (shots or 1) + 1
    if few := [label for label in base.recorded if counts[label] < needed]:
        said = ", ".join(f"{label} ({counts[label]})" for label in few)
        raise UserError(
            f"There are too few recordings by {who} of {said}: it takes {needed - 1} of each label "
            f"to adapt and one more to see what it was worth. Record at least {needed} of each."
        )
    seen = base.seen or ()
    train: list[Entry] = []
    test: list[Entry] = []
    for label in base.recorded:
        own = [entry for entry in entries if entry.label == label]
        kept = shots or len(own) - max(round(TEST * len(own)), 1)
        train += own[:kept]
        test += [entry for entry in own[kept:] if entry.id not in seen]
    if not test:
        raise UserError(
            f"The model {base.name} has learned from those recordings of {who} that would be the "
            "test, so they cannot show what adapting it is worth. Adapt it to somebody it has not "
            f"met, or record more by {who}."
        )
    description = (
        f"in the order recorded: the first {len(train)} recordings of {who} adapted the model "
        f"{base.name}, and the {len(test)} after them are the test"
    )
    return Split(train, [], test, "block", description)


def _right(bundle: Bundle, test: Sequence[Example], progress: Progress) -> int:
    """How many of these recordings the bundle's int8 model labels rightly."""
    tflm = Tflm(bundle.model, bundle.state)
    hits = 0
    for done, example in enumerate(test):
        rows = tflm.answer(example.counts, bundle.quantisation, bundle.window, bundle.hop)
        hits += recording_label(rows, len(bundle.recorded)) == example.label
        progress("measuring the base", done + 1, len(test))
    return hits

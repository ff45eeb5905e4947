"""Our own networks, in float and as the int8 model that a board runs."""

import pickle
from collections.abc import Sequence
from dataclasses import replace

import common
from methods import Prediction, Task, ids

from tinygesture.contract import Int16
from tinygesture.dataset.files import write_atomically
from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.fine_tune import fine_tuned
from tinygesture.export.manifest import code_hash, data_hash
from tinygesture.export.quantise import quantise
from tinygesture.export.tflm import Tflm
from tinygesture.training.architectures import architecture
from tinygesture.training.calibration import calibrate
from tinygesture.training.examples import Example
from tinygesture.training.fit import Fitted, Settings, fit
from tinygesture.training.predict import predict
from tinygesture.training.weights import from_npz, to_npz

TITLES = {"gru": "GRU", "conv1d": "Conv1D"}
# Of the package, what shapes weights.
OF_TRAINING = ("contract.py", "dataset", "synth", "training", "export/fine_tune.py")


def network(task: Task, seed: int, arch: str, settings: Settings) -> Prediction:
    """As `train-and-export` makes and measures it."""
    fitted, _ = calibrate(trained(task, seed, arch, settings), task.validation)
    recordings = [example.counts for example in task.test]
    in_float = predict(fitted, recordings)
    return {
        f"{TITLES[arch]}, float": [recording_label(rows, fitted.recorded) for rows in in_float],
        f"{TITLES[arch]}, int8": in_int8(fitted, task.train, recordings),
    }


def trained(task: Task, seed: int, arch: str, settings: Settings) -> Fitted:
    """A model trained on a task, and fine-tuned for int8 where it must be; by an earlier run, where
    code, recordings and settings are equal.

    Several benchmarks ask for the same models, and training is what takes time.
    """
    form = architecture(arch)
    learned = ids(task.split.train, task.split.validation)
    code, data = code_hash(OF_TRAINING), data_hash(task.dataset)
    key = common.key(code, data, learned, seed, repr((form, settings)))
    path = common.SCRATCH / "trained" / key
    if not path.exists():
        fitted = fit(task.train, task.validation, task.labels, form, seed, settings)
        fitted, _ = fine_tuned(fitted, task.train, task.validation, seed, settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, pickle.dumps(replace(fitted, model=to_npz(fitted.model))))
    kept: Fitted = pickle.loads(path.read_bytes())
    return from_npz(kept.model, form, kept.labels, kept.quantisation, kept.recorded)


def in_int8(fitted: Fitted, training: Sequence[Example], recordings: Sequence[Int16]) -> list[int]:
    """The label of each recording, by the quantised model in TensorFlow Lite Micro."""
    form = fitted.architecture
    tflm = Tflm(quantise(fitted, training), form.state)
    answers = [
        tflm.answer(counts, fitted.quantisation, form.window, form.hop) for counts in recordings
    ]
    return [recording_label(rows, fitted.recorded) for rows in answers]

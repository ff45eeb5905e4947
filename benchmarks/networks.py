"""Our own networks, in float and as the int8 model that a board runs."""

from methods import Prediction, Task

from tinygesture.evaluation.metrics import recording_label
from tinygesture.export.quantise import quantise
from tinygesture.export.tflm import Tflm
from tinygesture.training.architectures import architecture
from tinygesture.training.examples import pad
from tinygesture.training.fit import Settings, fit
from tinygesture.training.predict import predict

TITLES = {"gru": "GRU", "conv1d": "Conv1D"}


def network(task: Task, seed: int, arch: str, settings: Settings) -> Prediction:
    """As `train-and-export` makes and measures it."""
    fitted = fit(task.train, task.validation, task.labels, architecture(arch), seed, settings)
    model, form = quantise(fitted, task.train), fitted.architecture
    tflm = Tflm(model, form.state)
    recordings = [example.counts for example in task.test]
    shown = [fitted.quantisation.quantise(pad(counts, form.window)) for counts in recordings]
    in_int8 = [tflm.run(x, form.window, form.hop) for x in shown]
    known = fitted.recorded
    title = TITLES.get(arch, arch)
    return {
        f"{title}, float": [recording_label(rows, known) for rows in predict(fitted, recordings)],
        f"{title}, int8": [recording_label(rows, known) for rows in in_int8],
    }

"""The peer that everybody begins with: the dense network of Arduino's gesture tutorial.

119 rows of raw samples, made 0..1 and laid in one line, into layers of 50 and 15: trained as there,
600 epochs of single recordings, RMSprop, mean squared error, no augmentation.
"""

from collections.abc import Sequence

import numpy as np
from methods import Prediction, Task

from tinygesture.contract import to_units
from tinygesture.dataset import Dataset, Entry
from tinygesture.training.backend import tensorflow
from tinygesture.training.examples import Float32

ROWS = 119
RANGES = (4, 4, 4, 2000, 2000, 2000)  # g and °/s, either way
EPOCHS = 600


def tutorial(task: Task, seed: int, epochs: int = EPOCHS) -> Prediction:
    """There, validation recordings change nothing; here, they are learned from instead."""
    entries = [*task.split.train, *task.split.validation]
    x, y = _inputs(task.dataset, entries), [task.labels.index(entry.label) for entry in entries]
    keras = tensorflow().keras
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.layers.Input((ROWS * 6,)),
            keras.layers.Dense(50, activation="relu"),
            keras.layers.Dense(15, activation="relu"),
            keras.layers.Dense(len(task.labels), activation="softmax"),
        ]
    )
    model.compile("rmsprop", "mse", steps_per_execution=len(x))
    model.fit(x, np.eye(len(task.labels))[y], batch_size=1, epochs=epochs, verbose=0)
    answers = model.predict(_inputs(task.dataset, task.split.test), verbose=0)
    return {"dense network of the tutorial": answers.argmax(axis=1).tolist()}


def _inputs(dataset: Dataset, entries: Sequence[Entry]) -> Float32:
    """The first ROWS samples as they were recorded; the last one is held in shorter recordings."""
    rows = []
    for entry in entries:
        units = to_units(dataset.load(entry).counts[:ROWS])
        units = np.pad(units, ((0, ROWS - len(units)), (0, 0)), mode="edge")
        rows.append(((units / RANGES + 1) / 2).ravel())
    return np.array(rows, np.float32)

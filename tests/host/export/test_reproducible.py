"""Same data, configuration, seed and versions: the same model, in another process too."""

import subprocess
import sys

CODE = """
import sys, tempfile
from pathlib import Path
from tinygesture.dataset import Dataset
from tinygesture.export.detection import Aim
from tinygesture.export.pipeline import train_and_export
from tinygesture.training.architectures.gru import Gru
from tinygesture.training.fit import Settings
dataset = Dataset.open(Path(sys.argv[1]))
settings = Settings(epochs=1, passes=1, background_minutes=1)
folder = Path(tempfile.mkdtemp())
aim, seed = Aim(choice_hours=0.02, test_hours=0.02), int(sys.argv[2])
result = train_and_export(dataset, Gru(), "x", folder, seed, settings=settings, aim=aim)
print(result.bundle.model_id)
"""


def model_id(dataset, seed: int) -> str:
    command = [sys.executable, "-c", CODE, str(dataset.path), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_model_id_is_reproducible(synthetic):
    first = model_id(synthetic, 3)
    assert len(bytes.fromhex(first)) == 8
    assert model_id(synthetic, 3) == first
    assert model_id(synthetic, 4) != first

"""Same data, configuration, seed and versions: the same model, in another process too."""

import subprocess
import sys

CODE = """
import sys, tempfile
from pathlib import Path
from conftest import BRIEF, CASUAL
from tinygesture.dataset import Dataset
from tinygesture.export.pipeline import train_and_export
from tinygesture.training.architectures import architecture
dataset, arch = Dataset.open(Path(sys.argv[1])), architecture(sys.argv[2])
folder = Path(tempfile.mkdtemp())
result = train_and_export(dataset, arch, "brief", folder, settings=BRIEF, aim=CASUAL)
print(result.bundle.model_id)
"""


def test_another_process_makes_the_same_model(exported, request):
    """That another seed makes another one is in training/test_fit.py."""
    bundle = exported.result.bundle
    assert len(bytes.fromhex(bundle.model_id)) == 8
    command = [sys.executable, "-c", CODE, str(exported.dataset.path), bundle.arch]
    done = subprocess.run(command, capture_output=True, text=True, cwd=request.path.parent)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == bundle.model_id

"""Several programs with one data set: nobody loses anything, and nobody sees half of it."""

import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from test_changes import agrees

from tinygesture.dataset import Dataset
from tinygesture.dataset.folder import alone
from tinygesture.dataset.importing.importer import import_into
from tinygesture.dataset.repair import repair
from tinygesture.errors import UserError
from tinygesture.synth import make_dataset

WRITER = textwrap.dedent(
    """
    import sys
    from test_store import make_recording
    from tinygesture.dataset import Dataset
    dataset = Dataset.open(sys.argv[1])
    for seed in range(15):
        dataset.add(make_recording("abc"[seed % 3], sys.argv[2], seed=seed))
    """
)


def test_writers_and_a_reader(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = Dataset.create(tmp_path / "d").path
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], env=environment)
        for name in ("anna", "ben")
    ]
    while any(writer.poll() is None for writer in writers):
        seen = Dataset.open(path)
        for entry in seen.entries[-3:]:
            seen.load(entry)
        time.sleep(0.01)
    assert [writer.returncode for writer in writers] == [0, 0]
    dataset = agrees(Dataset.open(path))
    assert len(dataset.entries) == 30
    assert caplog.text == ""
    assert repair(path) == []


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Dataset.create(tmp_path / "d").path
    program = (
        "import sys, time; from pathlib import Path; from tinygesture.dataset.folder import alone\n"
        "with alone(Path(sys.argv[1])): print('locked', flush=True); time.sleep(60)"
    )
    monkeypatch.setattr("tinygesture.dataset.folder.LOCK_TIMEOUT_S", 0.1)
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(UserError, match=r"Another program has been writing to .* for 0\.1 s"):
            repair(path)
        other.kill()
    assert repair(path) == []


def test_two_imports_of_the_same_files_at_once(tmp_path: Path) -> None:
    make_dataset(tmp_path / "other", ["circle"], [1], 3)
    loose = shutil.copytree(tmp_path / "other" / "recordings" / "circle", tmp_path / "loose")
    path = Dataset.create(tmp_path / "d").path
    program = (
        "import sys; from pathlib import Path\n"
        "from tinygesture.dataset.importing.importer import import_into\n"
        "print('begun', flush=True)\n"
        "import_into(Path(sys.argv[1]), [Path(sys.argv[2])])"
    )
    with alone(path):
        other = subprocess.Popen(
            [sys.executable, "-c", program, str(path), str(loose)], stdout=subprocess.PIPE
        )
        assert other.stdout is not None
        other.stdout.readline()
        time.sleep(0.5)  # it waits for the lock by now
        assert import_into(path, [loose]).recordings == 3
    other.communicate(timeout=20)
    assert other.returncode == 0
    assert len(agrees(Dataset.open(path)).entries) == 3

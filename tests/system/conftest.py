"""The installed commands, in a clone of their own, with firmware built for the virtual boards."""

import json
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from clone import Clone, Done, runnable
from filelock import FileLock

from tinygesture.boards import VIRTUAL_BOARDS
from tinygesture.cli.trial import missing_tools
from tinygesture.synth import make_dataset

LABELS = ("circle", "punch", "rest")

# A run in the background of a shell ignores Ctrl-C, one under nohup the end of its terminal, and so
# would the commands that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One test begins by training the model that many share; those that need none come next, so
    that nobody waits for it."""
    needing = [item for item in items if "trained" in getattr(item, "fixturenames", ())]
    others = [item for item in items if item not in needing]
    items[:] = [*needing[:1], *others, *needing[1:]]


@pytest.fixture(scope="session")
def flashed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clone, dict[str, Done]]:
    """A clone whose virtual boards have firmware without a model, and what flashing them said."""
    clone = Clone(tmp_path_factory.mktemp("clone"))
    said = {}
    for board in runnable():
        said[board] = clone.run("tinygesture", "flash", "--board", board, "--json", timeout=120)
        assert said[board].status == 0, said[board].stderr
        clone.keep_image(board, "")
    return clone, said


@pytest.fixture(scope="session")
def clone(flashed: tuple[Clone, dict[str, Done]]) -> Clone:
    return flashed[0]


@pytest.fixture(params=list(VIRTUAL_BOARDS))
def board(request: pytest.FixtureRequest) -> str:
    """Every virtual board in turn, as far as it runs here."""
    if missing := missing_tools(VIRTUAL_BOARDS[request.param]):
        pytest.skip(f"sim://{request.param} needs {' and '.join(missing)}")
    return str(request.param)


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small data set."""
    path = tmp_path_factory.mktemp("data") / "synthetic"
    make_dataset(path, LABELS, subjects=[1, 2, 3, 4], count=4)
    return path


@pytest.fixture(scope="session")
def trained(clone: Clone, synthetic: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """train-and-export of the small data set to models/swing: once, for every worker."""
    pytest.importorskip("tensorflow")
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "trained"
    model = clone.root / "models" / "swing"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            train = ("train-and-export", str(synthetic), "--arch", "gru", "--name", "swing")
            brief = ("--set", "background_minutes=12", "--json")
            done = clone.run(*train, *brief, timeout=400)
            assert done.status == 0, done.stderr
            shutil.copytree(model, shared / "swing")
            (shared / "said.json").write_text(json.dumps(asdict(done)))
    if not model.exists():
        shutil.copytree(shared / "swing", model)
    return Done(**json.loads((shared / "said.json").read_text()))


@pytest.fixture(scope="session")
def swing(clone: Clone, trained: Done) -> dict[str, Done]:
    """models/swing flashed to every board that runs here, and what flashing said."""
    said = {}
    for board in runnable():
        said[board] = clone.run(
            "tinygesture", "flash", "swing", "--board", board, "--json", timeout=120
        )
        assert said[board].status == 0, said[board].stderr
        clone.keep_image(board, "swing")
    return said


@pytest.fixture(autouse=True)
def no_board_left_behind(clone: Clone) -> Iterator[None]:
    yield
    clone.wait_for_no_process()

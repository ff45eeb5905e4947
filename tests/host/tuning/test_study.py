"""Studies: shared, resumed, and what is the best of them."""

import subprocess
import sys

import numpy as np
import optuna
import pytest

from tinygesture.dataset import Dataset
from tinygesture.errors import UserError
from tinygesture.synth import make_dataset
from tinygesture.training.architectures import ARCHITECTURES
from tinygesture.training.fit import Settings
from tinygesture.tuning import search
from tinygesture.tuning.cost import Budget, Cost
from tinygesture.tuning.search import Problem, point, try_one, within
from tinygesture.tuning.space import SPACES
from tinygesture.tuning.study import begun, completed, front, open_storage, open_study

KINDS = ("gru", "conv1d")
BRIEF = Settings(epochs=1, passes=1, background_minutes=0.5)


@pytest.fixture(scope="module")
def problem(tmp_path_factory) -> Problem:
    folder = tmp_path_factory.mktemp("data") / "synthetic"
    make_dataset(folder, ["circle", "punch", "rest"], range(1, 5), 2, seed=1)
    return Problem(Dataset.open(folder), KINDS, 0, BRIEF)


@pytest.fixture
def quick(monkeypatch):
    """Costs and accuracies made up: nothing is trained."""

    def cost(arch, labels):
        weights = arch.units if arch.name == "gru" else sum(arch.filters)
        return Cost(1000 * weights, 100 * weights, 10 * weights)

    def accuracy(problem, arch, settings, report):
        return 1 - 1 / (10 + arch.parameters()["units" if arch.name == "gru" else "kernel"])

    monkeypatch.setattr(search, "cost", cost)
    monkeypatch.setattr(search, "_accuracy", accuracy)


def test_a_data_set_that_no_model_can_be_made_of_is_not_searched(tmp_path):
    make_dataset(tmp_path / "one", ["circle"], [1], 4)
    with pytest.raises(UserError, match="one label only"):
        Problem(Dataset.open(tmp_path / "one"), KINDS, 0, BRIEF)


def test_every_architecture_can_be_searched():
    assert set(SPACES) == set(ARCHITECTURES)


def begin(problem, where, seed=0) -> optuna.Study:
    return open_study(open_storage(str(where)), "s", problem.identity, seed)


@pytest.mark.parametrize("kind", ["file", "database"])
def test_a_study_is_gone_on_with(quick, problem, tmp_path, kind):
    where = tmp_path / "new" / "s.journal"
    if kind == "database":
        where = f"sqlite:///{(tmp_path / 's.db').as_posix()}"
    first = try_one(begin(problem, where), problem, Budget())
    again = begin(problem, where)
    second = try_one(again, problem, Budget())
    assert [trial.number for trial in completed(again)] == [first.number, second.number] == [0, 1]
    assert [point(trial, problem) for trial in completed(again)] == [first, second]


def test_the_seed_gives_the_points(quick, problem, tmp_path):
    def points(where: str, seed: int):
        study = begin(problem, tmp_path / where, seed)
        return [try_one(study, problem, Budget()).settings.learning_rate for _ in range(3)]

    first = points("a", 0)
    assert len(set(first)) == 3
    assert points("b", 0) == first
    assert points("c", 1) != first


def test_what_is_over_the_budget_is_not_trained(quick, problem, tmp_path):
    study = begin(problem, tmp_path / "s")
    budget = Budget(flash=5000)
    tried = [try_one(study, problem, budget) for _ in range(12)]
    over = [one for one in tried if one.over]
    assert over and len(over) < 12
    assert all((one.cost.flash > 5000) == (one.accuracy is None) for one in tried)
    assert all("bytes of flash" in one.over for one in over)
    assert len(completed(study)) == len(within(study, budget)) == 12 - len(over)
    assert within(study, Budget(ram=1)) == []


def test_a_search_in_which_nothing_fits_ends(quick, problem, tmp_path, monkeypatch):
    monkeypatch.setattr(search, "MAX_OVER", 3)
    study = begin(problem, tmp_path / "s")
    with pytest.raises(UserError, match=r"3 trials in a row .* bytes of flash .* raise the limits"):
        for _ in range(4):
            try_one(study, problem, Budget(instructions=1))
    assert len(study.trials) == 3


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_trial_that_is_stopped_does_not_count(quick, problem, tmp_path, monkeypatch, error):
    def stop(*arguments):
        raise error

    study = begin(problem, tmp_path / "s")
    with monkeypatch.context() as patched, pytest.raises(error):
        patched.setattr(search, "_accuracy", stop)
        try_one(study, problem, Budget())
    assert completed(study) == []
    assert study.trials[0].state == optuna.trial.TrialState.FAIL
    try_one(study, problem, Budget())
    assert len(completed(study)) == 1


def test_other_recordings_are_another_study(quick, problem, tmp_path):
    begin(problem, tmp_path / "s").ask()
    other = {"recordings": "another", "architectures": ["conv1d"], "seed": 9}
    said = (
        "searched with other recordings and architectures gru, conv1d and seed 0. .*another --name"
    )
    with pytest.raises(UserError, match=said):
        open_study(open_storage(str(tmp_path / "s")), "s", other, 0)


@pytest.mark.parametrize("where", ["nothing://x", "sqlite:////no/such/folder/x.db"])
def test_a_storage_that_cannot_be_opened(where):
    with pytest.raises(UserError, match="cannot be opened"):
        open_storage(where)


def test_the_front_has_what_nothing_beats():
    rng = np.random.default_rng(0)
    trials = [
        optuna.trial.create_trial(values=[a, i])
        for a, i in rng.integers(0, 12, (60, 2)).astype(float)
    ]
    best = front(trials)
    for trial in trials:
        a, i = trial.values
        beaten = any(
            b[0] >= a and b[1] <= i and b != trial.values for b in (t.values for t in trials)
        )
        assert ((a, i) in [tuple(t.values) for t in best]) == (not beaten)
    assert [t.values[1] for t in best] == sorted({t.values[1] for t in best})


WORKER = """
import sys, time
from pathlib import Path
from tinygesture.dataset import Dataset
from tinygesture.tuning import search
from tinygesture.tuning.cost import Budget, Cost
from tinygesture.tuning.study import open_storage, open_study
search.cost = lambda arch, labels: Cost(1, 1, 1)
search._accuracy = lambda *arguments: time.sleep(0.2) or 0.5
problem = search.Problem(Dataset.open(Path(sys.argv[1])), ("gru", "conv1d"), 0)
study = open_study(open_storage(sys.argv[2]), "s", problem.identity, 0)
for _ in range(3):
    print(search.try_one(study, problem, Budget()).number)
"""


def test_two_processes_share_a_study(problem, tmp_path):
    where = str(tmp_path / "s.journal")
    command = [sys.executable, "-c", WORKER, str(problem.dataset.path), where]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    numbers = [int(line) for process in running for line in process.communicate()[0].split()]
    assert [process.returncode for process in running] == [0, 0]
    assert sorted(numbers) == list(range(6))
    trials = completed(begin(problem, where))
    assert len({trial.params["learning_rate"] for trial in trials}) == len(trials) == 6


def test_a_torn_line_is_cut_off_and_the_search_goes_on(tmp_path):
    where = tmp_path / "s.journal"
    open_study(open_storage(str(where)), "s", {"seed": 0}, 0)
    whole = where.read_bytes()
    where.write_bytes(whole + b'{"op_code": 4, "wor')
    open_study(open_storage(str(where)), "s", {"seed": 0}, 0)
    study = open_study(open_storage(str(where)), "s", {"seed": 0}, 0)
    assert study.user_attrs["searched"] == {"seed": 0}
    assert where.read_bytes().startswith(whole) and b"wor{" not in where.read_bytes()


def test_a_study_without_a_trial_becomes_another(tmp_path):
    where = str(tmp_path / "s.journal")
    assert begun(where, "s") is None and not (tmp_path / "s.journal").exists()
    open_study(open_storage(where), "s", {"seed": 0}, 0)
    study = open_study(open_storage(where), "s", {"seed": 1}, 1)
    assert begun(where, "s") == {"seed": 1} and begun(where, "other") is None
    study.ask()
    with pytest.raises(UserError, match="searched with seed 1"):
        open_study(open_storage(where), "s", {"seed": 0}, 0)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"garbage\n", "Line 1 of .* is no record"),
        (b'{"a": 1}\n', "Line 1 of .* is no record"),
        (b"\xff\n", "Line 1 of .* is no record"),
        (b'{"op_code":0}\n[]\n', "Line 2 of .* is no record"),
        (b'{"op_code":0,"\n', "Line 1 of .* is no record"),
        (b"notes\nwithout an end", "Line 1 of .* is no record"),
        (b'{"one": "line without an end"}', "holds no study, and stays as it is"),
        (b"SQLite format 3\0\n\0\0", "is a database: name it as sqlite:///"),
        (b'{"op_code":0}\n', "its lines contradict each other"),
    ],
)
def test_a_file_that_is_no_study_is_left_as_it_is(tmp_path, content, words):
    where = tmp_path / "s.journal"
    where.write_bytes(content)
    with pytest.raises(UserError, match=words):
        open_storage(str(where))
    assert where.read_bytes() == content


def test_a_storage_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"Could not write .*file/s.journal"):
        open_storage(str(tmp_path / "file" / "s.journal"))


def test_a_search_goes_on_where_most_trials_are_over_the_budget(problem, quick, tmp_path):
    study = begin(problem, tmp_path / "s")
    for _ in range(14):
        assert try_one(study, problem, Budget(instructions=1)).over
    for _ in range(2):
        assert try_one(study, problem, Budget()).accuracy
    with pytest.raises(UserError, match="60 trials in a row were over the budget"):
        for _ in range(61):
            try_one(study, problem, Budget(instructions=1))

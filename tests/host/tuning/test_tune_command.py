"""What `tinygesture tune` says and chooses, with costs and accuracies made up."""

import shutil
from types import SimpleNamespace

import pytest
from test_study import problem, quick

from tinygesture import project
from tinygesture.cli import keeping
from tinygesture.cli.commands.tune import command
from tinygesture.errors import UserError
from tinygesture.tuning import search
from tinygesture.tuning.study import open_storage, open_study

__all__ = ["problem", "quick"]


@pytest.fixture
def tune(quick, problem, tmp_path, monkeypatch):
    """Runs the command on a study of that name in a file; exporting says which trial it is of."""
    monkeypatch.setattr(project, "root", lambda: tmp_path)
    exported = []
    monkeypatch.setattr(search, "export_point", lambda chosen, *_: exported.append(chosen.number))
    monkeypatch.setattr(keeping, "keep", lambda out, make: make(tmp_path, None))

    def run(*arguments: str) -> list[int]:
        given = [str(problem.dataset.path), "--name", "best", *arguments]
        command.main(given, standalone_mode=False)
        return exported

    return run


def test_a_trial_is_exported_without_saying_again_what_was_searched(tune):
    assert tune("--arch", "gru", "--trials", "3")
    assert tune("--trial", "1")[-1] == 1
    assert tune("--trials", "0")[-1] in (0, 1, 2)
    with pytest.raises(UserError, match=r"There are: 0, 1, 2\. Without --trial"):
        tune("--trial", "7")


def test_a_study_without_a_measured_trial_has_nothing_to_export(tune, problem, tmp_path):
    where = str(tmp_path / "best.journal")
    open_study(open_storage(where), "best", problem.identity, 0)
    with pytest.raises(UserError, match="The study best has no trial that was measured yet"):
        tune("--trials", "0", "--storage", where)
    with pytest.raises(UserError, match=r"no trial 99 that was measured\. There are: none yet"):
        tune("--trial", "99", "--storage", where)


def test_other_architectures_are_another_search(tune):
    tune("--arch", "gru", "--trials", "1")
    with pytest.raises(
        UserError, match=r"architectures gru.* give the same recordings, --arch and"
    ):
        tune("--trials", "2")


def test_a_trial_over_the_limits_is_not_exported(tune):
    exported = tune("--arch", "gru", "--trials", "1")
    with pytest.raises(UserError, match=r"Trial 0 is over the limits, with [\d,]+ bytes of flash"):
        tune("--trial", "0", "--max-flash", "100")
    assert len(exported) == 1


@pytest.mark.parametrize("option", [("--trial", "0"), ("--trials", "0")])
def test_what_does_not_search_begins_no_study(tune, tmp_path, option):
    with pytest.raises(UserError, match="There is no study best in"):
        tune(*option)
    assert not (tmp_path / ".tinygesture").exists()


def test_a_full_disk_is_found_before_the_search(tune, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(UserError, match="has room for 1 kB"):
        tune("--trials", "1")
    assert not (tmp_path / ".tinygesture" / "tune").exists()

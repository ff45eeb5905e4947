"""train-and-export --base and tune, as installed."""

import shutil

import pytest

from tinygesture.synth import make_dataset


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "newcomer"
    make_dataset(path, ("circle", "punch", "rest"), subjects=[41], count=5)
    return str(path)


@pytest.mark.timeout(600)  # the base's training is in it
def test_a_model_is_adapted_to_somebody_new(clone, trained, newcomer):
    command = ("train-and-export", newcomer, "--base", "swing", "--shots", "3", "--name", "theirs")
    try:
        done = clone.run(*command, "--json", timeout=300)
    finally:
        shutil.rmtree(clone.root / "models" / "theirs", ignore_errors=True)
    assert done.status == 0, done.stderr
    [said] = done.json
    assert said["labels"] == trained.json[0]["labels"]
    assert said["model_id"] != trained.json[0]["model_id"]
    adaptation = said["adaptation"]
    assert adaptation["after"]["value"] == said["int8_accuracy"]
    assert f"the {adaptation['test']} that it had not seen, the base has" in done.stderr


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--base", "swing", "--arch", "gru"], "leave --arch and --set out"),
        (["--base", "swing", "--set", "epochs=1"], "leave --arch and --set out"),
        (["--arch", "gru", "--set", "epochs=0"], "epochs takes a whole number from 1 to 1000"),
        (["--shots", "3", "--arch", "gru"], "--shots and --subject need --base"),
        ([], "takes --arch gru or --arch conv1d, an adapted model --base"),
        (["--base", "swing", "--name", "swing"], "would take the place of its base swing"),
        (["--base", "nobody"], "no model called 'nobody'"),
        (["--base", "swing", "--shots", "9"], "too few recordings"),
    ],
)
def test_what_does_not_fit_is_a_sentence(clone, trained, newcomer, arguments, words):
    done = clone.run("train-and-export", newcomer, "--name", "x", *arguments)
    assert done.status == 2
    assert words in " ".join(done.stderr.split())
    assert not (clone.root / "models" / "x").exists()


@pytest.mark.parametrize("option", [("--trial", "99"), ("--trials", "0")])
def test_what_was_not_searched_cannot_be_exported(clone, newcomer, option):
    done = clone.run("tinygesture", "tune", newcomer, "--name", "best", *option)
    assert done.status == 2
    assert "There is no study best in" in " ".join(done.stderr.split())
    assert not (clone.root / "models" / "best").exists()

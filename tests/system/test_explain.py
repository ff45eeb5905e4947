"""explain, of the model that the other tests train too."""

import pytest

from tinygesture.contract import CHANNELS
from tinygesture.synth import make_dataset


@pytest.fixture(scope="module")
def explained(clone, trained, synthetic, tmp_path_factory):
    page = tmp_path_factory.mktemp("explained") / "page.html"
    wanted = ("circle/1", "rest/2", "--data", str(synthetic), "--html", str(page))
    return clone.run("tinygesture", "explain", "swing", *wanted, "--json"), page


def test_each_recording_is_explained(explained, trained):
    done, page = explained
    assert done.status == 0, done.stderr
    circle, rest = done.json
    assert (circle["recording"], circle["actual"]) == ("circle/1", "circle")
    assert (rest["recording"], rest["model"], rest["arch"]) == ("rest/2", "swing", "gru")
    for said in (circle, rest):
        assert said["label"] in trained.json[0]["labels"]
        assert list(said["shares"]) == list(CHANNELS)
        explains = said["probability"] - said["baseline_probability"]
        assert sum(map(sum, said["attributions"])) == pytest.approx(explains, abs=0.02)
        assert abs(said["residue"]) < 0.01
        assert said["synthetic"] is True and said["int8_label"] in trained.json[0]["labels"]
        assert 0 < said["memory_ms"] <= 10 * len(said["units"])
        assert said["sentence"] in " ".join(done.stderr.split())
    assert "used by the last step" in done.stderr and "synthetic" in done.stderr
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_a_gesture_that_the_model_does_not_know_is_named_once(clone, trained, tmp_path):
    make_dataset(tmp_path / "other", ["wave"], [1], 2)
    given = ("wave/1", "wave/2", "--data", str(tmp_path / "other"))
    done = clone.run("tinygesture", "explain", "swing", *given)
    assert done.status == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert said.count("swing does not know wave, only circle, punch, rest") == 1


def test_what_is_not_there_is_said(clone, trained, synthetic):
    for name, recording, said in (
        ("swong", "circle/1", "no model called 'swong'"),
        ("swing", "circle/99", "There is no recording"),
        ("swing", "circle", "'circle' is a label"),
    ):
        done = clone.run("tinygesture", "explain", name, recording, "--data", str(synthetic))
        assert done.status == 2 and said in done.stderr and "Traceback" not in done.stderr

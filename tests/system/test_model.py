"""train-and-export, flash, watch, verify and evaluate, one after the other, with one model."""

import hashlib
import json
import shutil
import zipfile

import pytest

from budget import BUDGET
from tinygesture.boards import VIRTUAL_BOARDS
from tinygesture.cli.commands.train_and_export import command as train_and_export
from tinygesture.cli.trial import missing_tools
from tinygesture.dataset import Dataset
from tinygesture.export.bundle import Bundle, write_bundle
from tinygesture.export.pipeline import Result
from tinygesture.synth import make_dataset, parse_script, truth

MEASURED = {
    *("inference_us_min", "inference_us_median", "inference_us_max", "active", "stack_bytes"),
    "free_ram_bytes",
}


def test_train_and_export_reports_the_model(clone, trained):
    [said] = trained.json
    assert list(said) == [
        "model", "model_id", "arch", "labels", "float_accuracy", "int8_accuracy", "tflite_bytes",
        "tflm_arena_bytes", "golden", "report",
    ]  # fmt: skip
    assert said["model"] == "swing"
    assert said["arch"] == "gru"
    assert said["labels"] == ["circle", "punch", "rest", "background"]
    assert 0 <= said["float_accuracy"] <= 1
    assert 0 <= said["int8_accuracy"] <= 1
    tried = {name: None if missing_tools(kind) else True for name, kind in VIRTUAL_BOARDS.items()}
    assert said["golden"] == tried
    bundle = clone.root / "models" / "swing"
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert manifest["model_id"] == said["model_id"]
    assert manifest["golden"] == tried
    assert (bundle / "model.tflite").stat().st_size == said["tflite_bytes"]
    assert (bundle / "report.html").read_text("utf-8").startswith("<!doctype html>")
    assert "synthetic" in trained.stderr
    assert "split by subject" in trained.stderr


def test_nothing_but_the_bundle_is_left(clone, trained):
    assert [path.name for path in (clone.root / "models").iterdir()] == ["swing"]
    assert not list((clone.root / ".tinygesture").glob("trial-*"))


def test_flash_says_what_it_put_where(flashed, swing, trained, board):
    clone, without_model = flashed
    [said] = swing[board].json
    assert (said["board"], said["port"]) == (board, f"sim://{board}")
    assert (said["model"], said["model_id"]) == ("swing", trained.json[0]["model_id"])
    [empty] = without_model[board].json
    assert (empty["model"], empty["model_id"]) == (None, None)
    if board == "cm4":
        assert 0 < empty["flash_bytes"] < said["flash_bytes"] < 983_040
        assert 0 < said["ram_bytes"] < 262_144
    runs = {one["port"]: one["runs"] for one in clone.run("tinygesture", "boards", "--json").json}
    assert runs[f"sim://{board}"].endswith(f"model swing ({said['model_id']})")


@pytest.mark.skipif(bool(missing_tools(VIRTUAL_BOARDS["cm4"])), reason="no emulated Cortex-M4F")
def test_benchmark_counts_what_the_model_costs(clone, trained):
    done = clone.run("tinygesture", "benchmark", "swing", "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    assert said["instructions_per_inference"] > said["macs"] / 4
    assert set(said["flash_bytes"]) == {"code", "tables", "weights"}
    assert "FULLY_CONNECTED" in done.stderr


def test_watch_reports_the_gestures_of_a_script(clone, swing, board):
    script = ["circle", "punch", "circle", "punch", "circle", "punch"]
    intervals = list(truth(parse_script(",".join(script)), 2, 5))
    end_s = intervals[-1].end_us / 1e6
    port = clone.port(board, "swing", perform=",".join(script), subject=2, seed=5)
    done = clone.run("tinygesture", "watch", "--port", port, "--seconds", f"{end_s + 1}", "--json")
    assert done.status == 0, done.stderr
    assert len(done.json) >= 4
    for event in done.json:
        assert set(event) == {"label", "confidence", "start_s", "end_s"}
        assert event["label"] in ("circle", "punch")
        assert 0 < event["confidence"] <= 1
        assert 0 < event["start_s"] <= event["end_s"] <= end_s + 1.1
    # Events come while something is performed or just after, on the clock of the samples.
    during = [
        any(i.start_us / 1e6 <= event["end_s"] <= i.end_us / 1e6 + 0.6 for i in intervals)
        for event in done.json
    ]
    assert sum(during) >= len(during) - 1


def test_the_same_feed_gives_the_same_events_at_any_speed(clone, swing, board):
    def events(speed):
        port = clone.port(board, "swing", perform="circle,punch,circle", subject=3, speed=speed)
        done = clone.run("tinygesture", "watch", "--port", port, "--seconds", "8", "--json")
        assert done.status == 0, done.stderr
        return [event for event in done.json if event["end_s"] < 7.5]

    assert events(2) == events(0)


def test_watch_tells_people_how_to_get_a_model(clone, board):
    done = clone.run("tinygesture", "watch", "--port", clone.port(board), "--seconds", "1")
    assert done.status == 0
    assert "has no model" in done.stdout
    assert "0 samples lost" in done.stdout


def test_verify_proves_every_output(clone, swing, synthetic, board):
    port = clone.port(board, "swing")
    done = clone.run("tinygesture", "verify", "swing", "--port", port, "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    assert set(said) == {"vectors", "equal", *MEASURED}
    assert said["vectors"] == said["equal"] > 250
    measures_itself(said, board)
    recording = synthetic / Dataset.open(synthetic).entries[0].file
    more = clone.run(
        *("tinygesture", "verify", "swing", "--port", port, "--recording", str(recording))
    )
    assert more.status == 0, more.stderr


def test_export_writes_a_library_for_the_arduino_ide(clone, trained, tmp_path):
    out = tmp_path / "swing.zip"
    export = ("tinygesture", "export", "swing", "--arduino-library")
    done = clone.run(*export, "-o", str(out), "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    assert said["file"] == str(out)
    assert said["model_id"] == trained.json[0]["model_id"]
    with zipfile.ZipFile(out) as archive:
        assert len(archive.namelist()) == said["files"]
        assert {name.split("/")[0] for name in archive.namelist()} == {"TinyGesture"}
    refused = clone.run(*export, "-o", str(tmp_path / "swing.tar"))
    assert refused.status == 2
    assert "swing.tar.zip" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["swing.zip"]


def measures_itself(said, board):
    assert 0 <= said["inference_us_min"] <= said["inference_us_median"] <= said["inference_us_max"]
    assert 0 < said["inference_us_max"] < 1e6
    assert 0 <= said["active"] < 1
    if board == "cm4":
        assert 0 < said["stack_bytes"] <= BUDGET["stack"]["measured"]
        assert 150_000 < said["free_ram_bytes"] < 262_144
    else:
        assert said["stack_bytes"] is said["free_ram_bytes"] is None


def test_verify_finds_a_difference(clone, swing):
    """The board's outputs against golden vectors of which one count was changed."""
    changed = clone.root / "models" / "changed"
    shutil.copytree(clone.root / "models" / "swing", changed)
    try:
        golden = json.loads((changed / "golden.json").read_text())
        row = golden["sequences"][0]["probabilities"][3]
        row[0] += 1 if row[0] < 127 else -1
        (changed / "golden.json").write_text(json.dumps(golden))
        manifest = json.loads((changed / "manifest.json").read_text())
        content = (changed / "golden.json").read_bytes()
        manifest["files"]["golden.json"] = hashlib.sha256(content).hexdigest()
        (changed / "manifest.json").write_text(json.dumps(manifest))
        port = clone.port("native", "swing")
        done = clone.run("tinygesture", "verify", "changed", "--port", port, "--json")
    finally:
        shutil.rmtree(changed)
    assert done.status == 1
    [said] = done.json
    assert said["equal"] == said["vectors"] - 1


def test_a_model_that_boards_compute_differently_is_not_kept(
    clone, swing, synthetic, monkeypatch, capfd
):
    """As if training had given a model whose C++ is wrong: the golden vectors are, instead."""
    swing_bundle = Bundle.load(clone.root / "models" / "swing")
    golden = json.loads(swing_bundle.files["golden.json"])
    golden["sequences"][-1]["probabilities"][-1][0] ^= 1
    files = {**swing_bundle.files, "golden.json": json.dumps(golden).encode()}

    def pipeline(dataset, arch, name, models_dir, seed, progress, settings, aim):
        made = write_bundle(models_dir, name, {**swing_bundle.manifest, "name": name}, files)
        return Result(made, 1.0, 1.0, 1, 1)

    monkeypatch.setattr("tinygesture.export.pipeline.train_and_export", pipeline)
    monkeypatch.setenv("PLATFORMIO_CORE_DIR", clone.environment["PLATFORMIO_CORE_DIR"])
    monkeypatch.chdir(clone.root)
    arguments = [str(synthetic), "--arch", "gru", "--name", "wrong"]
    assert train_and_export.main(arguments, standalone_mode=False) == 1
    assert "computes something else" in capfd.readouterr().out
    assert not (clone.root / "models" / "wrong").exists()
    assert not list((clone.root / ".tinygesture").glob("trial-*"))


def test_evaluate_says_when_the_model_was_trained_on_the_data(clone, swing, synthetic):
    done = clone.run("tinygesture", "evaluate", "swing", str(synthetic), "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    assert said["recordings"] == said["synthetic"] == 48
    assert said["seen_in_training"] == 36
    assert "trained on" in done.stderr
    assert "synthetic" in done.stderr


@pytest.fixture(scope="module")
def unseen(tmp_path_factory):
    """12 recordings of somebody else."""
    path = tmp_path_factory.mktemp("data") / "unseen"
    make_dataset(path, ("circle", "punch", "rest"), subjects=[9], count=4)
    return path


@pytest.fixture(scope="module")
def on_the_host(clone, swing, unseen):
    return clone.run("tinygesture", "evaluate", "swing", str(unseen), "--json")


def test_evaluate_on_the_host(on_the_host, clone, unseen):
    assert on_the_host.status == 0, on_the_host.stderr
    [said] = on_the_host.json
    assert sum(map(sum, said["confusion"])) == said["recordings"] == 12
    right = sum(said["confusion"][i][i] for i in range(3))
    assert said["accuracy"] == pytest.approx(right / 12)
    assert set(said["labels"]) == {"circle", "punch", "rest"}
    assert set(said["labels"]["circle"]) == {"precision", "recall", "f1", "support"}
    assert 0 < said["macro_f1"] <= 1
    assert said["seen_in_training"] == 0
    people = clone.run("tinygesture", "evaluate", "swing", str(unseen))
    assert "Recognised as" in people.stdout
    assert "trained on" not in people.stdout


def test_evaluate_under_other_conditions(on_the_host, clone, unseen):
    done = clone.run("tinygesture", "evaluate", "swing", str(unseen), "--robustness", "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    found = said.pop("robustness")
    assert said == on_the_host.json[0]
    assert found["unchanged"]["value"] == pytest.approx(said["accuracy"])
    assert {len(curve["points"]) for curve in found["curves"].values()} == {5}
    people = clone.run("tinygesture", "evaluate", "swing", str(unseen), "--robustness")
    assert "under other conditions" in people.stdout


def test_evaluate_on_a_board_gives_the_same_figures(on_the_host, clone, swing, unseen, board):
    port = clone.port(board, "swing")
    done = clone.run("tinygesture", "evaluate", "swing", str(unseen), "--port", port, "--json")
    assert done.status == 0, done.stderr
    [said] = done.json
    assert said | {"port": None, "device": None} == on_the_host.json[0]
    device = said["device"]
    assert device["vectors"] == device["equal"] > 200
    measures_itself(device, board)
    assert "not a Cortex-M4's" in done.stderr

"""The engine tflm on the emulated board, where PlatformIO can fetch its library."""

from pathlib import Path

import pytest
from tflm_library import fetch_library

from tinygesture.export.bundle import Bundle

pytestmark = pytest.mark.timeout(900)  # the library's first build takes minutes


@pytest.fixture(scope="module")
def library(clone) -> None:
    fetch_library(clone)


@pytest.fixture(scope="module", params=["gru", "conv1d"])
def model(request, clone, library, synthetic) -> Bundle:
    pytest.importorskip("tensorflow")
    name = f"tflm-{request.param}"
    done = clone.run(
        *("train-and-export", str(synthetic), "--arch", request.param, "--name", name),
        timeout=240,
    )
    assert done.status == 0, done.stderr
    bundle = Bundle.load(clone.root / "models" / name)
    done = clone.run(
        *("tinygesture", "flash", name, "--board", "cm4", "--engine", "tflm", "--json"),
        timeout=600,
    )
    assert done.status == 0, done.stderr
    assert done.json[0]["engine"] == "tflm"
    clone.keep_image("cm4", name)
    return bundle


def test_golden_vectors_and_a_performance_are_the_arbiters(clone, model):
    port = clone.port("cm4", model.name, speed=0)
    [said] = clone.run("tinygesture", "verify", model.name, "--port", port, "--json").json
    assert said["vectors"] == said["equal"] > 100


def test_both_engines_see_the_same_gestures(clone, model):
    done = clone.run("tinygesture", "flash", model.name, "--board", "cm4", timeout=120)
    assert done.status == 0, done.stderr
    clone.keep_image("cm4", f"{model.name}-compiled")

    def events(image):
        port = clone.port("cm4", image, perform="circle,punch,circle", subject=3, speed=0)
        done = clone.run("tinygesture", "watch", "--port", port, "--seconds", "8", "--json")
        assert done.status == 0, done.stderr
        return [event for event in done.json if event["end_s"] < 7.5]

    assert events(model.name) == events(f"{model.name}-compiled") != []


def test_builds_of_both_engines_are_apart(clone, model):
    built: Path = clone.root / ".tinygesture" / "build"
    assert (built / model.name / "cm4" / "firmware.elf").is_file()
    assert (built / f"{model.name}.tflm" / "cm4_tflm" / "firmware.elf").is_file()

"""tinygesture import and export-data, as installed."""

import json
import os
import signal
import time

from tinygesture.dataset import Dataset

HEADER = "aX,aY,aZ,gX,gY,gZ\n"


def tutorial(recordings, first=0):
    """A table in which every recording is another one."""
    rows = ["\n".join(f"0.{k % 7}1,0.{r % 9}7,1.0{r % 10},{r + first}.5,-{k}.25,{k % 11}.125"
            for k in range(119)) for r in range(recordings)]  # fmt: skip
    return HEADER + "\n\n".join(rows) + "\n"


def test_import_and_export(clone, tmp_path):
    (tmp_path / "punch.csv").write_text(tutorial(3), encoding="utf-8")
    (tmp_path / "flex.csv").write_text(HEADER + "1,2,3\n4,5,6\n", encoding="utf-8")
    data = tmp_path / "d"
    where = ("--data", str(data), "--json")
    done = clone.run(
        "tinygesture", "import", str(tmp_path / "punch.csv"), str(tmp_path / "flex.csv"), *where
    )
    assert done.status == 0, done.stderr
    [answer] = done.json
    assert list(answer) == ["recordings", "repaired", "refused"]
    assert answer["recordings"] == 3
    [refused] = answer["refused"]
    assert refused["file"] == str(tmp_path / "flex.csv")
    assert refused["line"] == 2
    assert "6 values are needed, not 3" in refused["reason"]
    assert all(set(notice) == {"file", "line", "reason"} for notice in answer["repaired"])
    assert "3 recordings imported" in done.stderr
    assert Dataset.open(data).labels == ["punch"]
    for form in ("tutorial", "edge-impulse"):
        out = tmp_path / form
        done = clone.run("tinygesture", "export-data", str(out), "--format", form, *where)
        assert done.status == 0, done.stderr
        assert done.json[0]["recordings"] == 3
        again = clone.run("tinygesture", "import", str(out), "--imu", "other", *where)
        assert again.json[0]["recordings"] == 0  # every one is known: the counts are the same
        assert "already in the data set" in again.stderr
        more = clone.run("tinygesture", "export-data", str(out), "--format", form, *where)
        assert more.status == 2
        assert "is not empty" in more.stderr


def test_words_of_people(clone, tmp_path):
    file, data = str(tmp_path / "x.csv"), tmp_path / "d"
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = clone.run("tinygesture", "import", file, "--data", str(data))
    assert done.status == 1
    assert "x.csv: 0 recordings" in done.stdout
    assert "Traceback" not in done.stderr
    assert not data.exists()
    (tmp_path / "empty").mkdir()
    done = clone.run(
        "tinygesture", "import", str(tmp_path / "empty"), "--data", str(data), "--json"
    )
    assert done.status == 1
    assert done.json == [{"recordings": 0, "repaired": [], "refused": []}]
    assert "There is no CSV, JSON or CBOR file" in done.stderr
    units = ["--units", "g", "--units", "m/s2"]
    for wrong in (["nowhere.csv"], [file, *units], ["--label", "?", file]):
        done = clone.run("tinygesture", "import", *wrong, "--data", str(data))
        assert done.status == 2
        assert "Traceback" not in done.stderr
        assert not data.exists()


def test_ctrl_c_imports_nothing(clone, tmp_path):
    (tmp_path / "punch.csv").write_text(tutorial(4), encoding="utf-8")
    data = tmp_path / "d"
    clone.run("tinygesture", "import", str(tmp_path / "punch.csv"), "--data", str(data))
    before = {str(p.relative_to(data)) for p in data.rglob("*") if p.is_file()}
    many = tmp_path / "many"
    many.mkdir()
    for k in range(300):
        (many / f"flex.{k}.csv").write_text(tutorial(10, first=10 * k + 10), encoding="utf-8")
    command = ("tinygesture", "import", str(many), "--data", str(data))
    with clone.start(*command) as process:
        deadline = time.monotonic() + 20
        while not list(data.rglob("recordings/flex/.*")) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.strip().splitlines()[-1] == "Stopped: nothing was imported."
    after = {str(p.relative_to(data)) for p in data.rglob("*") if p.is_file()}
    assert after == before
    assert len(Dataset.open(data).entries) == 4
    assert json.loads((data / "dataset.json").read_text(encoding="utf-8"))["format"] == 1

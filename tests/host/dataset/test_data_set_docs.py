"""docs/data-set.md says what is so."""

import re
from pathlib import Path

import pytest
from test_changes import agrees, continuous
from test_store import make_recording

from tinygesture.contract import CHANNELS
from tinygesture.dataset import Dataset
from tinygesture.dataset.index import COLUMNS

DOCS = (Path(__file__).parents[3] / "docs" / "data-set.md").read_text("utf-8")


def test_its_columns() -> None:
    rows = [row.split("|")[1] for row in DOCS.splitlines() if row.startswith("| `")]
    columns = re.findall(r"\w+", " ".join(rows))
    assert columns == ["t_us", *CHANNELS, *COLUMNS]


def test_its_folders(tmp_path: Path) -> None:
    dataset = Dataset.create(tmp_path / "recordings")
    dataset.add(make_recording("circle"))
    dataset.add_continuous(*continuous())
    dataset.remove(dataset.entries)
    agrees(dataset)
    for path in dataset.path.iterdir():
        assert path.name in DOCS


def test_pandas_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset = Dataset.create(tmp_path / "recordings")
    entry = dataset.add(make_recording("circle"))
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(DOCS.partition("```python\n")[2].partition("```")[0], names)
    assert names["index"].loc[0, "label"] == "circle"
    assert list(names["samples"][entry.id].columns) == ["t_us", *CHANNELS]
    assert len(names["samples"][entry.id]) == entry.samples

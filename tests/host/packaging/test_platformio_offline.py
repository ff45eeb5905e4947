"""scripts/platformio_offline.py: what it writes, where, and when not."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts/platformio_offline.py"


@pytest.fixture
def offline() -> ModuleType:
    specification = importlib.util.spec_from_file_location("platformio_offline", SCRIPT)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_packages_appear_and_go_with_the_registry(
    offline: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "registry_answers", lambda: False)
    offline.main(tmp_path)
    offline.main(tmp_path)  # a second run changes nothing
    scons = json.loads((tmp_path / "packages/tool-scons/package.json").read_text())
    assert scons == {"name": "tool-scons", "version": offline.scons_package_version()}
    assert (tmp_path / "platforms/native/builder/main.py").is_file()

    monkeypatch.setattr(offline, "registry_answers", lambda: True)
    offline.main(tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_real_packages_are_left_alone(
    offline: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "packages/tool-scons/package.json"
    real.parent.mkdir(parents=True)
    real.write_text("{}")
    for answers in (False, True):
        monkeypatch.setattr(offline, "registry_answers", lambda answers=answers: answers)
        offline.main(tmp_path)
        assert [path.name for path in real.parent.iterdir()] == ["package.json"]
        assert real.read_text() == "{}"


def test_another_scons_than_platformio_asks_for_is_refused(
    offline: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline.SCons, "__version__", "4.0.0")
    with pytest.raises(SystemExit, match=r"SCons 4\.0\.0 is installed: pin the matching version"):
        offline.scons_package_version()

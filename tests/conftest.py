"""What every test shares."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run of CI; new ones at every developer's run.
settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The folder of real recordings (its README.md describes them)."""
    folder = Path(os.environ.get("TINYGESTURE_DATA", ""))
    if not os.environ.get("TINYGESTURE_DATA") or not folder.is_dir():
        pytest.skip("real recordings: TINYGESTURE_DATA names no folder")
    return folder

"""THIRD_PARTY_NOTICES.md against pyproject.toml and what the distributions say of themselves."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DECLARED = [
    Requirement(line).name
    for line in [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["train"],
        *PROJECT["dependency-groups"]["dev"],
    ]
]
PYTHON_SECTION = (ROOT / "THIRD_PARTY_NOTICES.md").read_text().split("\n## ")[1]
LICENCES = dict(re.findall(r"^\| ([a-z][\w-]+) \| ([A-Z][^|]+) \|", PYTHON_SECTION, re.MULTILINE))


def families(text: str) -> set[str]:
    return {family for family in ("Apache", "BSD", "MIT", "MPL") if family in text}


def test_every_declared_dependency_is_listed_and_no_other() -> None:
    assert sorted(LICENCES) == sorted(DECLARED)


@pytest.mark.parametrize("name", DECLARED)
def test_the_licence_is_the_one_the_distribution_states(name: str) -> None:
    try:
        stated = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed on this platform")
    words = [
        stated.get("License-Expression", ""),
        (stated.get("License", "") or " ").splitlines()[0][:40],
        *(line for line in stated.get_all("Classifier", []) if line.startswith("License ::")),
    ]
    if name == "tflite-micro":  # states none; its sources are under TensorFlow's
        words = ["Apache"]
    assert families(" ".join(words)) == families(LICENCES[name])

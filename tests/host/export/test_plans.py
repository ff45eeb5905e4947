"""plan.bin, and what becomes of a bundle that has none of this version."""

from dataclasses import replace

import pytest

from tinygesture.errors import UserError
from tinygesture.export import plans
from tinygesture.export.plans import FILE, plan_of


def test_the_exported_plan_is_that_of_the_model(exported):
    bundle = exported.result.bundle
    assert plan_of(bundle) == bundle.files[FILE]
    assert bytes.fromhex(bundle.model_id) in bundle.files[FILE]


def test_without_the_compiler_the_exported_plan_is_taken(exported, monkeypatch):
    bundle = exported.result.bundle
    monkeypatch.setattr(plans, "find_spec", lambda name: None)
    assert plan_of(bundle) == bundle.files[FILE]
    older = replace(bundle, files={k: v for k, v in bundle.files.items() if k != FILE})
    with pytest.raises(UserError, match="another version"):
        plan_of(older)

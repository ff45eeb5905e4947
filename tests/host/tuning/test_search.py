"""Trials that are counted and trained indeed, and the export of one."""

import shutil

import pytest
from test_study import begin, problem

from tinygesture.benchmark import benchmark
from tinygesture.export.bundle import Bundle
from tinygesture.export.detection import Aim
from tinygesture.training.architectures.gru import Gru
from tinygesture.tuning.cost import Budget, cost
from tinygesture.tuning.search import export_point, try_one

__all__ = ["problem"]

pytestmark = pytest.mark.skipif(
    not (shutil.which("arm-none-eabi-g++") and shutil.which("qemu-system-arm")),
    reason="instructions are counted with arm-none-eabi-g++ and qemu-system-arm",
)


def test_a_trial_becomes_a_model_of_the_cost_that_was_counted(problem, tmp_path):
    tried = try_one(begin(problem, tmp_path / "s"), problem, Budget())
    assert 0 <= tried.accuracy <= 1
    about, aim = {"trial": 0}, Aim(choice_hours=0.02, test_hours=0.02)
    result = export_point(tried, problem, "best", tmp_path, about, lambda *stage: None, aim)
    bundle = Bundle.load(tmp_path / "best")
    assert bundle.manifest["tuning"] == {"trial": 0}
    assert bundle.parameters == tried.architecture.parameters()
    assert bundle.manifest["configuration"]["learning_rate"] == tried.settings.learning_rate
    assert result.bundle.model_id == bundle.model_id
    found = benchmark(bundle.model, bundle.state, bundle.hop)
    assert tried.cost.instructions == pytest.approx(
        found.counts.instructions * 100 / bundle.hop, rel=0.02
    )
    size = found.size
    assert tried.cost.flash == pytest.approx(size.code + size.tables + size.weights, rel=0.02)
    assert tried.cost.ram == size.ram


def test_more_units_cost_more():
    small, large = (cost(Gru(units=units), 4) for units in (8, 16))
    assert small.instructions < large.instructions
    assert small.flash < large.flash

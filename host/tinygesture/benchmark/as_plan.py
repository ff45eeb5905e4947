"""The model as the plan that `tinygesture push` sends, behind the functions of compiled code."""

from dataclasses import replace

from tinygesture.contract import Quantisation
from tinygesture.detector import DetectorConfig
from tinygesture.errors import UserError
from tinygesture.export.compiler import CompiledModel
from tinygesture.export.compiler.plan import Description

_NOBODYS = Description(  # nothing of it changes what an inference costs
    "0" * 16,
    "model",
    "",
    ("a", "b"),
    1,
    1,
    Quantisation((256,) * 6, 16),
    DetectorConfig(1, 1, 1, 1, (1, 1)),
)
_SOURCE = """
#include "compiled_model.h"

#include <string.h>

#include "plan.h"

namespace tinygesture {
namespace compiled_model {

namespace {

alignas(4) constexpr uint8_t kPlan[] = {
%s};

Plan plan;

}  // namespace

void reset() {
  memcpy(plan.bytes(), kPlan, sizeof(kPlan));
  if (plan.load(sizeof(kPlan))) __builtin_trap();
  plan.reset();
}

void invoke(const int8_t* input, int8_t* output) {
  plan.invoke(input, output);
}

}  // namespace compiled_model
}  // namespace tinygesture
"""


def as_plan(model: CompiledModel) -> CompiledModel:
    """Raises UserError where a plan cannot hold the model."""
    if len(model.input_sizes) != 1 or len(model.output_sizes) != 1:
        raise UserError("A plan has one input and one output: name the model's state with --state.")
    plan = model.plan.serialised(_NOBODYS)
    lines = (plan[i : i + 16] for i in range(0, len(plan), 16))
    text = "".join(f"    {', '.join(map(str, line))},\n" for line in lines)
    return replace(model, source=_SOURCE % text, layer_macs=[])

"""For plans, which have no loops of their own: element-wise kernels one behind the other as one."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from tinygesture.export.compiler.steps import Field, Kernel, Step

_WITH_TABLE = {
    "weighted_sum": ("looked_up_sum", "LookedUpSum"),
    "sum_with_product": ("looked_up_sum_with_product", "LookedUpSumWithProduct"),
}


def chain(steps: list[Step], outputs: Collection[int]) -> list[Step]:
    """The same with fewer kernels, where nothing else reads what one gives to the next.

    `outputs` are the tensors that the model gives.
    """
    read = Counter(outputs)
    for step in steps:
        read.update(step.inputs if isinstance(step, Kernel) else [step.source])
    chained: list[Step] = []
    alone: dict[int, Kernel] = {}  # kernels by what they give, if there is one reader
    joined: set[int] = set()  # what is given within a kernel now
    for step in steps:
        if isinstance(step, Kernel):
            whole = _joined(step, alone)
            joined |= set(step.inputs) - set(whole.inputs)
            if read[step.output] == 1:
                alone[step.output] = whole
            step = whole
        chained.append(step)
    return [s for s in chained if not isinstance(s, Kernel) or s.output not in joined]


def _joined(kernel: Kernel, before: dict[int, Kernel]) -> Kernel:
    if kernel.function == "lookup" and kernel.inputs[0] in before:
        return _looked_up(kernel, before[kernel.inputs[0]])
    if kernel.function == "weighted_sum" and _is_free(kernel):
        for position in (1, 0):
            product = before.get(kernel.inputs[position])
            if product and product.function == "scaled_product" and _is_free(product):
                return _with_product(kernel, product, position)
    return kernel


def _is_free(kernel: Kernel) -> bool:
    """It has no limits but int8's."""
    return (kernel.fields["minimum"], kernel.fields["maximum"]) == (-128, 127)


def _looked_up(lookup: Kernel, sum: Kernel) -> Kernel:
    if sum.function not in _WITH_TABLE or (sum.function == "weighted_sum" and not _is_free(sum)):
        return lookup
    function, struct = _WITH_TABLE[sum.function]
    fields = {"sum": tuple(sum.fields.values()), "table": lookup.fields["table"]}
    return replace(lookup, function=function, struct=struct, fields=fields, inputs=sum.inputs)


def _with_product(sum: Kernel, product: Kernel, position: int) -> Kernel:
    """position: of the product among the sum's inputs, which becomes the second."""
    weights = sum.fields["a_weight"], sum.fields["b_weight"]
    own, others = weights[position], weights[1 - position]
    swapped = dict(sum.fields) | {"a_weight": others, "b_weight": own}
    fields: dict[str, Field] = {
        "sum": tuple(swapped.values()),
        "product": tuple(product.fields.values()),
    }
    inputs = (sum.inputs[1 - position], *product.inputs)
    return replace(
        sum, function="sum_with_product", struct="SumWithProduct", fields=fields, inputs=inputs
    )

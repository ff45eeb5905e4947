"""Models whose plans call every kernel that there is."""

from functools import cache

import numpy as np
from harness import Int8, vectors
from random_models import GENERATORS, KINDS
from random_stacks import build, random_stack

from engine_models import gru_step
from tinygesture.errors import UserError
from tinygesture.export.compiler import CompiledModel, compile_model
from tinygesture.export.compiler.plan import KERNELS

MODELS_PER_KIND = 1
MOST_SEEDS = 60
OF_THE_GRU = {"looked_up_sum", "sum_with_product", "looked_up_sum_with_product"}
CALLS = 8

Vectors = list[tuple[CompiledModel, Int8]]


@cache
def random_models() -> Vectors:
    """Some of each kind, and more until every kernel is called."""
    models: Vectors = []
    called: set[str] = set()
    for seed in range(MOST_SEEDS):
        for index, generate in enumerate(GENERATORS.values()):
            try:
                case = generate(np.random.default_rng([seed, index]))
                model = compile_model(case.model, case.state)
            except UserError:
                continue
            functions = {kernel.function for kernel in model.plan.kernels}
            if seed < MODELS_PER_KIND or functions - called:
                inputs = vectors(np.random.default_rng(seed), case.input_shape, CALLS)
                models.append((model, inputs))
                called |= functions
        if seed >= MODELS_PER_KIND and called >= set(KERNELS) - OF_THE_GRU:
            break
    assert KINDS or called >= set(KERNELS) - OF_THE_GRU, set(KERNELS) - called
    return models


@cache
def other_models() -> Vectors:
    """The GRU, and models whose rows live on from call to call."""
    gru = gru_step()
    models = [compile_model(gru.model, gru.state)]
    for seed in range(MODELS_PER_KIND):
        stack = random_stack(np.random.default_rng(seed))
        models.append(compile_model(build(stack, seed), hop=stack.hop))
    assert {kernel.function for kernel in models[0].plan.kernels} >= OF_THE_GRU
    return [(m, vectors(np.random.default_rng(1), m.input_sizes, CALLS)) for m in models]

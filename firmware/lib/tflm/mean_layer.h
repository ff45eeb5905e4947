// MEAN as the arbiter computes it; the twin of host/tinygesture/export/compiler/reduction.py.
#pragma once
#include <stdint.h>

#include "kernels.h"

namespace tinygesture {

struct Scale {
  float scale;
  int32_t zero_point;
};

// The kernel call that averages over `axes`. False: they are not neighbours, or there are none.
bool mean_layer(const int* shape, int rank, const int32_t* axes, int axis_count, Scale input,
                Scale output, kernels::Mean* layer);

}  // namespace tinygesture

#include "mean_layer.h"

#include <math.h>

namespace tinygesture {

namespace {

kernels::Factor nearest_factor(double real) {
  int shift;
  const double fraction = frexp(real, &shift);
  int64_t multiplier = int64_t(floor(fraction * 2147483648.0 + 0.5));
  if (multiplier == int64_t{1} << 31) {
    multiplier /= 2;
    ++shift;
  }
  if (shift < -31) return {0, 0};
  return {int32_t(multiplier), shift};
}

kernels::Factor divided(const kernels::Factor& factor, int32_t count) {
  int32_t shift = 0;
  while ((count >> (shift + 1)) != 0 && shift < 31 + factor.shift) ++shift;
  return {int32_t((int64_t(factor.multiplier) << shift) / count), factor.shift - shift};
}

}  // namespace

bool mean_layer(const int* shape, int rank, const int32_t* axes, int axis_count, Scale input,
                Scale output, kernels::Mean* layer) {
  uint32_t averaged = 0;
  for (int i = 0; i < axis_count; ++i) {
    const int axis = axes[i] < 0 ? axes[i] + rank : axes[i];
    if (axis < 0 || axis >= rank) return false;
    averaged |= uint32_t{1} << axis;
  }
  *layer = {1, 1, 1, input.zero_point, {}, {output.zero_point, INT8_MIN, INT8_MAX}};
  int32_t* size = &layer->outer;  // then reduced, then inner
  for (int axis = 0; axis < rank; ++axis) {
    const bool reduced = (averaged >> axis) & 1;
    if (reduced && size == &layer->inner) return false;
    if (reduced) size = &layer->reduced;
    if (!reduced && size == &layer->reduced) size = &layer->inner;
    *size *= shape[axis];
  }
  layer->factor = divided(nearest_factor(double(input.scale) / double(output.scale)),
                          layer->reduced);
  return averaged != 0;
}

}  // namespace tinygesture

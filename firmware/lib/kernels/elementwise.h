// ADD, SUB and MUL, and functions of one input by table.
//
// Export chooses: a weighted sum where it has proven, on all 65,536 pairs of inputs, that it is
// what TensorFlow Lite Micro's two roundings give; a scaled product where its one rounding shift
// is at least 1; and else the sums and products that follow TensorFlow Lite Micro step by step.
#pragma once
#include <stdint.h>

#include "arithmetic.h"
#include "dsp.h"

namespace tinygesture {
namespace kernels {

struct Lookup {
  int32_t size;
  const int8_t* table;  // (256): the output for each input -128..127
};
// (size) -> (size)
void lookup(const Lookup& layer, const int8_t* input, int8_t* output);

// ADD or SUB.
struct WeightedSum {
  int32_t size;
  int32_t a_weight;
  int32_t b_weight;
  int32_t offset;  // holds the zero points and the rounding
  int32_t shift;   // 1..30
  int32_t minimum;
  int32_t maximum;
};
// (size), (size) -> (size)
void weighted_sum(const WeightedSum& layer, const int8_t* a, const int8_t* b, int8_t* output);

// MUL.
struct ScaledProduct {
  int32_t size;
  int32_t a_zero_point;
  int32_t b_zero_point;
  int32_t multiplier;  // 2^30..2^31-1
  int32_t offset;      // (output zero point + 1/2) * 2^shift
  int32_t shift;       // 1..23
  int32_t minimum;
  int32_t maximum;
};
// (size), (size) -> (size)
void scaled_product(const ScaledProduct& layer, const int8_t* a, const int8_t* b, int8_t* output);

// One side of an element-wise operator.
struct Operand {
  int32_t step;  // 1, or 0: one value for all elements
  int32_t zero_point;
  Factor factor;
};

struct Sum {
  int32_t size;
  Operand a;
  Operand b;
  Factor factor;
  Output output;
};
// (size), (size) -> (size)
void add(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output);
void sub(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output);

struct Product {
  int32_t size;
  int32_t a_step;
  int32_t a_zero_point;
  int32_t b_step;
  int32_t b_zero_point;
  Factor factor;
  Output output;
};
// (size), (size) -> (size)
void mul(const Product& layer, const int8_t* a, const int8_t* b, int8_t* output);

// An element of a weighted sum before its shift.
TINYGESTURE_INLINE int32_t unshifted(const WeightedSum& layer, int32_t a, int32_t b) {
  return in_register(layer.offset) + a * in_register(layer.a_weight) +
         b * in_register(layer.b_weight);
}

// An element of a scaled product before its shift: raised(), with 2 * multiplier - 2^32 in place of
// 2 * multiplier and the product added for it, which spares the doubling of each product.
TINYGESTURE_INLINE int32_t unshifted(const ScaledProduct& layer, int32_t a, int32_t b) {
  const int32_t product = (a - layer.a_zero_point) * (b - layer.b_zero_point);
  const int32_t twice = static_cast<int32_t>(2u * static_cast<uint32_t>(layer.multiplier));
  return smmlar(product, in_register(twice), product + (product >> 31) + layer.offset);
}

// value >> shift within the limits, which are constants of the program.
template <int32_t kShift>
inline int32_t limited(int32_t value, int32_t minimum, int32_t maximum) {
  const int32_t nearest = ssat8_of_shifted(value, kShift);
  if (minimum > -128 && nearest < minimum) return minimum;
  if (maximum < 127 && nearest > maximum) return maximum;
  return nearest;
}

// The same whole, for generated loops, whose layers are constants of the program.
template <const WeightedSum& kLayer>
inline int32_t weighted_sum(int32_t a, int32_t b) {
  return limited<kLayer.shift>(unshifted(kLayer, a, b), kLayer.minimum, kLayer.maximum);
}
template <const ScaledProduct& kLayer>
inline int32_t scaled_product(int32_t a, int32_t b) {
  return limited<kLayer.shift>(unshifted(kLayer, a, b), kLayer.minimum, kLayer.maximum);
}

}  // namespace kernels
}  // namespace tinygesture

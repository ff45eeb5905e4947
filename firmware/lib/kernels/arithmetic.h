// The arithmetic that all kernels share: int8 in, int8 out, bit-exact with TensorFlow Lite Micro.
//
// A quantised value stands for scale * (value - zero_point). Tensors are dense and row-major;
// shapes stand beside the pointers. Multipliers, shifts, paddings and tables are computed at
// export (host/tinygesture/export/compiler), which also proves that no sum here overflows.
// Inputs and outputs must not overlap.
#pragma once
#include <stdint.h>

#include "dsp.h"

namespace tinygesture {
namespace kernels {

// A positive real factor: multiplier * 2^(shift - 31).
struct Factor {
  int32_t multiplier;  // 0..2^31-1, at least 2^30 unless it holds a division too
  int32_t shift;       // -31..30
};

// Where results go: zero_point is added, then the fused activation clamps.
struct Output {
  int32_t zero_point;
  int32_t minimum;
  int32_t maximum;
};

// value * fraction / 2^31 to the nearest, halves up.
inline int32_t high_product(int32_t value, int32_t fraction) {
  const int64_t product = static_cast<int64_t>(value) * fraction;
  return static_cast<int32_t>((product + (int64_t{1} << 30)) >> 31);
}

// value / 2^exponent to the nearest, halves away from zero; exponent 0..31.
inline int32_t rounded_shift(int32_t value, int32_t exponent) {
  const uint32_t magnitude = value < 0 ? 0u - static_cast<uint32_t>(value)
                                       : static_cast<uint32_t>(value);
  const uint32_t half = (uint32_t{1} << exponent) >> 1;
  const int32_t rounded = static_cast<int32_t>((magnitude + half) >> exponent);
  return value < 0 ? -rounded : rounded;
}

inline int8_t stored(int32_t value, const Output& output) {
  value += output.zero_point;
  if (value < output.minimum) value = output.minimum;
  if (value > output.maximum) value = output.maximum;
  return static_cast<int8_t>(value);
}

// value * factor, rounded twice as TensorFlow Lite Micro rounds: the product by 2^31 to the
// nearest with halves up, then a right shift to the nearest with halves away from zero.
inline int32_t scaled(int32_t value, const Factor& factor) {
  const int32_t left = factor.shift > 0 ? factor.shift : 0;
  const int32_t right = factor.shift < 0 ? -factor.shift : 0;
  return rounded_shift(high_product(value * (int32_t{1} << left), factor.multiplier), right);
}

// The same before the right shift, for |value| < 2^30, a multiplier >= 0 and a shift of at least 1.
// The offset, a half in front of that shift, rounds halves up; a negative value takes one back.
inline int32_t raised(int32_t value, int32_t multiplier, int32_t offset) {
  return smmlar(2 * value, multiplier, offset) + (value >> 31);
}

}  // namespace kernels
}  // namespace tinygesture

// One or two rows times a matrix, both as paired words (paired_words.h). A sum here is 256 times
// that of the weights and inputs; what the 127 and the zero point of the input add is in the bias.
//
// Export packs weights and biases (host/tinygesture/export/compiler/packing.py), and proves that
// 256 times every sum fits into 32 bits.
#pragma once
#include <stdint.h>

#include "arithmetic.h"
#include "dsp.h"
#include "paired_words.h"

namespace tinygesture {
namespace kernels {

// From 256 times a sum to an output: the high word of its product with the multiplier, plus the
// addend, which holds the rounding and the zero point, is shifted right. The correction is taken
// from that of a negative sum, because halves round away from zero.
struct Scale {
  int32_t multiplier;  // 0..2^31-1
  int32_t addend;
  int32_t correction;  // 0, or a power of two
  int32_t shift;       // 1..31
};

struct PairedMatrix {
  int32_t inputs;
  int32_t outputs;
  const uint32_t* weights;  // (pairs of outputs, groups of 4 inputs, 2)
  const int32_t* bias;      // (outputs, made even)
  const Scale* scales;      // (outputs, made even) if per_channel, else (1)
  bool per_channel;
  bool corrected;  // false: no sum needs a correction
  int32_t shift;   // of all scales, or 0: each has its own
  int32_t minimum;
  int32_t maximum;
};

// A shift that the compiler knows costs nothing.
TINYGESTURE_INLINE int32_t shift_of(const PairedMatrix& matrix, const Scale& scale) {
  return __builtin_constant_p(matrix.shift) && matrix.shift ? matrix.shift : scale.shift;
}

// From sums to outputs, whose scales it goes through.
class Requantiser {
 public:
  TINYGESTURE_INLINE explicit Requantiser(const PairedMatrix& matrix)
      : matrix_(matrix), scale_(*matrix.scales), next_(matrix.scales) {}

  TINYGESTURE_INLINE void next_output() {
    if (matrix_.per_channel) scale_ = *next_++;
  }

  TINYGESTURE_INLINE int8_t operator()(int32_t sum) const {
    int32_t value = smmla(sum, scale_.multiplier, scale_.addend);
    if (matrix_.corrected) value += (sum >> 31) * scale_.correction;
    return static_cast<int8_t>(ssat8_of_shifted(value, shift_of(matrix_, scale_)));
  }

 private:
  const PairedMatrix& matrix_;
  Scale scale_;
  const Scale* next_;
};

// One prepared row times the matrix.
TINYGESTURE_INLINE void multiply_row(const PairedMatrix& matrix, const uint32_t* row,
                                     int8_t* output) {
  const int32_t groups = groups_of(matrix.inputs);
  const uint32_t* end = row + 2 * groups;
  const uint32_t* weights = matrix.weights;
  const int32_t* bias = matrix.bias;
  Requantiser requantised(matrix);
  int32_t left = matrix.outputs;
  for (; left >= 4; left -= 4, bias += 4, output += 4) {
    PairedSums sums = {bias[0], bias[1]};
    PairedSums next_sums = {bias[2], bias[3]};
    const uint32_t* next_weights = weights + 2 * groups;
    if (__builtin_constant_p(groups) && groups <= 8) {
      const uint32_t* at = row;
      TINYGESTURE_UNROLL
      for (int32_t i = 0; i < groups; ++i) {
        multiply_4x1(weights, next_weights, at, sums, next_sums);
      }
    } else {
      for (const uint32_t* at = row; at != end;) {
        multiply_4x1(weights, next_weights, at, sums, next_sums);
      }
    }
    weights = next_weights;
    requantised.next_output();
    output[0] = requantised(sums.first);
    requantised.next_output();
    output[1] = requantised(sums.second);
    requantised.next_output();
    output[2] = requantised(next_sums.first);
    requantised.next_output();
    output[3] = requantised(next_sums.second);
  }
  for (; left > 0; left -= 2, bias += 2) {
    PairedSums sums = {bias[0], bias[1]};
    for (const uint32_t* at = row; at != end;) multiply_2x1(weights, at, sums);
    requantised.next_output();
    *output++ = requantised(sums.first);
    if (left == 1) break;
    requantised.next_output();
    *output++ = requantised(sums.second);
  }
}

// Two prepared rows times the matrix. in_twos: its outputs and its groups are even in number.
TINYGESTURE_INLINE void multiply_two_rows(const PairedMatrix& matrix, const uint32_t* row,
                                          const uint32_t* next_row, int8_t* output,
                                          bool in_twos = false) {
  const int32_t groups = groups_of(matrix.inputs);
  const uint32_t* end = row + 2 * groups;
  const uint32_t* weights = matrix.weights;
  const int32_t* bias = matrix.bias;
  Requantiser requantised(matrix);
  int8_t* next_output = output + matrix.outputs;
  for (int32_t left = matrix.outputs; left > 0; left -= 2, bias += 2) {
    PairedSums sums = {bias[0], bias[1]};
    PairedSums next_sums = sums;
    const uint32_t* at = row;
    const uint32_t* next_at = next_row;
    if (!in_twos && groups % 2) multiply_2x2(weights, at, next_at, sums, next_sums);
    while (at != end) {
      multiply_2x2(weights, at, next_at, sums, next_sums);
      multiply_2x2(weights, at, next_at, sums, next_sums);
    }
    requantised.next_output();
    *output++ = requantised(sums.first);
    *next_output++ = requantised(next_sums.first);
    if (!in_twos && left == 1) break;
    requantised.next_output();
    *output++ = requantised(sums.second);
    *next_output++ = requantised(next_sums.second);
  }
}

// A fused activation's limits, where they are not those of int8.
template <typename Layer>
TINYGESTURE_INLINE void limit(const Layer& layer, int8_t* values, int32_t count) {
  if (layer.minimum == -128 && layer.maximum == 127) return;
  const Output range = {0, layer.minimum, layer.maximum};
  for (int32_t i = 0; i < count; ++i) values[i] = stored(values[i], range);
}

}  // namespace kernels
}  // namespace tinygesture

#include "reduction.h"

namespace tinygesture {
namespace kernels {

void mean(const Mean& layer, const int8_t* input, int8_t* output) {
  for (int32_t outer = 0; outer < layer.outer; ++outer, input += layer.reduced * layer.inner) {
    for (int32_t inner = 0; inner < layer.inner; ++inner) {
      int32_t sum = -layer.input_zero_point * layer.reduced;
      for (int32_t i = 0; i < layer.reduced; ++i) sum += input[i * layer.inner + inner];
      *output++ = stored(scaled(sum, layer.factor), layer.output);
    }
  }
}

namespace {

// The sum of a row's exponentials, Q12.19, as 1 / sum = fraction * 2^-bits_over_unit.
struct Reciprocal {
  int32_t fraction;        // Q0.31, in [1/2, 1]
  int32_t bits_over_unit;  // 0..8
};

// Newton-Raphson division in the fixed point of TensorFlow Lite Micro: Q2.29, three steps.
Reciprocal reciprocal(int32_t sum) {
  const int32_t kOne = int32_t{1} << 29;
  const int32_t k48Over17 = 1515870810;
  const int32_t k32Over17 = 1010580540;
  int32_t headroom = 0;
  uint32_t normal = static_cast<uint32_t>(sum);  // at least 1.0: the largest input's own
  for (; (normal & 0x80000000u) == 0; normal <<= 1) ++headroom;

  // normal / 2^31 = 1 + x; half_denominator = (1 + x) / 2 in Q0.31
  const int32_t half_denominator = static_cast<int32_t>(normal >> 1);
  int32_t estimate = k48Over17 + high_product(half_denominator, -k32Over17);
  for (int step = 0; step < 3; ++step) {
    const int32_t error = kOne - high_product(half_denominator, estimate);
    estimate += high_product(estimate, error) * 4;  // Q4.27 -> Q2.29
  }
  const int64_t fraction = static_cast<int64_t>(estimate) * 2;  // estimate / 2, Q1.30 -> Q0.31
  return {fraction > INT32_MAX ? INT32_MAX : static_cast<int32_t>(fraction), 12 - headroom};
}

}  // namespace

void softmax(const Softmax& layer, const int8_t* input, int8_t* output) {
  const Output range = {-128, -128, 127};
  for (int32_t row = 0; row < layer.rows; ++row, input += layer.depth) {
    int32_t largest = input[0];
    for (int32_t i = 1; i < layer.depth; ++i) {
      if (input[i] > largest) largest = input[i];
    }

    int32_t sum = 0;
    for (int32_t i = 0; i < layer.depth; ++i) {
      const int32_t below = largest - input[i];
      if (below < layer.exponential_count) sum += rounded_shift(layer.exponentials[below], 12);
    }

    const Reciprocal scale = reciprocal(sum);
    for (int32_t i = 0; i < layer.depth; ++i) {
      const int32_t below = largest - input[i];
      int32_t probability = 0;
      if (below < layer.exponential_count) {
        probability = rounded_shift(high_product(scale.fraction, layer.exponentials[below]),
                                    scale.bits_over_unit + 23);
      }
      *output++ = stored(probability, range);
    }
  }
}

}  // namespace kernels
}  // namespace tinygesture

#include "reduction.h"

#include "dsp.h"

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

void any_column_mean(const ColumnMean& given, const int8_t* input, int8_t* output) {
  const ColumnMean layer = given;  // a copy stays in registers: no output can change it
  column_mean(layer, input, output);
}

namespace {

// The sum of a row's exponentials, Q12.19, as 1 / sum = fraction * 2^-bits_over_unit.
struct Reciprocal {
  uint32_t fraction;       // Q0.31, in [1/2, 1]
  int32_t bits_over_unit;  // 0..8
};

// Newton-Raphson division in the fixed point of TensorFlow Lite Micro: Q2.29, three steps.
// A product of two fractions is smmulr of one and twice the other, whose magnitude is below 2.
Reciprocal reciprocal(uint32_t sum) {
  const int32_t kOne = int32_t{1} << 29;
  const int32_t k48Over17 = 1515870810;
  const int32_t k32Over17 = 1010580540;
  const int32_t headroom = __builtin_clz(sum);  // sum is at least 1.0: the largest input's own

  // sum * 2^headroom / 2^31 = 1 + x; half_denominator = (1 + x) / 2 in Q0.31
  const int32_t half_denominator = static_cast<int32_t>(sum << (headroom - 1));
  int32_t estimate = k48Over17 + smmulr(half_denominator, -2 * k32Over17);
  for (int step = 0; step < 3; ++step) {
    const int32_t error = kOne - smmulr(half_denominator, 2 * estimate);
    estimate += smmulr(2 * estimate, error) * 4;  // Q4.27 -> Q2.29
  }
  const uint32_t fraction = static_cast<uint32_t>(estimate) * 2;  // estimate / 2, Q1.30 -> Q0.31
  return {fraction > INT32_MAX ? INT32_MAX : fraction, 12 - headroom};
}

}  // namespace

void softmax(const Softmax& given, const int8_t* input, int8_t* output) {
  const Softmax layer = given;
  for (int32_t row = 0; row < layer.rows; ++row, input += layer.depth) {
    int32_t largest = input[0];
    for (int32_t i = 1; i < layer.depth; ++i) {
      if (input[i] > largest) largest = input[i];
    }

    uint32_t sum = 0;
    for (int32_t i = 0; i < layer.depth; ++i) {
      const int32_t below = largest - input[i];
      if (below < layer.exponential_count) sum += (layer.exponentials[below] + (1u << 11)) >> 12;
    }

    // Two roundings to the nearest, by 2^31 and by 2^(shift + 1), are one of the exact product.
    const Reciprocal scale = reciprocal(sum);
    const int32_t shift = scale.bits_over_unit + 22;
    const uint64_t halves = (uint64_t{1u << (shift - 1)} << 32) + (1u << 30);
    for (int32_t i = 0; i < layer.depth; ++i) {
      const int32_t below = largest - input[i];
      int32_t probability = 0;
      if (below < layer.exponential_count) {
        const uint64_t product = uint64_t{scale.fraction} * layer.exponentials[below] + halves;
        probability = static_cast<int32_t>(static_cast<uint32_t>(product >> 32) >> shift);
      }
      *output++ = static_cast<int8_t>(ssat8(probability - 128));
    }
  }
}

}  // namespace kernels
}  // namespace tinygesture

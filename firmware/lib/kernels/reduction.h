// MEAN and SOFTMAX.
#pragma once
#include <stdint.h>

#include "arithmetic.h"

namespace tinygesture {
namespace kernels {

struct Mean {
  int32_t outer;
  int32_t reduced;
  int32_t inner;
  int32_t input_zero_point;
  Factor factor;  // holds the division by `reduced`
  Output output;
};
// (outer, reduced, inner) -> (outer, inner)
void mean(const Mean& layer, const int8_t* input, int8_t* output);

// MEAN of columns that lie four to a word.
struct ColumnMean {
  int32_t outer;
  int32_t reduced;  // 1..256
  int32_t inner;    // a multiple of 4
  int32_t zero;     // `reduced` times the input's zero point
  int32_t multiplier;
  int32_t offset;  // (output zero point + 1/2) * 2^shift
  int32_t shift;   // 1..23
};

// The sums of four columns: of 0 and 2 and of 1 and 3, which fit 16 bits.
struct ColumnSums {
  uint32_t even = 0;
  uint32_t odd = 0;

  TINYGESTURE_INLINE void add(const int8_t* row) {
    const uint32_t four = load_word(row);
    even = sxtab16(even, four);
    odd = sxtab16_odd(odd, four);
  }
};

inline int8_t mean_of(int32_t sum, const ColumnMean& layer) {
  const int32_t value = raised(sum - layer.zero, layer.multiplier, layer.offset);
  return static_cast<int8_t>(ssat8_of_shifted(value, layer.shift));
}

// (outer, reduced, inner) -> (outer, inner), for a layer that the compiler knows
TINYGESTURE_INLINE void column_mean(const ColumnMean& layer, const int8_t* input, int8_t* output) {
  const int32_t block = layer.reduced * layer.inner;
  for (int32_t outer = 0; outer < layer.outer; ++outer, input += block) {
    for (int32_t inner = 0; inner < layer.inner; inner += 4) {
      ColumnSums sums;
      if (__builtin_constant_p(layer.reduced)) {
        TINYGESTURE_UNROLL
        for (int32_t i = 0; i < layer.reduced; ++i) sums.add(input + i * layer.inner + inner);
      } else {
        const int8_t* row = input + inner;
        int32_t left = layer.reduced;
        for (; left >= 4; left -= 4, row += 4 * layer.inner) {
          sums.add(row);
          sums.add(row + layer.inner);
          sums.add(row + 2 * layer.inner);
          sums.add(row + 3 * layer.inner);
        }
        for (; left > 0; --left, row += layer.inner) sums.add(row);
      }
      *output++ = mean_of(low_lane(sums.even), layer);
      *output++ = mean_of(low_lane(sums.odd), layer);
      *output++ = mean_of(high_lane(sums.even), layer);
      *output++ = mean_of(high_lane(sums.odd), layer);
    }
  }
}
// The same where it does not.
void any_column_mean(const ColumnMean& layer, const int8_t* input, int8_t* output);

struct Softmax {
  int32_t rows;
  int32_t depth;                 // 1..511
  const uint32_t* exponentials;  // Q0.31: exp(-scale * i) for i = 0..exponential_count-1
  int32_t exponential_count;     // 1..256; beyond it the exponential counts as 0
};
// (rows, depth) -> (rows, depth), scale 1/256, zero point -128
void softmax(const Softmax& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

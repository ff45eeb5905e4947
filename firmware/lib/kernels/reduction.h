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
// (outer, reduced, inner) -> (outer, inner)
void column_mean(const ColumnMean& layer, const int8_t* input, int8_t* output);

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

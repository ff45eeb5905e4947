// ADD, SUB, MUL, QUANTIZE, and LOGISTIC and TANH by table.
#pragma once
#include <stdint.h>

#include "arithmetic.h"

namespace tinygesture {
namespace kernels {

struct Lookup {
  int32_t size;
  const int8_t* table;  // (256): the output for each input -128..127
};
// (size) -> (size)
void lookup(const Lookup& layer, const int8_t* input, int8_t* output);

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

struct Quantize {
  int32_t size;
  int32_t input_zero_point;
  Factor factor;
  Output output;
};
// (size) -> (size), from one int8 quantisation to another
void quantize(const Quantize& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

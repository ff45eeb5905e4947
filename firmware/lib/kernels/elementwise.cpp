#include "elementwise.h"

namespace tinygesture {
namespace kernels {

void lookup(const Lookup& layer, const int8_t* input, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i) output[i] = layer.table[input[i] + 128];
}

namespace {

// An operand in the common scale of a sum, which keeps 20 bits below the quantised value.
int32_t term(const Operand& operand, int8_t value) {
  return scaled((value - operand.zero_point) * (int32_t{1} << 20), operand.factor);
}

}  // namespace

void add(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i, a += layer.a.step, b += layer.b.step) {
    output[i] = stored(scaled(term(layer.a, *a) + term(layer.b, *b), layer.factor), layer.output);
  }
}

void sub(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i, a += layer.a.step, b += layer.b.step) {
    output[i] = stored(scaled(term(layer.a, *a) - term(layer.b, *b), layer.factor), layer.output);
  }
}

void mul(const Product& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i, a += layer.a_step, b += layer.b_step) {
    const int32_t product = (*a - layer.a_zero_point) * (*b - layer.b_zero_point);
    output[i] = stored(scaled(product, layer.factor), layer.output);
  }
}

void quantize(const Quantize& layer, const int8_t* input, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i) {
    output[i] = stored(scaled(input[i] - layer.input_zero_point, layer.factor), layer.output);
  }
}

}  // namespace kernels
}  // namespace tinygesture

#include "elementwise.h"

namespace tinygesture {
namespace kernels {

void lookup(const Lookup& layer, const int8_t* input, int8_t* output) {
  const int8_t* at_zero = layer.table + 128;
  const int8_t* end = input + layer.size;
  while (input != end) *output++ = at_zero[*input++];
}

namespace {

// output[i] = of(layer, a[i], b[i]) >> shift, within the output's range. The layer is a copy, which
// stays in registers: what is stored to the output cannot change it.
template <typename Layer>
inline void each(int32_t of(const Layer&, int32_t, int32_t), const Layer layer, const int8_t* a,
                 const int8_t* b, int8_t* output) {
  const int8_t* end = a + layer.size;
  if (layer.minimum == -128 && layer.maximum == 127) {
    while (a != end) *output++ = static_cast<int8_t>(ssat8(of(layer, *a++, *b++) >> layer.shift));
  } else {
    const Output range = {0, layer.minimum, layer.maximum};
    while (a != end) *output++ = stored(of(layer, *a++, *b++) >> layer.shift, range);
  }
}

}  // namespace

void weighted_sum(const WeightedSum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  each(weighted, layer, a, b, output);
}

void scaled_product(const ScaledProduct& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  each(multiplied, layer, a, b, output);
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

}  // namespace kernels
}  // namespace tinygesture

#include "elementwise.h"

namespace tinygesture {
namespace kernels {

void lookup(const Lookup& layer, const int8_t* input, int8_t* output) {
  const int8_t* at_zero = layer.table + 128;
  const int8_t* end = input + layer.size;
  const int8_t* fours = input + (layer.size & ~3);
  volatile int8_t* out = output;  // else four bytes are made a word, which takes longer
  for (; input != fours; input += 4, out += 4) {
    out[0] = at_zero[input[0]];
    out[1] = at_zero[input[1]];
    out[2] = at_zero[input[2]];
    out[3] = at_zero[input[3]];
  }
  while (input != end) *out++ = at_zero[*input++];
}

namespace {

// A weighted sum or a scaled product. The layer is a copy, which stays in registers: what is stored
// to the output cannot change it.
template <typename Layer>
inline void combine(const Layer layer, const int8_t* a, const int8_t* b, int8_t* output) {
  if (layer.minimum == -128 && layer.maximum == 127) {
    TINYGESTURE_FOUR_AT_A_TIME
    for (int32_t i = 0; i < layer.size; ++i) {
      output[i] = static_cast<int8_t>(ssat8(unshifted(layer, a[i], b[i]) >> layer.shift));
    }
  } else {
    const Output range = {0, layer.minimum, layer.maximum};
    for (int32_t i = 0; i < layer.size; ++i) {
      output[i] = stored(unshifted(layer, a[i], b[i]) >> layer.shift, range);
    }
  }
}

}  // namespace

void weighted_sum(const WeightedSum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  combine(layer, a, b, output);
}

void scaled_product(const ScaledProduct& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  combine(layer, a, b, output);
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

#include "chained.h"

namespace tinygesture {
namespace kernels {

namespace {

// Layers are copies, which stay in registers: what is stored to the output cannot change them.
template <typename Layer>
TINYGESTURE_INLINE int32_t element(const Layer& layer, int32_t a, int32_t b) {
  return ssat8(unshifted(layer, a, b) >> layer.shift);
}

}  // namespace

void looked_up_sum(const LookedUpSum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  const WeightedSum sum = layer.sum;
  const int8_t* at_zero = layer.table + 128;
  const int8_t* end = a + sum.size;
  while (a != end) *output++ = at_zero[element(sum, *a++, *b++)];
}

void sum_with_product(const SumWithProduct& layer, const int8_t* a, const int8_t* b,
                      const int8_t* c, int8_t* output) {
  const WeightedSum sum = layer.sum;
  const ScaledProduct product = layer.product;
  const int8_t* end = a + sum.size;
  while (a != end) {
    *output++ = static_cast<int8_t>(element(sum, *a++, element(product, *b++, *c++)));
  }
}

void looked_up_sum_with_product(const LookedUpSumWithProduct& layer, const int8_t* a,
                                const int8_t* b, const int8_t* c, int8_t* output) {
  const WeightedSum sum = layer.sum.sum;
  const ScaledProduct product = layer.sum.product;
  const int8_t* at_zero = layer.table + 128;
  const int8_t* end = a + sum.size;
  while (a != end) *output++ = at_zero[element(sum, *a++, element(product, *b++, *c++))];
}

}  // namespace kernels
}  // namespace tinygesture

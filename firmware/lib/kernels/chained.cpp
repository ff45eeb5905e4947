#include "chained.h"

namespace tinygesture {
namespace kernels {

namespace {

// Layers are copies, which stay in registers: what is stored to the output cannot change them.
template <typename Layer>
TINYGESTURE_INLINE int32_t element(const Layer& layer, int32_t a, int32_t b) {
  return ssat8(unshifted(layer, a, b) >> layer.shift);
}

// The place of a table's entry for 0.
TINYGESTURE_INLINE const int8_t* middle_of(const int8_t* table) {
  const int8_t* middle = table + 128;
  __asm__("" : "+r"(middle));  // else 128 is added to each value
  return middle;
}

}  // namespace

void looked_up_sum(const LookedUpSum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  const WeightedSum sum = layer.sum;
  const int8_t* at_zero = middle_of(layer.table);
  TINYGESTURE_FOUR_AT_A_TIME
  for (int32_t i = 0; i < sum.size; ++i) output[i] = at_zero[element(sum, a[i], b[i])];
}

void sum_with_product(const SumWithProduct& layer, const int8_t* a, const int8_t* b,
                      const int8_t* c, int8_t* output) {
  const WeightedSum sum = layer.sum;
  const ScaledProduct product = layer.product;
  TINYGESTURE_FOUR_AT_A_TIME
  for (int32_t i = 0; i < sum.size; ++i) {
    output[i] = static_cast<int8_t>(element(sum, a[i], element(product, b[i], c[i])));
  }
}

void looked_up_sum_with_product(const LookedUpSumWithProduct& layer, const int8_t* a,
                                const int8_t* b, const int8_t* c, int8_t* output) {
  const WeightedSum sum = layer.sum.sum;
  const ScaledProduct product = layer.sum.product;
  const int8_t* at_zero = middle_of(layer.table);
  TINYGESTURE_FOUR_AT_A_TIME
  for (int32_t i = 0; i < sum.size; ++i) {
    output[i] = at_zero[element(sum, a[i], element(product, b[i], c[i]))];
  }
}

}  // namespace kernels
}  // namespace tinygesture

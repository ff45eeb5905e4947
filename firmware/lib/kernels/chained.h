// Element-wise kernels one behind the other as one, for plans: values on the way need no memory.
// Generated code has loops of its own instead. The sums and products have no limits but int8's.
#pragma once
#include <stdint.h>

#include "elementwise.h"

namespace tinygesture {
namespace kernels {

struct LookedUpSum {
  WeightedSum sum;
  const int8_t* table;  // (256): the output for each sum -128..127
};
// (size), (size) -> (size)
void looked_up_sum(const LookedUpSum& layer, const int8_t* a, const int8_t* b, int8_t* output);

struct SumWithProduct {
  WeightedSum sum;  // of a, and of the product of b and c
  ScaledProduct product;
};
// (size), (size), (size) -> (size)
void sum_with_product(const SumWithProduct& layer, const int8_t* a, const int8_t* b,
                      const int8_t* c, int8_t* output);

struct LookedUpSumWithProduct {
  SumWithProduct sum;
  const int8_t* table;
};
// (size), (size), (size) -> (size)
void looked_up_sum_with_product(const LookedUpSumWithProduct& layer, const int8_t* a,
                                const int8_t* b, const int8_t* c, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

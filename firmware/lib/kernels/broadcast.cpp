#include "broadcast.h"

namespace tinygesture {
namespace kernels {

namespace {

template <typename Layer>
void each_row(void kernel(const Layer&, const int8_t*, const int8_t*, int8_t*),
              const RowsOf<Layer>& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  const Rows& rows = layer.rows;
  for (int32_t outer = 0; outer < rows.outer; ++outer) {
    for (int32_t row = 0; row < rows.rows; ++row, output += layer.row.size) {
      kernel(layer.row, a + outer * rows.a_outer + row * rows.a_row,
             b + outer * rows.b_outer + row * rows.b_row, output);
    }
  }
}

}  // namespace

void add_rows(const SumRows& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  each_row(add, layer, a, b, output);
}

void sub_rows(const SumRows& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  each_row(sub, layer, a, b, output);
}

void mul_rows(const ProductRows& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  each_row(mul, layer, a, b, output);
}

void weighted_sum_rows(const WeightedSumRows& layer, const int8_t* a, const int8_t* b,
                       int8_t* output) {
  each_row(weighted_sum, layer, a, b, output);
}

void scaled_product_rows(const ScaledProductRows& layer, const int8_t* a, const int8_t* b,
                         int8_t* output) {
  each_row(scaled_product, layer, a, b, output);
}

}  // namespace kernels
}  // namespace tinygesture

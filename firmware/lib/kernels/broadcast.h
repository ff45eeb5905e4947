// ADD, SUB and MUL of operands of different shapes: row by row, where in a row each operand either
// goes along or stands still.
#pragma once
#include <stdint.h>

#include "elementwise.h"

namespace tinygesture {
namespace kernels {

// How far each operand is from row to row, and from one set of rows to the next; 0: it repeats.
struct Rows {
  int32_t outer;
  int32_t rows;
  int32_t a_outer;
  int32_t a_row;
  int32_t b_outer;
  int32_t b_row;
};

template <typename Layer>
struct RowsOf {
  Rows rows;
  Layer row;
};

using SumRows = RowsOf<Sum>;
using ProductRows = RowsOf<Product>;
using WeightedSumRows = RowsOf<WeightedSum>;
using ScaledProductRows = RowsOf<ScaledProduct>;

// a and b as `rows` says -> (outer, rows, row.size)
void add_rows(const SumRows& layer, const int8_t* a, const int8_t* b, int8_t* output);
void sub_rows(const SumRows& layer, const int8_t* a, const int8_t* b, int8_t* output);
void mul_rows(const ProductRows& layer, const int8_t* a, const int8_t* b, int8_t* output);
void weighted_sum_rows(const WeightedSumRows& layer, const int8_t* a, const int8_t* b,
                       int8_t* output);
void scaled_product_rows(const ScaledProductRows& layer, const int8_t* a, const int8_t* b,
                         int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

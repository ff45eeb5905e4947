#include "paired.h"

namespace tinygesture {
namespace kernels {

namespace {

// The products of one kind of matrices.
template <bool per_channel, bool corrected>
struct Compiled {
  static PairedMatrix known(PairedMatrix matrix) {
    matrix.per_channel = per_channel;
    matrix.corrected = corrected;
    return matrix;
  }
  __attribute__((noinline)) static void of_row(const PairedMatrix& matrix, const uint32_t* row,
                                               int8_t* output) {
    multiply_row(known(matrix), row, output);
  }
  __attribute__((noinline)) static void of_two_rows(const PairedMatrix& matrix,
                                                    const uint32_t* row,
                                                    const uint32_t* next_row, int8_t* output) {
    multiply_two_rows(known(matrix), row, next_row, output);
  }
};

// A row of so few groups that the loop over them costs as much as two of them: without a loop.
template <int32_t groups>
__attribute__((noinline)) void of_short_row(const PairedMatrix& matrix, const uint32_t* row,
                                            int8_t* output) {
  PairedMatrix known = matrix;
  known.inputs = 4 * groups;
  known.per_channel = false;
  known.corrected = true;
  multiply_row(known, row, output);
}

// A correction of 0 costs little, and one scale for all outputs is rare without it.
using OneScale = Compiled<false, true>;
using Corrected = Compiled<true, true>;
using Uncorrected = Compiled<true, false>;

struct CompiledProducts {
  const PairedMatrix& matrix;

  void of_row(const uint32_t* row, int8_t* output) const {
    const auto multiply = !matrix.per_channel ? of_one_scale(groups_of(matrix.inputs))
                         : matrix.corrected  ? Corrected::of_row
                                             : Uncorrected::of_row;
    multiply(matrix, row, output);
  }
  static void (*of_one_scale(int32_t groups))(const PairedMatrix&, const uint32_t*, int8_t*) {
    switch (groups) {
      case 4: return of_short_row<4>;
      case 5: return of_short_row<5>;
      case 6: return of_short_row<6>;
      default: return OneScale::of_row;
    }
  }
  void of_two_rows(const uint32_t* row, const uint32_t* next_row, int8_t* output) const {
    const auto multiply = !matrix.per_channel ? OneScale::of_two_rows
                         : matrix.corrected  ? Corrected::of_two_rows
                                             : Uncorrected::of_two_rows;
    multiply(matrix, row, next_row, output);
  }
};

}  // namespace

void any_paired_rows(const PairedRows& layer, const int8_t* input, int8_t* output,
                     int8_t* scratch) {
  const CompiledProducts products = {layer.matrix};
  if (layer.rows == 1) {
    uint32_t* prepared = reinterpret_cast<uint32_t*>(scratch);
    prepare(input, layer.matrix.inputs, prepared);
    products.of_row(prepared, output);
    return limit(layer.matrix, output, layer.matrix.outputs);
  }
  multiply_rows(layer, products, input, output, scratch);
}

void any_paired_conv_2d(const PairedConv2d& layer, const int8_t* input, int8_t* output,
                        int8_t* scratch) {
  multiply_windows(layer, CompiledProducts{layer.matrix}, input, output, scratch);
}

}  // namespace kernels
}  // namespace tinygesture

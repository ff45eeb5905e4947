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

// A correction of 0 costs little, and one scale for all outputs is rare without it.
using OneScale = Compiled<false, true>;
using Corrected = Compiled<true, true>;
using Uncorrected = Compiled<true, false>;

struct CompiledProducts {
  const PairedMatrix& matrix;

  void of_row(const uint32_t* row, int8_t* output) const {
    const auto multiply = !matrix.per_channel ? OneScale::of_row
                         : matrix.corrected  ? Corrected::of_row
                                             : Uncorrected::of_row;
    multiply(matrix, row, output);
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
  multiply_rows(layer, CompiledProducts{layer.matrix}, input, output, scratch);
}

void any_paired_conv_2d(const PairedConv2d& layer, const int8_t* input, int8_t* output,
                        int8_t* scratch) {
  multiply_windows(layer, CompiledProducts{layer.matrix}, input, output, scratch);
}

}  // namespace kernels
}  // namespace tinygesture

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
  __attribute__((noinline)) static void of_two_rows_in_twos(const PairedMatrix& matrix,
                                                            const uint32_t* row,
                                                            const uint32_t* next_row,
                                                            int8_t* output) {
    multiply_two_rows(known(matrix), row, next_row, output, true);
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
    const bool in_twos = groups_of(matrix.inputs) % 2 == 0 && matrix.outputs % 2 == 0;
    const auto multiply = !matrix.per_channel ? OneScale::of_two_rows
                         : matrix.corrected  ? Corrected::of_two_rows
                         : in_twos           ? Uncorrected::of_two_rows_in_twos
                                             : Uncorrected::of_two_rows;
    multiply(matrix, row, next_row, output);
  }
};

// A row of so few groups that the loop over them costs as much as two of them: without a loop.
template <int32_t groups, bool corrected>
__attribute__((noinline)) void short_row(const PairedMatrix& matrix, const int8_t* input,
                                         int8_t* output, uint32_t* prepared) {
  PairedMatrix known = matrix;
  known.inputs = 4 * groups;
  known.per_channel = false;
  known.corrected = corrected;
  prepare(input, known.inputs, prepared);
  multiply_row(known, prepared, output);
}

__attribute__((noinline)) void long_row(const PairedMatrix& matrix, const int8_t* input,
                                        int8_t* output, uint32_t* prepared) {
  prepare(input, matrix.inputs, prepared);
  CompiledProducts{matrix}.of_row(prepared, output);
}

void one_row(const PairedMatrix& matrix, const int8_t* input, int8_t* output, uint32_t* prepared) {
  switch (matrix.per_channel ? 0 : matrix.inputs) {
    case 16: return short_row<4, true>(matrix, input, output, prepared);
    case 20: return short_row<5, true>(matrix, input, output, prepared);
    case 24:
      return matrix.corrected ? short_row<6, true>(matrix, input, output, prepared)
                              : short_row<6, false>(matrix, input, output, prepared);
    default: return long_row(matrix, input, output, prepared);
  }
}

__attribute__((noinline)) void many_rows(const PairedRows& layer, const int8_t* input,
                                         int8_t* output, int8_t* scratch) {
  multiply_rows(layer, CompiledProducts{layer.matrix}, input, output, scratch);
}

}  // namespace

void any_paired_rows(const PairedRows& layer, const int8_t* input, int8_t* output,
                     int8_t* scratch) {
  if (layer.rows > 1) return many_rows(layer, input, output, scratch);
  one_row(layer.matrix, input, output, reinterpret_cast<uint32_t*>(scratch));
  limit(layer.matrix, output, layer.matrix.outputs);
}

void any_paired_conv_2d(const PairedConv2d& layer, const int8_t* input, int8_t* output,
                        int8_t* scratch) {
  multiply_windows(layer, CompiledProducts{layer.matrix}, input, output, scratch);
}

}  // namespace kernels
}  // namespace tinygesture

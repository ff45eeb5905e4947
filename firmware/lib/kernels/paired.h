// FULLY_CONNECTED and CONV_2D at two multiply-accumulates per instruction (paired_words.h).
#pragma once
#include <stdint.h>

#include "paired_matrix.h"

namespace tinygesture {
namespace kernels {

struct PairedRows {
  int32_t rows;
  int32_t row_step;  // bytes from a row of input to the next; if a multiple of 4, rows may overlap
  int32_t strip;     // rows that are prepared at a time: 1, or an even number
  PairedMatrix matrix;
};

// A convolution whose windows are no runs of bytes, or hang over the input's edges.
struct PairedConv2d {
  int32_t input_height;
  int32_t input_width;
  int32_t input_depth;
  int32_t filter_height;
  int32_t filter_width;
  int32_t output_height;
  int32_t output_width;
  int32_t stride_height;
  int32_t stride_width;
  int32_t dilation_height;
  int32_t dilation_width;
  int32_t pad_top;
  int32_t pad_left;
  int32_t input_zero_point;
  PairedMatrix matrix;
};

// The products as generated code has them: in place, for a matrix that the compiler knows.
struct InlineProducts {
  const PairedMatrix& matrix;
  TINYGESTURE_INLINE void of_row(const uint32_t* row, int8_t* output) const {
    multiply_row(matrix, row, output);
  }
  TINYGESTURE_INLINE void of_two_rows(const uint32_t* row, const uint32_t* next_row,
                                      int8_t* output) const {
    multiply_two_rows(matrix, row, next_row, output);
  }
};

template <typename Products>
TINYGESTURE_INLINE void multiply_rows(const PairedRows& layer, const Products& products,
                                      const int8_t* input, int8_t* output, int8_t* scratch) {
  uint32_t* prepared = reinterpret_cast<uint32_t*>(scratch);
  const int32_t inputs = layer.matrix.inputs, outputs = layer.matrix.outputs;
  const bool aligned = layer.row_step % 4 == 0;
  const int32_t step = 2 * (aligned ? layer.row_step / 4 : groups_of(inputs));
  int8_t* results = output;
  for (int32_t left = layer.rows; left > 0; left -= layer.strip) {
    const int32_t count = left < layer.strip ? left : layer.strip;
    if (aligned) {
      prepare(input, (count - 1) * layer.row_step + inputs, prepared);
      input += count * layer.row_step;
    } else {
      for (int32_t i = 0; i < count; ++i, input += layer.row_step) {
        prepare(input, inputs, prepared + i * step);
      }
    }
    const uint32_t* row = prepared;
    for (int32_t i = 1; i < count; i += 2, row += 2 * step, results += 2 * outputs) {
      products.of_two_rows(row, row + step, results);
    }
    if (layer.rows % 2 && count % 2) products.of_row(row, results);
  }
  limit(layer.matrix, output, layer.rows * outputs);
}

inline int8_t* copied(const int8_t* from, int32_t count, int8_t* to) {
  for (; count >= 4; count -= 4, from += 4, to += 4) store_word(to, load_word(from));
  for (; count > 0; --count) *to++ = *from++;
  return to;
}

// Gathers the window at (top, left), and prepares it.
TINYGESTURE_INLINE void prepare_window(const PairedConv2d& layer, const int8_t* input, int32_t top,
                                       int32_t left, int8_t* gathered, uint32_t* prepared) {
  const int32_t depth = layer.input_depth;
  const int32_t line = layer.input_width * depth;
  const int32_t run = layer.filter_width * depth;
  const int32_t bottom = top + (layer.filter_height - 1) * layer.dilation_height;
  const int32_t right = left + (layer.filter_width - 1) * layer.dilation_width;
  const bool runs = left >= 0 && right < layer.input_width && layer.dilation_width == 1;
  if (runs && run % 4 == 0 && top >= 0 && bottom < layer.input_height) {
    for (int32_t y = top; y <= bottom; y += layer.dilation_height, prepared += run / 2) {
      prepare(input + y * line + left * depth, run, prepared);
    }
    return;
  }
  int8_t* end = gathered;
  for (int32_t y = top; y <= bottom; y += layer.dilation_height) {
    const bool inside = 0 <= y && y < layer.input_height;
    if (inside && runs) {
      end = copied(input + y * line + left * depth, run, end);
      continue;
    }
    for (int32_t x = left; x <= right; x += layer.dilation_width) {
      if (inside && 0 <= x && x < layer.input_width) {
        end = copied(input + y * line + x * depth, depth, end);
      } else {
        for (int32_t i = 0; i < depth; ++i) *end++ = static_cast<int8_t>(layer.input_zero_point);
      }
    }
  }
  prepare(gathered, layer.matrix.inputs, prepared);
}

template <typename Products>
TINYGESTURE_INLINE void multiply_windows(const PairedConv2d& layer, const Products& products,
                                         const int8_t* input, int8_t* output, int8_t* scratch) {
  uint32_t* prepared = reinterpret_cast<uint32_t*>(scratch);
  const int32_t step = 2 * groups_of(layer.matrix.inputs);
  int8_t* gathered = scratch + 16 * groups_of(layer.matrix.inputs);
  const int32_t pixels = layer.output_height * layer.output_width;
  int8_t* results = output;
  int32_t x = 0, top = -layer.pad_top;
  for (int32_t pixel = 0; pixel < pixels; pixel += 2) {
    const int32_t count = pixel + 1 < pixels ? 2 : 1;
    for (int32_t i = 0; i < count; ++i) {
      const int32_t left = x * layer.stride_width - layer.pad_left;
      prepare_window(layer, input, top, left, gathered, prepared + i * step);
      if (++x == layer.output_width) {
        x = 0;
        top += layer.stride_height;
      }
    }
    if (count == 2) {
      products.of_two_rows(prepared, prepared + step, results);
      results += 2 * layer.matrix.outputs;
    }
  }
  if (pixels % 2) products.of_row(prepared, results);
  limit(layer.matrix, output, pixels * layer.matrix.outputs);
}

// (rows, inputs) -> (rows, outputs); scratch: the two words of every group of a strip.
TINYGESTURE_INLINE void paired_rows(const PairedRows& layer, const int8_t* input, int8_t* output,
                                    int8_t* scratch) {
  multiply_rows(layer, InlineProducts{layer.matrix}, input, output, scratch);
}

// (input_height, input_width, input_depth) -> (output_height, output_width, outputs); scratch: the
// two words of every group of two windows, and a gathered window, in whole groups.
TINYGESTURE_INLINE void paired_conv_2d(const PairedConv2d& layer, const int8_t* input,
                                       int8_t* output, int8_t* scratch) {
  multiply_windows(layer, InlineProducts{layer.matrix}, input, output, scratch);
}

// The same for layers that are known at run time only: less code, some more instructions.
void any_paired_rows(const PairedRows& layer, const int8_t* input, int8_t* output,
                     int8_t* scratch);
void any_paired_conv_2d(const PairedConv2d& layer, const int8_t* input, int8_t* output,
                        int8_t* scratch);

}  // namespace kernels
}  // namespace tinygesture

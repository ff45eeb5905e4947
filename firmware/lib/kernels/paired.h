// Matrix products at two multiply-accumulates per instruction, from one byte per weight.
//
// A word of weights holds four of one output, b0..b3 within -127..127, as two exact int16 lanes:
//   word = (256 b1 + b0, 256 b3 + b2), of which sxtb16 takes (b0, b2).
// Four inputs x0..x3 are prepared once, as a pair of words:
//   odd  = (x1 - 127, x3 - 127)
//   even = (256 x0 - (x1 - 127), 256 x2 - (x3 - 127)), each within -32768..32767.
// In odd * word + even * sxtb16(word), over both lanes, the cross terms cancel:
//   256 (x0 b0 + (x1 - 127) b1 + x2 b2 + (x3 - 127) b3).
// So a sum here is 256 times that of the weights and inputs. What the 127 and the zero point of
// the input add to it is in the bias.
//
// Export packs weights and biases (host/tinygesture/export/compiler/packing.py), and proves that
// 256 times every sum fits into 32 bits.
#pragma once
#include <stdint.h>

#include "arithmetic.h"
#include "dsp.h"

namespace tinygesture {
namespace kernels {

// From 256 times a sum to an output: the high word of its product with the multiplier, plus the
// addend, which holds the rounding and the zero point, is shifted right. The correction is taken
// from that of a negative sum, because halves round away from zero.
struct Scale {
  int32_t multiplier;  // 0..2^31-1
  int32_t addend;
  int32_t correction;  // 0, or a power of two
  int32_t shift;       // 1..31
};

struct PairedMatrix {
  int32_t inputs;
  int32_t outputs;
  const uint32_t* weights;  // (pairs of outputs, groups of 4 inputs, 2)
  const int32_t* bias;      // (outputs, made even)
  const Scale* scales;      // (outputs, made even) if per_channel, else (1)
  bool per_channel;
  bool corrected;  // false: no sum needs a correction
  int32_t shift;   // of all scales, or 0: each has its own
  int32_t minimum;
  int32_t maximum;
};

struct PairedRows {
  int32_t rows;
  int32_t row_step;  // bytes of input from one row to the next; if a multiple of 4, rows may overlap
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

// Groups of 4 inputs, the last one filled up with weights of 0.
inline int32_t groups_of(int32_t inputs) { return (inputs + 3) / 4; }

#if defined(__ARM_FEATURE_DSP) && !defined(TINYGESTURE_PORTABLE)

// The next group of inputs.
TINYGESTURE_INLINE void prepare_group(const int8_t*& input, uint32_t*& prepared) {
  uint32_t bytes, even, odd;
  __asm__ volatile(
      "ldr %[bytes], [%[input]], #4\n\t"
      "sxtb16 %[odd], %[bytes], ror #8\n\t"
      "ssub16 %[odd], %[odd], %[shift]\n\t"
      "and %[even], %[upper], %[bytes], lsl #8\n\t"
      "ssub16 %[even], %[even], %[odd]\n\t"
      "strd %[even], %[odd], [%[prepared]], #8"
      : [bytes] "=&r"(bytes), [even] "=&r"(even), [odd] "=&r"(odd), [input] "+r"(input),
        [prepared] "+r"(prepared)
      : [shift] "r"(0x007F007F), [upper] "r"(0xFF00FF00)
      : "memory");
}

#else

TINYGESTURE_INLINE void prepare_group(const int8_t*& input, uint32_t*& prepared) {
  const uint32_t bytes = load_word(input);
  const uint32_t odd = ssub16(sxtb16_odd(bytes), 0x007F007F);
  prepared[0] = ssub16((bytes << 8) & 0xFF00FF00, odd);
  prepared[1] = odd;
  input += 4;
  prepared += 2;
}

#endif

// The even and odd words of `count` inputs.
TINYGESTURE_INLINE void prepare(const int8_t* input, int32_t count, uint32_t* prepared) {
  const int8_t* end = input + (count & ~7);
  while (input != end) {
    prepare_group(input, prepared);
    prepare_group(input, prepared);
  }
  if (count & 4) prepare_group(input, prepared);
  if (count & 3) {
    int8_t last[4] = {};
    memcpy(last, input, count & 3);
    input = last;
    prepare_group(input, prepared);
  }
}

// The sums of two outputs for one row.
struct PairedSums {
  int32_t first;
  int32_t second;
};

#if defined(__ARM_FEATURE_DSP) && !defined(TINYGESTURE_PORTABLE)

// One group of inputs of one row for two outputs.
TINYGESTURE_INLINE void multiply_2x1(const uint32_t*& weights, const uint32_t*& row, PairedSums& sums) {
  uint32_t a, b, even, odd;
  __asm__(
      "ldrd %[a], %[b], [%[weights]], #8\n\t"
      "ldrd %[even], %[odd], [%[row]], #8\n\t"
      "smlad %[first], %[odd], %[a], %[first]\n\t"
      "smlad %[second], %[odd], %[b], %[second]\n\t"
      "sxtb16 %[a], %[a]\n\t"
      "sxtb16 %[b], %[b]\n\t"
      "smlad %[first], %[even], %[a], %[first]\n\t"
      "smlad %[second], %[even], %[b], %[second]"
      : [a] "=&r"(a), [b] "=&r"(b), [even] "=&r"(even), [odd] "=&r"(odd),
        [weights] "+r"(weights), [row] "+r"(row), [first] "+r"(sums.first),
        [second] "+r"(sums.second)
      :
      : "memory");
}

// One group of inputs of one row for four outputs.
inline void multiply_4x1(const uint32_t*& weights, const uint32_t*& next_weights,
                         const uint32_t*& row, PairedSums& sums, PairedSums& next_sums) {
  uint32_t a, b, even, odd;
  __asm__(
      "ldrd %[a], %[b], [%[weights]], #8\n\t"
      "ldrd %[even], %[odd], [%[row]], #8\n\t"
      "smlad %[first], %[odd], %[a], %[first]\n\t"
      "smlad %[second], %[odd], %[b], %[second]\n\t"
      "sxtb16 %[a], %[a]\n\t"
      "sxtb16 %[b], %[b]\n\t"
      "smlad %[first], %[even], %[a], %[first]\n\t"
      "smlad %[second], %[even], %[b], %[second]\n\t"
      "ldrd %[a], %[b], [%[next_weights]], #8\n\t"
      "smlad %[third], %[odd], %[a], %[third]\n\t"
      "smlad %[fourth], %[odd], %[b], %[fourth]\n\t"
      "sxtb16 %[a], %[a]\n\t"
      "sxtb16 %[b], %[b]\n\t"
      "smlad %[third], %[even], %[a], %[third]\n\t"
      "smlad %[fourth], %[even], %[b], %[fourth]"
      : [a] "=&r"(a), [b] "=&r"(b), [even] "=&r"(even), [odd] "=&r"(odd),
        [weights] "+r"(weights), [next_weights] "+r"(next_weights), [row] "+r"(row),
        [first] "+r"(sums.first), [second] "+r"(sums.second), [third] "+r"(next_sums.first),
        [fourth] "+r"(next_sums.second)
      :
      : "memory");
}

// One group of inputs of two rows for two outputs.
inline void multiply_2x2(const uint32_t*& weights, const uint32_t*& row, const uint32_t*& next_row,
                         PairedSums& sums, PairedSums& next_sums) {
  uint32_t a, b, even_a, even_b, even, odd;
  __asm__(
      "ldrd %[a], %[b], [%[weights]], #8\n\t"
      "ldrd %[even], %[odd], [%[row]], #8\n\t"
      "sxtb16 %[even_a], %[a]\n\t"
      "sxtb16 %[even_b], %[b]\n\t"
      "smlad %[first], %[odd], %[a], %[first]\n\t"
      "smlad %[second], %[odd], %[b], %[second]\n\t"
      "smlad %[first], %[even], %[even_a], %[first]\n\t"
      "smlad %[second], %[even], %[even_b], %[second]\n\t"
      "ldrd %[even], %[odd], [%[next_row]], #8\n\t"
      "smlad %[third], %[odd], %[a], %[third]\n\t"
      "smlad %[fourth], %[odd], %[b], %[fourth]\n\t"
      "smlad %[third], %[even], %[even_a], %[third]\n\t"
      "smlad %[fourth], %[even], %[even_b], %[fourth]"
      : [a] "=&r"(a), [b] "=&r"(b), [even_a] "=&r"(even_a), [even_b] "=&r"(even_b),
        [even] "=&r"(even), [odd] "=&r"(odd), [weights] "+r"(weights), [row] "+r"(row),
        [next_row] "+r"(next_row), [first] "+r"(sums.first), [second] "+r"(sums.second),
        [third] "+r"(next_sums.first), [fourth] "+r"(next_sums.second)
      :
      : "memory");
}

#else

TINYGESTURE_INLINE void multiply_2x1(const uint32_t*& weights, const uint32_t*& row, PairedSums& sums) {
  sums.first = smlad(row[1], weights[0], smlad(row[0], sxtb16(weights[0]), sums.first));
  sums.second = smlad(row[1], weights[1], smlad(row[0], sxtb16(weights[1]), sums.second));
  weights += 2;
  row += 2;
}

inline void multiply_4x1(const uint32_t*& weights, const uint32_t*& next_weights,
                         const uint32_t*& row, PairedSums& sums, PairedSums& next_sums) {
  const uint32_t* same_row = row;
  multiply_2x1(weights, same_row, sums);
  multiply_2x1(next_weights, row, next_sums);
}

inline void multiply_2x2(const uint32_t*& weights, const uint32_t*& row, const uint32_t*& next_row,
                         PairedSums& sums, PairedSums& next_sums) {
  const uint32_t* same_weights = weights;
  multiply_2x1(same_weights, row, sums);
  multiply_2x1(weights, next_row, next_sums);
}

#endif

// A shift that the compiler knows costs nothing.
TINYGESTURE_INLINE int32_t shift_of(const PairedMatrix& matrix, const Scale& scale) {
  return __builtin_constant_p(matrix.shift) && matrix.shift ? matrix.shift : scale.shift;
}

// From sums to outputs, whose scales it goes through.
class Requantiser {
 public:
  TINYGESTURE_INLINE explicit Requantiser(const PairedMatrix& matrix)
      : matrix_(matrix), scale_(*matrix.scales), next_(matrix.scales) {}

  TINYGESTURE_INLINE void next_output() {
    if (matrix_.per_channel) scale_ = *next_++;
  }

  TINYGESTURE_INLINE int8_t operator()(int32_t sum) const {
    int32_t value = smmla(sum, scale_.multiplier, scale_.addend);
    if (matrix_.corrected) value += (sum >> 31) * scale_.correction;
    return static_cast<int8_t>(ssat8_of_shifted(value, shift_of(matrix_, scale_)));
  }

 private:
  const PairedMatrix& matrix_;
  Scale scale_;
  const Scale* next_;
};

// One prepared row times the matrix.
TINYGESTURE_INLINE void multiply_row(const PairedMatrix& matrix, const uint32_t* row,
                                     int8_t* output) {
  const int32_t groups = groups_of(matrix.inputs);
  const uint32_t* end = row + 2 * groups;
  const uint32_t* weights = matrix.weights;
  const int32_t* bias = matrix.bias;
  Requantiser requantised(matrix);
  int32_t left = matrix.outputs;
  for (; left >= 4; left -= 4, bias += 4, output += 4) {
    PairedSums sums = {bias[0], bias[1]};
    PairedSums next_sums = {bias[2], bias[3]};
    const uint32_t* next_weights = weights + 2 * groups;
    if (__builtin_constant_p(groups) && groups <= 8) {
      const uint32_t* at = row;
      TINYGESTURE_UNROLL
      for (int32_t i = 0; i < groups; ++i) {
        multiply_4x1(weights, next_weights, at, sums, next_sums);
      }
    } else {
      for (const uint32_t* at = row; at != end;) {
        multiply_4x1(weights, next_weights, at, sums, next_sums);
      }
    }
    weights = next_weights;
    requantised.next_output();
    output[0] = requantised(sums.first);
    requantised.next_output();
    output[1] = requantised(sums.second);
    requantised.next_output();
    output[2] = requantised(next_sums.first);
    requantised.next_output();
    output[3] = requantised(next_sums.second);
  }
  for (; left > 0; left -= 2, bias += 2) {
    PairedSums sums = {bias[0], bias[1]};
    for (const uint32_t* at = row; at != end;) multiply_2x1(weights, at, sums);
    requantised.next_output();
    *output++ = requantised(sums.first);
    if (left == 1) break;
    requantised.next_output();
    *output++ = requantised(sums.second);
  }
}

// Two prepared rows times the matrix.
TINYGESTURE_INLINE void multiply_two_rows(const PairedMatrix& matrix, const uint32_t* row,
                                          const uint32_t* next_row, int8_t* output) {
  const int32_t groups = groups_of(matrix.inputs);
  const uint32_t* end = row + 2 * groups;
  const uint32_t* weights = matrix.weights;
  const int32_t* bias = matrix.bias;
  Requantiser requantised(matrix);
  int8_t* next_output = output + matrix.outputs;
  for (int32_t left = matrix.outputs; left > 0; left -= 2, bias += 2) {
    PairedSums sums = {bias[0], bias[1]};
    PairedSums next_sums = sums;
    const uint32_t* at = row;
    const uint32_t* next_at = next_row;
    if (groups % 2) multiply_2x2(weights, at, next_at, sums, next_sums);
    while (at != end) {
      multiply_2x2(weights, at, next_at, sums, next_sums);
      multiply_2x2(weights, at, next_at, sums, next_sums);
    }
    requantised.next_output();
    *output++ = requantised(sums.first);
    *next_output++ = requantised(next_sums.first);
    if (left == 1) break;
    requantised.next_output();
    *output++ = requantised(sums.second);
    *next_output++ = requantised(next_sums.second);
  }
}

// A fused activation's limits, where they are not those of int8.
template <typename Layer>
TINYGESTURE_INLINE void limit(const Layer& layer, int8_t* values, int32_t count) {
  if (layer.minimum == -128 && layer.maximum == 127) return;
  const Output range = {0, layer.minimum, layer.maximum};
  for (int32_t i = 0; i < count; ++i) values[i] = stored(values[i], range);
}

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

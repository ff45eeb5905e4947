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

struct PairedRows {
  int32_t rows;
  int32_t row_step;  // bytes of input from one row to the next; if a multiple of 4, rows may overlap
  int32_t strip;     // rows that are prepared at a time: 1, or an even number
  int32_t inputs;
  int32_t outputs;
  const uint32_t* weights;  // (pairs of outputs, groups of 4 inputs, 2)
  const int32_t* bias;      // (outputs, made even)
  const Scale* scales;      // (outputs, made even) if per_channel, else (1)
  bool per_channel;
  bool corrected;  // false: no correction is needed
  int32_t shift;   // of all scales, or 0: each has its own
  int32_t minimum;
  int32_t maximum;
};

// Groups of 4 inputs, the last one filled up with weights of 0.
inline int32_t groups_of(int32_t inputs) { return (inputs + 3) / 4; }

inline void prepare_group(uint32_t bytes, uint32_t* prepared) {
  const uint32_t odd = ssub16(sxtb16_odd(bytes), 0x007F007F);
  prepared[0] = ssub16((bytes << 8) & 0xFF00FF00, odd);
  prepared[1] = odd;
}

// The even and odd words of `count` inputs.
TINYGESTURE_INLINE void prepare(const int8_t* input, int32_t count, uint32_t* prepared) {
  for (; count >= 4; count -= 4, input += 4, prepared += 2) {
    prepare_group(load_word(input), prepared);
  }
  if (count > 0) {
    uint32_t last = 0;
    memcpy(&last, input, count);
    prepare_group(last, prepared);
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
template <typename Layer>
TINYGESTURE_INLINE int32_t shift_of(const Layer& layer, const Scale& scale) {
  return __builtin_constant_p(layer.shift) && layer.shift ? layer.shift : scale.shift;
}

template <typename Layer>
TINYGESTURE_INLINE int8_t requantised(const Layer& layer, const Scale& scale, int32_t sum) {
  int32_t value = smmla(sum, scale.multiplier, scale.addend);
  if (layer.corrected) value += (sum >> 31) * scale.correction;
  return static_cast<int8_t>(ssat8_of_shifted(value, shift_of(layer, scale)));
}

// One prepared row times the matrix.
template <typename Layer>
TINYGESTURE_INLINE void multiply_row(const Layer& layer, const uint32_t* row, int8_t* output) {
  const int32_t groups = groups_of(layer.inputs);
  const uint32_t* end = row + 2 * groups;
  const uint32_t* weights = layer.weights;
  const int32_t* bias = layer.bias;
  const Scale* scale = layer.scales;
  const int32_t step = layer.per_channel ? 1 : 0;
  int32_t left = layer.outputs;
  for (; left > 2; left -= 4, bias += 4, scale += 4 * step, output += 4) {
    PairedSums sums = {bias[0], bias[1]};
    PairedSums next_sums = {bias[2], bias[3]};
    const uint32_t* next_weights = weights + 2 * groups;
    const uint32_t* at = row;
    if (groups % 2) multiply_4x1(weights, next_weights, at, sums, next_sums);
    while (at != end) {
      multiply_4x1(weights, next_weights, at, sums, next_sums);
      multiply_4x1(weights, next_weights, at, sums, next_sums);
    }
    weights = next_weights;
    output[0] = requantised(layer, scale[0], sums.first);
    output[1] = requantised(layer, scale[step], sums.second);
    output[2] = requantised(layer, scale[2 * step], next_sums.first);
    if (left > 3) output[3] = requantised(layer, scale[3 * step], next_sums.second);
  }
  if (left > 0) {
    PairedSums sums = {bias[0], bias[1]};
    while (row != end) multiply_2x1(weights, row, sums);
    output[0] = requantised(layer, scale[0], sums.first);
    if (left > 1) output[1] = requantised(layer, scale[step], sums.second);
  }
}

// Two prepared rows times the matrix.
template <typename Layer>
TINYGESTURE_INLINE void multiply_two_rows(const Layer& layer, const uint32_t* row,
                                          const uint32_t* next_row, int8_t* output) {
  const int32_t groups = groups_of(layer.inputs);
  const uint32_t* end = row + 2 * groups;
  const uint32_t* weights = layer.weights;
  const int32_t* bias = layer.bias;
  const Scale* scale = layer.scales;
  const int32_t step = layer.per_channel ? 1 : 0;
  int8_t* next_output = output + layer.outputs;
  for (int32_t left = layer.outputs; left > 0; left -= 2, bias += 2, scale += 2 * step) {
    PairedSums sums = {bias[0], bias[1]};
    PairedSums next_sums = sums;
    const uint32_t* at = row;
    const uint32_t* next_at = next_row;
    if (groups % 2) multiply_2x2(weights, at, next_at, sums, next_sums);
    while (at != end) {
      multiply_2x2(weights, at, next_at, sums, next_sums);
      multiply_2x2(weights, at, next_at, sums, next_sums);
    }
    *output++ = requantised(layer, scale[0], sums.first);
    *next_output++ = requantised(layer, scale[0], next_sums.first);
    if (left == 1) break;
    *output++ = requantised(layer, scale[step], sums.second);
    *next_output++ = requantised(layer, scale[step], next_sums.second);
  }
}

// A fused activation's limits, where they are not those of int8.
template <typename Layer>
TINYGESTURE_INLINE void limit(const Layer& layer, int8_t* values, int32_t count) {
  if (layer.minimum == -128 && layer.maximum == 127) return;
  const Output range = {0, layer.minimum, layer.maximum};
  for (int32_t i = 0; i < count; ++i) values[i] = stored(values[i], range);
}

// (rows, inputs) -> (rows, outputs); scratch: the words of a strip
TINYGESTURE_INLINE void paired_rows(const PairedRows& layer, const int8_t* input, int8_t* output,
                                    int8_t* scratch) {
  uint32_t* prepared = reinterpret_cast<uint32_t*>(scratch);
  const bool aligned = layer.row_step % 4 == 0;
  const int32_t step = 2 * (aligned ? layer.row_step / 4 : groups_of(layer.inputs));
  int8_t* results = output;
  for (int32_t left = layer.rows; left > 0; left -= layer.strip) {
    const int32_t count = left < layer.strip ? left : layer.strip;
    if (aligned) {
      prepare(input, (count - 1) * layer.row_step + layer.inputs, prepared);
      input += count * layer.row_step;
    } else {
      for (int32_t i = 0; i < count; ++i, input += layer.row_step) {
        prepare(input, layer.inputs, prepared + i * step);
      }
    }
    const uint32_t* row = prepared;
    for (int32_t i = 1; i < count; i += 2, row += 2 * step, results += 2 * layer.outputs) {
      multiply_two_rows(layer, row, row + step, results);
    }
    if (layer.rows % 2 && count % 2) multiply_row(layer, row, results);
  }
  limit(layer, output, layer.rows * layer.outputs);
}

}  // namespace kernels
}  // namespace tinygesture

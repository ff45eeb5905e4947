// Two multiply-accumulates per instruction, from one byte per weight.
//
// A word of weights holds four of one output, b0..b3 within -127..127, as two exact int16 lanes:
//   word = (256 b1 + b0, 256 b3 + b2), of which sxtb16 takes (b0, b2).
// Four inputs x0..x3 are prepared once, as a pair of words:
//   odd  = (x1 - 127, x3 - 127)
//   even = (256 x0 - (x1 - 127), 256 x2 - (x3 - 127)), each within -32768..32767.
// In odd * word + even * sxtb16(word), over both lanes, the cross terms cancel:
//   256 (x0 b0 + (x1 - 127) b1 + x2 b2 + (x3 - 127) b3).
#pragma once
#include <stdint.h>

#include "dsp.h"

namespace tinygesture {
namespace kernels {

// Groups of 4 inputs, the last one filled up with weights of 0.
inline int32_t groups_of(int32_t inputs) { return (inputs + 3) >> 2; }

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
TINYGESTURE_INLINE void multiply_2x1(const uint32_t*& weights, const uint32_t*& row,
                                     PairedSums& sums) {
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

TINYGESTURE_INLINE void multiply_2x1(const uint32_t*& weights, const uint32_t*& row,
                                     PairedSums& sums) {
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

}  // namespace kernels
}  // namespace tinygesture

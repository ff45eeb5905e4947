// The Cortex-M4's instructions for two int16 lanes and for high products, and what they compute
// written out for every other machine. TINYGESTURE_PORTABLE takes the latter everywhere.
//
// Source: Arm v7-M Architecture Reference Manual, A7.7. In inline assembly, because the compiler
// that boards are built with (GCC 7) has no intrinsics for them.
#pragma once
#include <stdint.h>
#include <string.h>

// A function whose cost depends on the compiler knowing its arguments.
#define TINYGESTURE_INLINE inline __attribute__((always_inline))

// The loop that follows is unrolled: whole, where the compiler knows that it has up to 32 turns; or
// four turns at a time.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 8
#define TINYGESTURE_UNROLL _Pragma("GCC unroll 32")
#define TINYGESTURE_FOUR_AT_A_TIME _Pragma("GCC unroll 4")
#else
#define TINYGESTURE_UNROLL
#define TINYGESTURE_FOUR_AT_A_TIME
#endif

namespace tinygesture {
namespace kernels {

// Four int8 in the order of their addresses, the first in the lowest byte.
inline uint32_t load_word(const void* bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof(word));
  return word;
}

inline void store_word(void* bytes, uint32_t word) { memcpy(bytes, &word, sizeof(word)); }

inline int32_t low_lane(uint32_t lanes) { return static_cast<int16_t>(lanes); }
inline int32_t high_lane(uint32_t lanes) { return static_cast<int16_t>(lanes >> 16); }

inline uint32_t two_lanes(int32_t low, int32_t high) {
  return (static_cast<uint32_t>(high) << 16) | (static_cast<uint32_t>(low) & 0xFFFF);
}

// A constant as it is: the compiler would make it of other constants, in more instructions.
TINYGESTURE_INLINE int32_t in_register(int32_t constant) {
  __asm__("" : "+r"(constant));
  return constant;
}

#if defined(__ARM_FEATURE_DSP) && !defined(TINYGESTURE_PORTABLE)

// sum + a.low * b.low + a.high * b.high, modulo 2^32.
inline int32_t smlad(uint32_t a, uint32_t b, int32_t sum) {
  int32_t result;
  __asm__("smlad %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
}

// Bytes 0 and 2, sign-extended to two lanes.
inline uint32_t sxtb16(uint32_t bytes) {
  uint32_t lanes;
  __asm__("sxtb16 %0, %1" : "=r"(lanes) : "r"(bytes));
  return lanes;
}

// Bytes 1 and 3, sign-extended to two lanes.
inline uint32_t sxtb16_odd(uint32_t bytes) {
  uint32_t lanes;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(lanes) : "r"(bytes));
  return lanes;
}

// Bytes 0 and 2 added to two lanes, each modulo 2^16.
inline uint32_t sxtab16(uint32_t sums, uint32_t bytes) {
  uint32_t lanes;
  __asm__("sxtab16 %0, %1, %2" : "=r"(lanes) : "r"(sums), "r"(bytes));
  return lanes;
}

// Bytes 1 and 3 added to two lanes, each modulo 2^16.
inline uint32_t sxtab16_odd(uint32_t sums, uint32_t bytes) {
  uint32_t lanes;
  __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(lanes) : "r"(sums), "r"(bytes));
  return lanes;
}

// The larger of each of four int8.
inline uint32_t larger_bytes(uint32_t a, uint32_t b) {
  uint32_t larger;
  __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(larger) : "r"(a), "r"(b) : "cc");
  return larger;
}

// a - b in both lanes, each modulo 2^16.
inline uint32_t ssub16(uint32_t a, uint32_t b) {
  uint32_t lanes;
  __asm__("ssub16 %0, %1, %2" : "=r"(lanes) : "r"(a), "r"(b));
  return lanes;
}

// sum + a * b / 2^32 rounded down, modulo 2^32.
inline int32_t smmla(int32_t a, int32_t b, int32_t sum) {
  int32_t result;
  __asm__("smmla %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
}

// sum + a * b / 2^32 to the nearest, halves up, modulo 2^32.
inline int32_t smmlar(int32_t a, int32_t b, int32_t sum) {
  int32_t result;
  __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
}

// a * b / 2^32 to the nearest, halves up.
inline int32_t smmulr(int32_t a, int32_t b) {
  int32_t result;
  __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
  return result;
}

// The nearest value within -128..127.
inline int32_t ssat8(int32_t value) {
  int32_t result;
  __asm__("ssat %0, #8, %1" : "=r"(result) : "r"(value));
  return result;
}

// The same of value >> shift, 1..31: one instruction where the compiler knows the shift.
TINYGESTURE_INLINE int32_t ssat8_of_shifted(int32_t value, int32_t shift) {
  if (!__builtin_constant_p(shift)) return ssat8(value >> shift);
  int32_t result;
  __asm__("ssat %0, #8, %1, asr %2" : "=r"(result) : "r"(value), "I"(shift));
  return result;
}

#else

inline int32_t smlad(uint32_t a, uint32_t b, int32_t sum) {
  const int64_t products = int64_t{low_lane(a)} * low_lane(b) + high_lane(a) * high_lane(b);
  return static_cast<int32_t>(static_cast<uint32_t>(products) + static_cast<uint32_t>(sum));
}

inline uint32_t sxtb16(uint32_t bytes) {
  return two_lanes(static_cast<int8_t>(bytes), static_cast<int8_t>(bytes >> 16));
}

inline uint32_t sxtb16_odd(uint32_t bytes) { return sxtb16(bytes >> 8); }

inline uint32_t sxtab16(uint32_t sums, uint32_t bytes) {
  const uint32_t added = sxtb16(bytes);
  return two_lanes(low_lane(sums) + low_lane(added), high_lane(sums) + high_lane(added));
}

inline uint32_t sxtab16_odd(uint32_t sums, uint32_t bytes) { return sxtab16(sums, bytes >> 8); }

inline uint32_t larger_bytes(uint32_t a, uint32_t b) {
  uint32_t larger = 0;
  for (int32_t shift = 0; shift < 32; shift += 8) {
    const bool first = static_cast<int8_t>(a >> shift) > static_cast<int8_t>(b >> shift);
    larger |= (first ? a : b) & (uint32_t{0xFF} << shift);
  }
  return larger;
}

inline uint32_t ssub16(uint32_t a, uint32_t b) {
  return two_lanes(low_lane(a) - low_lane(b), high_lane(a) - high_lane(b));
}

inline int32_t smmla(int32_t a, int32_t b, int32_t sum) {
  const int64_t floor = (int64_t{a} * b >> 32) + sum;
  return static_cast<int32_t>(static_cast<uint32_t>(floor));
}

inline int32_t smmlar(int32_t a, int32_t b, int32_t sum) {
  const int64_t rounded = ((int64_t{a} * b + (int64_t{1} << 31)) >> 32) + sum;
  return static_cast<int32_t>(static_cast<uint32_t>(rounded));
}

inline int32_t smmulr(int32_t a, int32_t b) { return smmlar(a, b, 0); }

inline int32_t ssat8(int32_t value) { return value < -128 ? -128 : value > 127 ? 127 : value; }
inline int32_t ssat8_of_shifted(int32_t value, int32_t shift) { return ssat8(value >> shift); }

#endif

}  // namespace kernels
}  // namespace tinygesture

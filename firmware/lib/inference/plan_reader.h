// Reads a plan, little-endian words one after the other. Whatever its bytes are, nothing is read
// outside it: what does not fit reads as the least that is allowed, and ok() turns false.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "arithmetic.h"

namespace tinygesture {

// a * b for factors of 0..2^40; 2^40 stands for everything above it.
int64_t product(int64_t a, int64_t b);
template <typename... Rest>
int64_t product(int64_t a, int64_t b, Rest... rest) {
  return product(product(a, b), rest...);
}

class PlanReader {
 public:
  static constexpr int32_t kMaxSize = 1 << 20;

  // size: in bytes, a multiple of 4; begin: where the first word to read is, in bytes.
  PlanReader(const uint32_t* words, int32_t size, uint32_t begin)
      : words_(words), size_(size), at_(begin) {
    expect(begin % 4 == 0);
  }

  int32_t word();
  int32_t within(int32_t least, int32_t most);
  int32_t size() { return within(1, kMaxSize); }
  int32_t zero_point() { return within(-128, 127); }
  bool flag() { return within(0, 1) != 0; }
  kernels::Factor factor();
  kernels::Output output();

  // `count` elements at an offset that a word gave, read-only; T of int8, int32 or of int32 alone.
  template <typename T>
  const T* array(int32_t offset, int64_t count) {
    return static_cast<const T*>(bytes(offset, product(count, sizeof(T)), alignof(T)));
  }
  // The same, or nullptr where the offset is 0.
  template <typename T>
  const T* optional_array(int32_t offset, int64_t count) {
    return offset == 0 ? nullptr : array<T>(offset, count);
  }
  const kernels::Factor* factors(int32_t offset, int64_t count);

  // Sums of up to this magnitude, times the factor and plus a zero point, stay within 32 bits.
  void expect_in_range(int64_t largest, const kernels::Factor& factor);

  // Printable text up to a NUL, at an offset that the next word gives; its bytes with the NUL are
  // added to `total`.
  const char* text(size_t* total);

  uint32_t position() const { return at_; }  // of the next word, in bytes
  void expect(bool condition) { ok_ = ok_ && condition; }
  bool ok() const { return ok_; }

 private:
  const void* bytes(int32_t offset, int64_t size, int32_t alignment);

  const uint32_t* words_;
  int32_t size_;
  uint32_t at_;
  bool ok_ = true;
};

}  // namespace tinygesture

#include "plan_reader.h"

namespace tinygesture {

namespace {

bool allowed(const kernels::Factor& factor) {
  return factor.multiplier >= 0 && -31 <= factor.shift && factor.shift <= 30;
}

}  // namespace

int64_t product(int64_t a, int64_t b) {
  constexpr int64_t kMost = int64_t{1} << 40;
  return a == 0 || b <= kMost / a ? a * b : kMost;
}

int32_t PlanReader::word() {
  expect(at_ < uint32_t(size_));
  if (!ok_) return 0;
  const int32_t value = int32_t(words_[at_ / 4]);
  at_ += 4;
  return value;
}

int32_t PlanReader::within(int32_t least, int32_t most) {
  const int32_t value = word();
  expect(least <= value && value <= most);
  return ok_ ? value : least;
}

kernels::Factor PlanReader::factor() {
  kernels::Factor factor;
  factor.multiplier = word();
  factor.shift = word();
  expect(allowed(factor));
  return ok_ ? factor : kernels::Factor{0, 0};
}

kernels::Output PlanReader::output() {
  kernels::Output output;
  output.zero_point = zero_point();
  output.minimum = within(-128, 127);
  output.maximum = within(-128, 127);
  return output;
}

const void* PlanReader::bytes(int32_t offset, int64_t size, int32_t alignment) {
  const bool fits =
      0 < offset && offset <= size_ && offset % alignment == 0 && size <= size_ - offset;
  expect(fits);
  return fits ? reinterpret_cast<const uint8_t*>(words_) + offset : nullptr;
}

const kernels::Factor* PlanReader::factors(int32_t offset, int64_t count) {
  const kernels::Factor* factors = array<kernels::Factor>(offset, count);
  if (factors == nullptr) return nullptr;
  for (int64_t i = 0; i < count; ++i) expect(allowed(factors[i]));
  return factors;
}

void PlanReader::expect_in_range(int64_t largest, const kernels::Factor& factor) {
  constexpr int64_t kLimit = (int64_t{1} << 31) - 256;
  expect(product(largest, int64_t{1} << (factor.shift > 0 ? factor.shift : 0)) < kLimit);
}

const char* PlanReader::text(size_t* total) {
  const int32_t offset = word();
  const char* text = array<char>(offset, 1);
  if (text == nullptr) return "";
  const int32_t most = size_ - offset;
  int32_t length = 0;
  while (length < most && uint8_t(text[length]) >= ' ' && text[length] != 0x7F) ++length;
  expect(length < most && text[length] == '\0');
  *total += size_t(length) + 1;
  return ok_ ? text : "";
}

}  // namespace tinygesture

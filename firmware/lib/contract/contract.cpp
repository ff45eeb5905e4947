#include "contract.h"

namespace tinygesture {

namespace {

int64_t floor_divide(int64_t numerator, int64_t denominator) {
  const int64_t quotient = numerator / denominator;
  return quotient - (numerator % denominator < 0 ? 1 : 0);
}

int16_t interpolate(int16_t first, int16_t second, uint32_t into, uint32_t step) {
  const int64_t product = int64_t(int32_t(second) - first) * into;
  return int16_t(first + floor_divide(2 * product + step, 2 * int64_t(step)));
}

}  // namespace

void Resampler::reset() {
  started_ = false;
  restarted_ = false;
}

bool Resampler::push(const Sample& sample) {
  const uint32_t step = sample.t_us - latest_.t_us;
  previous_ = latest_;
  latest_ = sample;
  if (started_ && step > 0 && step <= kMaxGapUs) return false;
  gaps_ += started_ ? 1 : 0;
  started_ = restarted_ = true;
  grid_us_ = sample.t_us;
  return true;
}

bool Resampler::next(Sample* out) {
  if (restarted_) {
    restarted_ = false;
    grid_us_ += kCanonicalPeriodUs;
    *out = latest_;
    previous_ = latest_;
    return true;
  }
  const uint32_t step = latest_.t_us - previous_.t_us;
  const uint32_t into = grid_us_ - previous_.t_us;
  if (step == 0 || into > step) return false;
  for (uint8_t c = 0; c < kChannels; ++c)
    out->counts[c] = interpolate(previous_.counts[c], latest_.counts[c], into, step);
  out->t_us = grid_us_;
  grid_us_ += kCanonicalPeriodUs;
  return true;
}

void Quantisation::quantise(const int16_t counts[kChannels], int8_t out[kChannels]) const {
  for (uint8_t c = 0; c < kChannels; ++c) {
    const int32_t q = (counts[c] * multipliers[c] + (int32_t(1) << (shift - 1))) >> shift;
    out[c] = int8_t(q < -128 ? -128 : q > 127 ? 127 : q);
  }
}

}  // namespace tinygesture

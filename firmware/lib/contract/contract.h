// The sample contract: units, the canonical rate, and the model's integer input.
// Integer twin of host/tinygesture/contract.py: the same counts give the same results, bit for bit.
#pragma once
#include <stdint.h>

namespace tinygesture {

constexpr uint8_t kChannels = 6;  // ax ay az gx gy gz
constexpr uint32_t kCanonicalPeriodUs = 10000;
constexpr uint32_t kMaxGapUs = 50000;

// Accelerometer: 1 count = 4/32768 g. Gyroscope: 1 count = 2000/32768 degrees per second.
struct Sample {
  uint32_t t_us;  // device clock, wraps; only modular differences have a meaning
  int16_t counts[kChannels];
};

// Linear interpolation onto a grid of kCanonicalPeriodUs that begins at the first sample.
// A step between samples of 0 or over kMaxGapUs restarts the grid at the new sample.
//
//   if (resampler.push(sample)) ...   // true: the grid begins anew, reset what follows
//   while (resampler.next(&out)) ...
class Resampler {
 public:
  bool push(const Sample& sample);
  bool next(Sample* out);
  void reset();
  uint32_t gaps() const { return gaps_; }

 private:
  Sample previous_ = {};
  Sample latest_ = {};
  uint32_t grid_us_ = 0;
  uint32_t gaps_ = 0;
  bool started_ = false;
  bool restarted_ = false;
};

// q = sat8((count * multiplier + 2^(shift-1)) >> shift); the model's input has scale 1/128.
struct Quantisation {
  int32_t multipliers[kChannels];  // 0..32767
  uint8_t shift;                   // 1..24

  void quantise(const int16_t counts[kChannels], int8_t out[kChannels]) const;
};

}  // namespace tinygesture

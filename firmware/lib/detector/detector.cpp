#include "detector.h"

#include <string.h>

namespace tinygesture {

namespace {

uint8_t steps_of(uint16_t samples, uint16_t hop) {
  const uint16_t steps = uint16_t((samples + hop - 1) / hop);
  if (steps < 1) return 1;
  return uint8_t(steps < Detector::kMaxSmoothingSteps ? steps : Detector::kMaxSmoothingSteps);
}

uint16_t add_saturated(uint16_t a, uint16_t b) { return uint16_t(a + b > 0xFFFF ? 0xFFFF : a + b); }

}  // namespace

Detector::Detector(const DetectorConfig& config, uint8_t label_count, uint16_t hop)
    : config_(config),
      label_count_(label_count),
      hop_(hop),
      smoothing_steps_(steps_of(config.smoothing, hop)) {
  reset();
}

void Detector::reset() {
  memset(sums_, 0, sizeof sums_);
  filled_ = next_ = 0;
  top_ = kMaxLabels;
  reported_ = false;
  start_us_ = 0;
  over_ = 0;
  since_event_ = 0xFFFF;
}

void Detector::smooth(const int8_t* probabilities) {
  uint8_t* slot = history_[next_];
  for (uint8_t i = 0; i < label_count_; ++i) {
    const uint8_t probability = uint8_t(probabilities[i] + 128);
    if (filled_ == smoothing_steps_) sums_[i] = uint16_t(sums_[i] - slot[i]);
    sums_[i] = uint16_t(sums_[i] + probability);
    slot[i] = probability;
  }
  if (filled_ < smoothing_steps_) ++filled_;
  next_ = uint8_t(next_ + 1 == smoothing_steps_ ? 0 : next_ + 1);
}

uint8_t Detector::most_probable() const {
  uint8_t top = 0;
  for (uint8_t i = 1; i < label_count_; ++i)
    if (sums_[i] > sums_[top]) top = i;
  return top;
}

uint8_t Detector::confidence_in(uint8_t label) const {
  const uint32_t left = 256u - sums_[label] / filled_;
  const uint32_t doubt = (left * config_.doubt + 32) >> 6;
  if (doubt == 0) return 255;
  return uint8_t(doubt > 256 ? 0 : 256 - doubt);
}

bool Detector::push(const int8_t* probabilities, uint32_t t_us, Event* event) {
  smooth(probabilities);
  since_event_ = add_saturated(since_event_, hop_);
  const uint8_t top = most_probable();
  if (top != top_) {
    top_ = top;
    reported_ = false;
    start_us_ = t_us;
    over_ = 0;
  }
  const bool background = (config_.background >> top) & 1;
  const bool over = sums_[top] >= config_.thresholds[top] * filled_;
  over_ = over && !background ? add_saturated(over_, hop_) : 0;
  if (over_ == 0 || over_ < config_.minimum) return false;
  if (reported_ || since_event_ < config_.refractory) return false;
  reported_ = true;
  since_event_ = 0;
  *event = Event{top, confidence_in(top), start_us_, t_us};
  return true;
}

}  // namespace tinygesture

#include "stepper.h"

#include <string.h>

namespace tinygesture {

Stepper::Stepper(const Model& model, Engine& engine)
    : engine_(engine),
      window_(model.window),
      hop_(model.hop),
      taken_(engine.samples(model.window)) {
  reset();
}

bool Stepper::push(const int8_t sample[kChannels], int8_t* probabilities) {
  memcpy(samples_ + filled_ * kChannels, sample, kChannels);
  if (missing_ > 0) --missing_;
  if (++filled_ < taken_) return false;
  engine_.invoke(samples_, probabilities);
  filled_ -= hop_;
  memmove(samples_, samples_ + hop_ * kChannels, filled_ * kChannels);
  return missing_ == 0;
}

void Stepper::reset() {
  missing_ = window_;
  // So that a call falls on the end of the first window, the first call may begin before the first
  // sample, with values that no window sees.
  filled_ = (hop_ - (window_ - taken_) % hop_) % hop_;
  memset(samples_, 0, filled_ * kChannels);
  engine_.reset();
}

}  // namespace tinygesture

#include "stepper.h"

#include <string.h>

namespace tinygesture {

Stepper::Stepper(const Model& model, Engine& engine)
    : engine_(engine), window_(model.window), hop_(model.hop) {
  reset();
}

bool Stepper::push(const int8_t sample[kChannels], int8_t* probabilities) {
  memcpy(samples_ + filled_ * kChannels, sample, kChannels);
  if (++filled_ < window_) return false;
  engine_.invoke(samples_, probabilities);
  filled_ -= hop_;
  memmove(samples_, samples_ + hop_ * kChannels, filled_ * kChannels);
  return true;
}

void Stepper::reset() {
  filled_ = 0;
  engine_.reset();
}

}  // namespace tinygesture

// Canonical samples -> inferences: a window of the latest samples, moved on by a hop at a time.
#pragma once
#include <stdint.h>

#include "engine.h"
#include "model.h"

namespace tinygesture {

class Stepper {
 public:
  Stepper(const Model& model, Engine& engine);

  // One quantised canonical sample. True: `probabilities`, int8 (labels), are those of the window
  // that ends here: when it is first full, and then after every hop.
  bool push(const int8_t sample[kChannels], int8_t* probabilities);

  // Forgets the samples and the engine's state.
  void reset();

 private:
  Engine& engine_;
  const uint16_t window_;
  const uint16_t hop_;
  const uint16_t taken_;  // samples of one call, at most a window
  uint16_t filled_ = 0;   // of these
  uint16_t missing_ = 0;  // samples until the first window is full
  alignas(4) int8_t samples_[kMaxWindow * kChannels];  // (taken, channels), oldest first
};

}  // namespace tinygesture

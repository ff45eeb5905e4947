// Canonical samples -> inferences: a window of the latest samples, moved on by a hop at a time.
#pragma once
#include <stdint.h>

#include "engine.h"
#include "model.h"

namespace tinygesture {

class Stepper {
 public:
  Stepper(const Model& model, Engine& engine);

  // One quantised canonical sample. The engine runs when the window is first full and then after
  // every hop. True: `probabilities`, int8 (labels), was written.
  bool push(const int8_t sample[kChannels], int8_t* probabilities);

  // Forgets the samples and the engine's state.
  void reset();

 private:
  Engine& engine_;
  const uint16_t window_;
  const uint16_t hop_;
  uint16_t filled_ = 0;
  int8_t samples_[kMaxWindow * kChannels];  // (window, channels), oldest first
};

}  // namespace tinygesture

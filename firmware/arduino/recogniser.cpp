#include "recogniser.h"

#include <string.h>

namespace tinygesture {

bool Recogniser::begin() {
  imu_.begin();
  return trouble() == nullptr;
}

bool Recogniser::on(const char* label, Callback callback) {
  for (uint8_t i = 0; i < model_.label_count; ++i) {
    if (strcmp(model_.labels[i], label) != 0) continue;
    callbacks_[i] = callback;
    return true;
  }
  return false;
}

void Recogniser::loop() {
  Sample sample;
  uint32_t index;
  while (imu_.pop(&sample, &index)) pipeline_.push(sample, *this);
}

void Recogniser::on_event(const Event& event) {
  const Gesture gesture = {model_.labels[event.label], float(event.confidence) / 256,
                           event.start_us, event.end_us};
  if (callbacks_[event.label]) callbacks_[event.label](gesture);
  if (any_) any_(gesture);
}

}  // namespace tinygesture

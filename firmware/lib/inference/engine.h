// What runs a model: one inference per call, with whatever state it carries between calls.
#pragma once
#include <stdint.h>

namespace tinygesture {

class Engine {
 public:
  virtual const char* name() const = 0;

  // What keeps it from running the model, as a sentence; nullptr: nothing. Then outputs are void.
  virtual const char* trouble() const { return nullptr; }

  // How many of the window's samples one call takes: all, or the latest where it keeps what it
  // computed of the others, at least a hop. Then each call must be a hop later than the one before,
  // and its probabilities count once the calls since reset() have seen a window.
  virtual uint16_t samples(uint16_t window) const { return window; }

  // Forgets all state; also called before the first inference.
  virtual void reset() = 0;

  // input: int8 (samples, channels), time-major, oldest first; probabilities: int8 (labels), 1/256
  // each above -128.
  virtual void invoke(const int8_t* input, int8_t* probabilities) = 0;

 protected:
  ~Engine() = default;
};

// The engine of the model this firmware was built with; nullptr if it was built without one.
Engine* engine();

}  // namespace tinygesture

// A model that the host pushes over the link, piece by piece, and that runs once it is whole.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "plan_engine.h"

namespace tinygesture {

class PushedModel {
 public:
  // A plan of `size` bytes will come. nullptr, or a sentence that says why it may not.
  const char* begin(uint32_t size) {
    size_ = taken_ = 0;
    if (size > Plan::kCapacity) return "the plan is larger than the memory that there is for it";
    size_ = size;
    return nullptr;
  }

  // Takes what follows the bytes taken so far; of anything else nothing. Returns how many there are.
  uint32_t take(uint32_t offset, const uint8_t* data, size_t size) {
    if (offset == taken_ && size <= size_ - taken_) {
      memcpy(engine_.bytes() + taken_, data, size);
      taken_ += uint32_t(size);
    }
    return taken_;
  }

  // All of it is there. nullptr: model() and engine() are what came; else why they are not.
  const char* end() {
    if (taken_ != size_ || size_ == 0) return "the plan is not whole";
    return engine_.load(size_);
  }

  const Model& model() const { return engine_.model(); }
  Engine& engine() { return engine_; }

 private:
  PlanEngine engine_;
  uint32_t size_ = 0;
  uint32_t taken_ = 0;
};

}  // namespace tinygesture

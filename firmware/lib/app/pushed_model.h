// A model that the host pushes over the link, piece by piece, and that runs once it is whole.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "keeper.h"
#include "plan_engine.h"

namespace tinygesture {

class PushedModel {
 public:
  PushedModel(Store* store, const uint8_t base[8]) : keeper_(store, base) {}

  // Why a plan of `size` bytes may not come; nullptr: it may.
  const char* refusal(uint32_t size, bool keep) const {
    if (size > Plan::kCapacity) return "the plan is larger than the memory that there is for it";
    return keep && !keeper_.works() ? "this board cannot keep a model" : nullptr;
  }

  // A plan of `size` bytes will come; what was there is void.
  void begin(uint32_t size, bool keep) {
    keeper_.stop();
    size_ = size;
    taken_ = 0;
    keep_ = keep;
    arriving_ = true;
  }

  // Takes what follows the bytes taken so far; of anything else nothing. Returns how many there are.
  uint32_t take(uint32_t offset, const uint8_t* data, size_t size) {
    if (arriving_ && offset == taken_ && size <= size_ - taken_) {
      memcpy(engine_.bytes() + taken_, data, size);
      taken_ += uint32_t(size);
    }
    return taken_;
  }

  // All of it is there. nullptr: model() and engine() are what came; else why they are not.
  const char* end() {
    if (taken_ != size_ || size_ == 0) return "the plan is not whole";
    arriving_ = false;
    const char* trouble = engine_.load(size_);
    if (trouble == nullptr && keep_) keeper_.keep(engine_.bytes(), size_);
    return trouble;
  }

  // The newest kept plan that is whole. True: model() and engine() are what it says.
  bool restore() {
    size_ = taken_ = 0;
    arriving_ = false;
    for (int age = 0; age < 2; ++age) {
      const uint32_t size = keeper_.read(age, engine_.bytes(), Plan::kCapacity);
      if (size > 0 && engine_.load(size) == nullptr) return true;
    }
    return false;
  }

  bool arriving() const { return arriving_; }
  Keeper& keeper() { return keeper_; }
  const Model& model() const { return engine_.model(); }
  Engine& engine() { return engine_; }

 private:
  Keeper keeper_;
  PlanEngine engine_;
  uint32_t size_ = 0;
  uint32_t taken_ = 0;
  bool keep_ = false;
  bool arriving_ = false;
};

}  // namespace tinygesture

// How long something has taken: extremes of all, and the median of the latest.
#pragma once
#include <stdint.h>

namespace tinygesture {

class Durations {
 public:
  static constexpr uint8_t kLatest = 63;

  void add(uint32_t us) {
    if (count_ == 0 || us < minimum_) minimum_ = us;
    if (us > maximum_) maximum_ = us;
    latest_[next_] = last_ = us;
    next_ = uint8_t((next_ + 1) % kLatest);
    if (count_ < kLatest) ++count_;
  }

  // All in microseconds; 0 where nothing was added yet.
  uint32_t last() const { return last_; }
  uint32_t minimum() const { return minimum_; }
  uint32_t maximum() const { return maximum_; }

  // Of the latest kLatest, exactly: the middle one in order, the lower of two middle ones.
  uint32_t median() const {
    const int middle = (count_ - 1) / 2;
    for (uint8_t i = 0; i < count_; ++i) {
      int below = 0, equal = 0;
      for (uint8_t j = 0; j < count_; ++j) {
        below += latest_[j] < latest_[i];
        equal += latest_[j] == latest_[i];
      }
      if (below <= middle && middle < below + equal) return latest_[i];
    }
    return 0;
  }

 private:
  uint32_t latest_[kLatest];
  uint8_t count_ = 0;
  uint8_t next_ = 0;
  uint32_t last_ = 0;
  uint32_t minimum_ = 0;
  uint32_t maximum_ = 0;
};

}  // namespace tinygesture

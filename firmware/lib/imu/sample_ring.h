// A lock-free ring between one producer (thread or interrupt) and one consumer (loop()).
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <atomic>

#include "contract.h"

namespace tinygesture {

class SampleRing {
 public:
  static constexpr uint32_t kCapacity = 256;  // 1.28 s at 200 Hz, above the slowest inference

  // Producer. A full ring drops the new sample and counts it.
  void push(const Sample& sample) {
    const uint32_t head = head_.load(std::memory_order_relaxed);
    const uint32_t used = head - tail_.load(std::memory_order_acquire);
    if (used == kCapacity) {
      dropped_.store(dropped_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
      return;
    }
    Slot& slot = slots_[head % kCapacity];
    slot.sample = sample;
    slot.index = head + dropped_.load(std::memory_order_relaxed);
    head_.store(head + 1, std::memory_order_release);
    if (used + 1 > high_water_.load(std::memory_order_relaxed))
      high_water_.store(used + 1, std::memory_order_relaxed);
  }

  // Consumer. `index` counts every sample produced, dropped ones included.
  bool pop(Sample* sample, uint32_t* index) {
    const uint32_t tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_.load(std::memory_order_acquire)) return false;
    const Slot& slot = slots_[tail % kCapacity];
    *sample = slot.sample;
    *index = slot.index;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  uint32_t size() const {
    return head_.load(std::memory_order_acquire) - tail_.load(std::memory_order_relaxed);
  }
  uint32_t dropped() const { return dropped_.load(std::memory_order_relaxed); }
  uint32_t high_water() const { return high_water_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    Sample sample;
    uint32_t index;
  };
  Slot slots_[kCapacity];
  std::atomic<uint32_t> head_{0};
  std::atomic<uint32_t> tail_{0};
  std::atomic<uint32_t> dropped_{0};
  std::atomic<uint32_t> high_water_{0};
};

}  // namespace tinygesture

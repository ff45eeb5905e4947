// Bytes waiting for the serial port. A frame goes in whole or is dropped and counted.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "board.h"

namespace tinygesture {

class TransmitQueue {
 public:
  static constexpr size_t kCapacity = 4096;

  bool put(const uint8_t* data, size_t size) {
    if (size > free()) {
      ++dropped_;
      return false;
    }
    for (size_t i = 0; i < size; ++i) buffer_[(head_ + i) % kCapacity] = data[i];
    head_ += size;
    return true;
  }

  // Moves what the port takes without waiting. True: something moved.
  bool flush(Board& board) {
    const size_t before = tail_;
    while (tail_ != head_) {
      const size_t at = tail_ % kCapacity;
      const size_t run = head_ - tail_ < kCapacity - at ? head_ - tail_ : kCapacity - at;
      const size_t moved = board.write(buffer_ + at, run);
      tail_ += moved;
      if (moved < run) break;
    }
    return tail_ != before;
  }

  size_t free() const { return kCapacity - (head_ - tail_); }
  void clear() { tail_ = head_; }
  uint32_t dropped() const { return dropped_; }

 private:
  uint8_t buffer_[kCapacity];
  size_t head_ = 0;
  size_t tail_ = 0;
  uint32_t dropped_ = 0;
};

}  // namespace tinygesture

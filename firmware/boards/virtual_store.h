// The flash for a kept model of a virtual board: a file of this computer, which lies beside the
// firmware's. It is there once something was kept.
#pragma once
#include <string.h>

#include "store.h"

namespace tinygesture {

class VirtualStore : public Store {
 public:
  uint32_t page_size() const override { return kPage; }
  uint32_t slot_size() const override { return 9 * kPage; }

  bool erase(uint32_t page_at) override {
    uint8_t erased[kPage];
    memset(erased, 0xFF, sizeof erased);
    return write(page_at, erased, sizeof erased);
  }

 private:
  static constexpr uint32_t kPage = 4096;
};

}  // namespace tinygesture

// The last pages of the nRF52840's flash, above the sketch, for a kept model. While a page is erased,
// up to 90 ms, the processor stands still; samples are missing then, and the IMU's ring counts them.
// Flash is mbed's driver, FlashIAP.
#pragma once
#include "store.h"

namespace tinygesture {

template <typename Flash>
class FlashStore : public Store {
 public:
  // sketch_end: address behind the sketch. False: the sketch needs the pages itself.
  bool begin(uint32_t sketch_end) {
    if (flash_.init() != 0) return false;
    begin_ = flash_.get_flash_start() + flash_.get_flash_size() - 2 * slot_size();
    return sketch_end <= begin_ && flash_.get_sector_size(begin_) == kPage;
  }

  uint32_t page_size() const override { return kPage; }
  uint32_t slot_size() const override { return 9 * kPage; }
  bool read(uint32_t at, void* out, uint32_t size) override {
    return flash_.read(out, begin_ + at, size) == 0;
  }
  bool erase(uint32_t page_at) override { return flash_.erase(begin_ + page_at, kPage) == 0; }
  bool write(uint32_t at, const void* data, uint32_t size) override {
    return flash_.program(data, begin_ + at, size) == 0;
  }

 private:
  static constexpr uint32_t kPage = 4096;

  Flash flash_;
  uint32_t begin_ = 0;
};

}  // namespace tinygesture

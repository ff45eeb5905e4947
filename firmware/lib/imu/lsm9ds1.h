// ST LSM9DS1, the IMU of Rev1: 238 Hz, 4 g, 2000 degrees per second.
#pragma once
#include "chip.h"

namespace tinygesture {

class Lsm9ds1 : public Chip {
 public:
  using Chip::Chip;

  const char* name() const override { return "LSM9DS1"; }
  uint32_t odr_millihertz() const override { return 238000; }
  bool present() override;
  bool start() override;
  Reading read(int16_t counts[kChannels]) override;
};

}  // namespace tinygesture

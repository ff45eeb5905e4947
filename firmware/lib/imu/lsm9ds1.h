// ST LSM9DS1, the IMU of Rev1: 238 Hz, 4 g, 2000 degrees per second.
#pragma once
#include "chip.h"

namespace tinygesture {

class Lsm9ds1 : public Chip {
 public:
  // set_up: resets the chip and wakes it (the board's library does); false: it does not answer.
  Lsm9ds1(I2c& bus, bool (*set_up)()) : bus_(bus), set_up_(set_up) {}

  const char* name() const override { return "LSM9DS1"; }
  uint32_t odr_millihertz() const override { return 238000; }
  bool present() override;
  bool start() override;
  Reading read(int16_t counts[kChannels]) override;

 private:
  I2c& bus_;
  bool (*const set_up_)();
};

}  // namespace tinygesture

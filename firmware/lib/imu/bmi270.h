// Bosch BMI270, the IMU of Rev2: 200 Hz, 4 g, 2000 degrees per second.
#pragma once
#include "chip.h"

namespace tinygesture {

class Bmi270 : public Chip {
 public:
  // set_up: loads the chip's own program and wakes it (the board's library does); false: it
  // does not answer.
  Bmi270(I2c& bus, bool (*set_up)()) : bus_(bus), set_up_(set_up) {}

  const char* name() const override { return "BMI270"; }
  uint32_t odr_millihertz() const override { return 200000; }
  bool present() override;
  bool start() override;
  Reading read(int16_t counts[kChannels]) override;

 private:
  I2c& bus_;
  bool (*const set_up_)();
};

}  // namespace tinygesture

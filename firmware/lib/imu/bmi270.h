// Bosch BMI270, the IMU of Rev2: 200 Hz, 4 g, 2000 degrees per second.
#pragma once
#include "chip.h"

namespace tinygesture {

class Bmi270 : public Chip {
 public:
  using Chip::Chip;

  const char* name() const override { return "BMI270"; }
  uint32_t odr_millihertz() const override { return 200000; }
  bool present() override;
  bool start() override;
  Reading read(int16_t counts[kChannels]) override;
};

}  // namespace tinygesture

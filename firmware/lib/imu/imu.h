// What the app asks of an inertial sensor. LSM9DS1, BMI270 and the fed IMU are implementations.
#pragma once
#include <stdint.h>

#include "sample_ring.h"

namespace tinygesture {

class Imu {
 public:
  virtual void begin() = 0;                 // starts sampling
  virtual const char* trouble() const = 0;  // nullptr, or a sentence that says what is wrong now
  virtual const char* name() const = 0;
  virtual uint32_t odr_millihertz() const = 0;  // nominal output data rate
  virtual bool pop(Sample* sample, uint32_t* index) = 0;
  virtual const SampleRing& ring() const = 0;

 protected:
  ~Imu() = default;
};

}  // namespace tinygesture

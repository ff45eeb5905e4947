// A bus with registers behind it. Both calls return false where the device does not acknowledge.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tinygesture {

class I2c {
 public:
  virtual bool write(uint8_t device, uint8_t reg, uint8_t value) = 0;
  virtual bool read(uint8_t device, uint8_t reg, uint8_t* data, size_t size) = 0;

 protected:
  ~I2c() = default;
};

}  // namespace tinygesture

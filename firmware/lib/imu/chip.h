// One kind of IMU, by its registers; what it gives is in the contract's counts and axes.
#pragma once
#include <stdint.h>

#include "contract.h"
#include "i2c.h"

namespace tinygesture {

enum class Reading : uint8_t { kNothingNew, kSample, kBusError };

class Chip {
 public:
  // set_up: resets the chip, loads what it needs and wakes it, as the board's library does; false:
  // it does not answer.
  Chip(I2c& bus, bool (*set_up)()) : bus_(bus), set_up_(set_up) {}

  virtual const char* name() const = 0;
  virtual uint32_t odr_millihertz() const = 0;  // nominal, as configured by start()

  virtual bool present() = 0;
  // Configures and starts sampling; false: the chip did not take its configuration.
  virtual bool start() = 0;
  // Accelerometer and gyroscope of the same instant, each at most once.
  virtual Reading read(int16_t counts[kChannels]) = 0;

 protected:
  ~Chip() = default;

  I2c& bus_;
  bool (*const set_up_)();
};

struct Setting {
  uint8_t reg;
  uint8_t value;
};

// False: the chip did not take one of them, which reading it back shows.
template <size_t N>
bool configure(I2c& bus, uint8_t device, const Setting (&settings)[N]) {
  for (const Setting& setting : settings) {
    uint8_t taken = 0;
    if (!bus.write(device, setting.reg, setting.value)) return false;
    if (!bus.read(device, setting.reg, &taken, 1) || taken != setting.value) return false;
  }
  return true;
}

// Two bytes, the low one first.
inline int16_t little_endian(const uint8_t* bytes) {
  return int16_t(uint16_t(bytes[0]) | uint16_t(bytes[1]) << 8);
}

inline int16_t saturated(int32_t value) {
  return int16_t(value > 32767 ? 32767 : value < -32768 ? -32768 : value);
}

}  // namespace tinygesture

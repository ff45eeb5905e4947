#include "lsm9ds1.h"

namespace tinygesture {

namespace {

// Registers and their values: ST, data sheet DocID025715 Rev 3, section 7.
constexpr uint8_t kDevice = 0x6B;
constexpr uint8_t kWhoAmI = 0x0F, kIdentity = 0x68;
constexpr uint8_t kCtrl1G = 0x10, kGyro238Hz2000Dps = 0x98;
constexpr uint8_t kCtrl6Xl = 0x20, kAccel238Hz4G = 0x90;
constexpr uint8_t kCtrl8 = 0x22, kWholeSamplesAndIncrement = 0x44;  // BDU, IF_ADD_INC
constexpr uint8_t kStatus = 0x17, kBothReady = 0x03;
constexpr uint8_t kOutG = 0x18, kOutXl = 0x28;

constexpr int kAttempts = 3;

// 70 millidegrees per second and count, in units of 2000/32768: 1.1469 = 37581 / 32768.
int16_t gyro_counts(int16_t raw) { return saturated((int32_t(raw) * 37581 + 16384) >> 15); }

}  // namespace

bool Lsm9ds1::present() {
  uint8_t identity = 0;
  return bus_.read(kDevice, kWhoAmI, &identity, 1) && identity == kIdentity;
}

bool Lsm9ds1::start() {
  const Setting wanted[] = {{kCtrl8, kWholeSamplesAndIncrement},
                            {kCtrl1G, kGyro238Hz2000Dps},
                            {kCtrl6Xl, kAccel238Hz4G}};
  return set_up_() && present() && configure(bus_, kDevice, wanted);
}

// The two outputs lie apart, so they take two transfers, a seventh of a period together. Where new
// data has come since the first began, the pair could be of two instants, and is read again.
Reading Lsm9ds1::read(int16_t counts[kChannels]) {
  uint8_t status, gyro[6], accel[6];
  if (!bus_.read(kDevice, kStatus, &status, 1)) return Reading::kBusError;
  if ((status & kBothReady) != kBothReady) return Reading::kNothingNew;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (!bus_.read(kDevice, kOutG, gyro, 6) || !bus_.read(kDevice, kOutXl, accel, 6) ||
        !bus_.read(kDevice, kStatus, &status, 1))
      return Reading::kBusError;
    if ((status & kBothReady) != 0) continue;
    for (int axis = 0; axis < 3; ++axis) {
      counts[axis] = little_endian(accel + 2 * axis);
      counts[3 + axis] = gyro_counts(little_endian(gyro + 2 * axis));
    }
    return Reading::kSample;
  }
  return Reading::kNothingNew;
}

}  // namespace tinygesture

#include "bmi270.h"

namespace tinygesture {

namespace {

// Registers and their values: Bosch, data sheet BST-BMI270-DS000-05, section 5.
constexpr uint8_t kDevice = 0x68;
constexpr uint8_t kChipId = 0x00, kIdentity = 0x24;
constexpr uint8_t kInternalStatus = 0x21, kMessage = 0x0F, kProgramRuns = 0x01;
constexpr uint8_t kAccConf = 0x40, kAcc200Hz = 0xA9;    // performance, average of 4, 200 Hz
constexpr uint8_t kAccRange = 0x41, kAcc4G = 0x01;
constexpr uint8_t kGyrConf = 0x42, kGyr200Hz = 0xA9;    // performance, normal filter, 200 Hz
constexpr uint8_t kGyrRange = 0x43, kGyr2000Dps = 0x00;
constexpr uint8_t kPowerConf = 0x7C, kNoPowerSave = 0x00;
constexpr uint8_t kPowerCtrl = 0x7D, kAccelAndGyro = 0x06;
constexpr uint8_t kStatus = 0x03, kBothReady = 0xC0;
constexpr uint8_t kData = 0x0C;  // six bytes of the accelerometer, then six of the gyroscope

// The chip lies turned on the board: x is its -y, y is its -x.
void turn(const uint8_t* chip, int16_t board[3]) {
  board[0] = saturated(-int32_t(little_endian(chip + 2)));
  board[1] = saturated(-int32_t(little_endian(chip)));
  board[2] = little_endian(chip + 4);
}

}  // namespace

bool Bmi270::present() {
  uint8_t identity = 0;
  return bus_.read(kDevice, kChipId, &identity, 1) && identity == kIdentity;
}

bool Bmi270::start() {
  const Setting wanted[] = {{kPowerConf, kNoPowerSave}, {kAccConf, kAcc200Hz},
                            {kAccRange, kAcc4G},        {kGyrConf, kGyr200Hz},
                            {kGyrRange, kGyr2000Dps},   {kPowerCtrl, kAccelAndGyro}};
  uint8_t status = 0;
  if (!set_up_() || !present()) return false;
  if (!bus_.read(kDevice, kInternalStatus, &status, 1)) return false;
  return (status & kMessage) == kProgramRuns && configure(bus_, kDevice, wanted);
}

// One transfer: while it lasts, the chip holds all twelve bytes of the same instant.
Reading Bmi270::read(int16_t counts[kChannels]) {
  uint8_t status, data[12];
  if (!bus_.read(kDevice, kStatus, &status, 1)) return Reading::kBusError;
  if ((status & kBothReady) != kBothReady) return Reading::kNothingNew;
  if (!bus_.read(kDevice, kData, data, sizeof data)) return Reading::kBusError;
  turn(data, counts);
  turn(data + 6, counts + 3);
  return Reading::kSample;
}

}  // namespace tinygesture

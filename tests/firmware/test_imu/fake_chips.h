// The two IMUs as their data sheets describe them: registers, data-ready bits, scales, axes.
#pragma once
#include <math.h>
#include <string.h>

#include "i2c.h"

namespace fake {

// What happens to the board: specific force in g and angular rate in degrees per second.
struct Motion {
  double accel[3];
  double gyro[3];
};
typedef Motion (*Play)(double seconds);

// One clock for the bus and the chips; a transfer takes as long as it does at 400 kHz. Every reading
// carries a count of noise or two: less than the data sheets' 1 mg and 0.1 degrees per second.
struct World {
  double now_us = 0;
  double transfer_us_per_byte = 22.5;  // nine bits
  Play play = nullptr;
  bool broken = false;  // nobody acknowledges
  bool frozen = false;  // data-ready comes, and the data stays
  uint32_t seed = 1;

  int noise() {
    seed = seed * 1664525 + 1013904223;
    return int(seed >> 24) % 5 - 2;
  }
};

inline int16_t quantised(World& world, double value, double per_count) {
  const double count = floor(value / per_count + 0.5) + world.noise();
  return int16_t(count > 32767 ? 32767 : count < -32768 ? -32768 : count);
}

class FakeChip {
 public:
  FakeChip(World& world, uint8_t device) : world(world), device(device) {}
  World& world;
  const uint8_t device;
  uint8_t reg[128] = {};
  bool stuck = false;  // takes no configuration

  virtual void sample() = 0;  // a new one into the output registers, if its time has come
  virtual void was_read(uint8_t at) = 0;
  virtual ~FakeChip() = default;

  void put(uint8_t at, int16_t value) {
    if (world.frozen) return;
    reg[at] = uint8_t(uint16_t(value) & 0xFF);
    reg[at + 1] = uint8_t(uint16_t(value) >> 8);
  }

 protected:
  // True once for each sample of this rate.
  bool due(double odr_hz) {
    const double number = floor(world.now_us * odr_hz / 1e6);
    if (number == number_) return false;
    number_ = number;
    instant_s = number / odr_hz;
    return true;
  }
  double instant_s = 0;

 private:
  double number_ = 0;
};

class FakeLsm9ds1 : public FakeChip {
 public:
  explicit FakeLsm9ds1(World& world) : FakeChip(world, 0x6B) { reset(); }

  void reset() {
    memset(reg, 0, sizeof reg);
    reg[0x0F] = 0x68;
    reg[0x22] = 0x04;
  }

  void sample() override {
    const double rates[] = {0, 14.9, 59.5, 119, 238, 476, 952, 0};
    const double odr = rates[reg[0x10] >> 5];
    if (odr == 0 || reg[0x20] >> 5 != reg[0x10] >> 5 || !due(odr)) return;
    const Motion motion = world.play(instant_s);
    const double per_g = (reg[0x20] & 0x18) == 0x10 ? 4.0 / 32768 : 1.0;       // +-4 g
    const double per_dps = (reg[0x10] & 0x18) == 0x18 ? 0.070 : 1.0;           // 2000 dps
    for (int axis = 0; axis < 3; ++axis) {
      put(uint8_t(0x28 + 2 * axis), quantised(world, motion.accel[axis], per_g));
      put(uint8_t(0x18 + 2 * axis), quantised(world, motion.gyro[axis], per_dps));
    }
    reg[0x17] |= 0x03;
    reg[0x27] = reg[0x17];
  }

  void was_read(uint8_t at) override {
    if (at == 0x2D) reg[0x17] &= uint8_t(~0x01);
    if (at == 0x1D) reg[0x17] &= uint8_t(~0x02);
    reg[0x27] = reg[0x17];
  }
};

class FakeBmi270 : public FakeChip {
 public:
  explicit FakeBmi270(World& world) : FakeChip(world, 0x68) { reset(); }

  void reset() {
    memset(reg, 0, sizeof reg);
    reg[0x00] = 0x24;
    reg[0x40] = 0xA8;
    reg[0x41] = 0x02;
    reg[0x42] = 0xA9;
    reg[0x7C] = 0x03;
  }
  void load_program() { reg[0x21] = 0x01; }

  void sample() override {
    const bool awake = reg[0x21] == 0x01 && (reg[0x7D] & 0x06) == 0x06;
    const int accel = reg[0x40] & 0x0F, gyro = reg[0x42] & 0x0F;
    if (!awake || accel != gyro || !due(25.0 * (1 << (accel - 6)))) return;
    const Motion motion = world.play(instant_s);
    const double per_g = 2.0 * (1 << (reg[0x41] & 3)) / 32768;
    const double per_dps = 2000.0 / (1 << (reg[0x43] & 7)) / 32768;
    const int turned[] = {1, 0};  // the chip's x is the board's -y, its y the board's -x
    for (int axis = 0; axis < 3; ++axis) {
      const int from = axis < 2 ? turned[axis] : 2;
      const double sign = axis < 2 ? -1 : 1;
      put(uint8_t(0x0C + 2 * axis), quantised(world, sign * motion.accel[from], per_g));
      put(uint8_t(0x12 + 2 * axis), quantised(world, sign * motion.gyro[from], per_dps));
    }
    reg[0x03] |= 0xC0;
  }

  void was_read(uint8_t at) override {
    if (at == 0x11) reg[0x03] &= uint8_t(~0x80);
    if (at == 0x17) reg[0x03] &= uint8_t(~0x40);
  }
};

class Bus : public tinygesture::I2c {
 public:
  explicit Bus(World& world) : world_(world) {}
  FakeChip* soldered = nullptr;  // nullptr: none

  bool write(uint8_t device, uint8_t reg, uint8_t value) override {
    pass(3);
    if (!answers(device)) return false;
    if (!soldered->stuck) soldered->reg[reg] = value;
    return true;
  }

  bool read(uint8_t device, uint8_t reg, uint8_t* data, size_t size) override {
    pass(3);
    if (!answers(device)) return false;
    soldered->sample();
    uint8_t held[16];
    memcpy(held, soldered->reg + reg, size);  // a transfer is of one instant
    for (size_t i = 0; i < size; ++i) {
      data[i] = held[i];
      soldered->was_read(uint8_t(reg + i));
    }
    pass(size);
    soldered->sample();
    return true;
  }

 private:
  bool answers(uint8_t device) {
    return !world_.broken && soldered != nullptr && soldered->device == device;
  }
  void pass(size_t bytes) { world_.now_us += double(bytes) * world_.transfer_us_per_byte; }

  World& world_;
};

}  // namespace fake

// Arduino Nano 33 BLE Sense, Rev1 and Rev2 with the same image.
#include <Arduino.h>
#include <FlashIAP.h>
#include <USB/PluggableUSBSerial.h>
#include <Arduino_BMI270_BMM150.h>
#undef IMU
#include <Arduino_LSM9DS1.h>
#undef IMU
#include <Wire.h>
#include <mbed.h>

#include "bmi270.h"
#include "edges.h"
#include "flash_store.h"
#include "lights.h"
#include "lsm9ds1.h"
#include "polled_imu.h"
#include "usb_serial.h"

namespace tinygesture {

namespace {

constexpr uint32_t kBusHz = 400000;
constexpr uint32_t kPollEveryMs = 1;

class Wire1Bus : public I2c {
 public:
  bool write(uint8_t device, uint8_t reg, uint8_t value) override {
    Wire1.beginTransmission(device);
    Wire1.write(reg);
    Wire1.write(value);
    return Wire1.endTransmission() == 0;
  }

  bool read(uint8_t device, uint8_t reg, uint8_t* data, size_t size) override {
    Wire1.beginTransmission(device);
    Wire1.write(reg);
    if (Wire1.endTransmission(false) != 0) return false;
    if (Wire1.requestFrom(device, size) != size) return false;
    for (size_t i = 0; i < size; ++i) data[i] = uint8_t(Wire1.read());
    return true;
  }
};

bool set_up_lsm9ds1() {
  const bool works = IMU_LSM9DS1.begin() != 0;
  Wire1.setClock(kBusHz);
  return works;
}

bool set_up_bmi270() {
  const bool works = IMU_BMI270_BMM150.begin(BOSCH_ACCELEROMETER_ONLY) != 0;
  Wire1.setClock(kBusHz);
  return works;
}

Wire1Bus bus;
Lsm9ds1 rev1(bus, set_up_lsm9ds1);
Bmi270 rev2(bus, set_up_bmi270);

// Probes on a bus that is awake, then polls in a thread of its own, above loop() in priority.
class OnboardImu : public PolledImu {
 public:
  using PolledImu::PolledImu;
  void begin() override {
    Wire1.begin();
    Wire1.setClock(kBusHz);
    PolledImu::begin();
    if (thread_.get_state() == rtos::Thread::Deleted) thread_.start(mbed::callback(run, this));
  }

 private:
  static void run(OnboardImu* imu) {
    for (;;) {
      imu->poll(::micros());
      rtos::ThisThread::sleep_for(std::chrono::milliseconds(kPollEveryMs));
    }
  }

  rtos::Thread thread_{osPriorityAboveNormal, sizeof stack_, stack_, "imu"};
  alignas(8) static unsigned char stack_[2048];
};

alignas(8) unsigned char OnboardImu::stack_[2048];

class Nano33Ble : public Board {
 public:
  const char* name() const override { return "nano33ble"; }
  uint32_t micros() override { return ::micros(); }
  size_t read(uint8_t* out, size_t capacity) override { return serial_.read(out, capacity); }
  size_t write(const uint8_t* data, size_t size) override {
    return serial_.write(data, size);
  }

  void show_cue(Cue cue, const char*) override { lights_.cue(cue); }
  void show_gesture(uint8_t label) override { lights_.gesture(label, ::micros()); }
  void show_trouble(bool trouble) override { lights_.trouble(trouble); }

  void idle() override {
    const Colour colour = lights_.at(::micros());
    red_ = !colour.red;  // a low pin lights it
    green_ = !colour.green;
    blue_ = !colour.blue;
    rtos::ThisThread::sleep_for(std::chrono::milliseconds(1));
  }

  Store* store() override { return keeps_ ? &flash_ : nullptr; }

  uint32_t stack_high_water() const override {
    mbed_stats_stack_t stack;
    mbed_stats_stack_get(&stack);
    return stack.max_size;
  }

  uint32_t free_ram() const override {
    mbed_stats_heap_t heap;
    mbed_stats_heap_get(&heap);
    return heap.reserved_size - heap.current_size;
  }

  // Counted by the idle thread, so the thread that polls the IMU is not asleep.
  uint32_t asleep_us() const override {
    mbed_stats_cpu_t cpu;
    mbed_stats_cpu_get(&cpu);
    return uint32_t(cpu.idle_time);
  }

 private:
  UsbSerial<arduino::USBSerial> serial_{_SerialUSB};
  FlashStore<mbed::FlashIAP> flash_;
  const bool keeps_ = flash_.begin(FLASHIAP_APP_ROM_END_ADDR);
  Lights lights_;
  mbed::DigitalOut red_{digitalPinToPinName(LEDR), 1};
  mbed::DigitalOut green_{digitalPinToPinName(LEDG), 1};
  mbed::DigitalOut blue_{digitalPinToPinName(LEDB), 1};
};

}  // namespace

Board& board() {
  static Nano33Ble nano;
  return nano;
}

Imu& imu() {
  static OnboardImu onboard(rev1, rev2);
  return onboard;
}

}  // namespace tinygesture

#include "polled_imu.h"

namespace tinygesture {

namespace {

constexpr uint32_t kSilenceUs = 100000;   // a dozen samples and more
constexpr uint32_t kRetryUs = 1000000;

}  // namespace

void PolledImu::begin() { trouble_.store(start(), std::memory_order_release); }

const char* PolledImu::start() {
  chip_ = nullptr;
  for (Chip* chip : chips_) {
    if (!chip->present()) continue;
    chip_ = chip;
    return chip->start() ? nullptr : "the IMU did not take its configuration";
  }
  return "no IMU answers, neither LSM9DS1 nor BMI270";
}

void PolledImu::poll(uint32_t now_us) {
  if (!heard_) {
    heard_ = true;
    heard_us_ = now_us;
  }
  const uint32_t silent_us = now_us - heard_us_;
  if (trouble_.load(std::memory_order_relaxed) != nullptr) {
    if (silent_us < kRetryUs) return;
    heard_us_ = now_us;
    begin();
    return;
  }
  Sample sample;
  sample.t_us = now_us;
  const Reading reading = chip_->read(sample.counts);
  if (reading == Reading::kSample) {
    heard_us_ = now_us;
    ring_.push(sample);
  } else if (silent_us > kSilenceUs) {
    trouble_.store(reading == Reading::kBusError ? "the IMU does not answer any more"
                                                 : "the IMU gives no samples any more",
                   std::memory_order_release);
  }
}

}  // namespace tinygesture

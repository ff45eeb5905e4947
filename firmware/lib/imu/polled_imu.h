// The IMU of a real board: whichever of its possible chips is there, polled by a thread.
#pragma once
#include "chip.h"
#include "imu.h"

namespace tinygesture {

class PolledImu : public Imu {
 public:
  // The chips that the board may have been made with, of which one is there.
  PolledImu(Chip& one, Chip& other) : chips_{&one, &other} {}

  void begin() override;
  const char* trouble() const override { return trouble_.load(std::memory_order_acquire); }
  const char* name() const override { return chip_ ? chip_->name() : "none"; }
  uint32_t odr_millihertz() const override { return chip_ ? chip_->odr_millihertz() : 0; }
  bool pop(Sample* sample, uint32_t* index) override { return ring_.pop(sample, index); }
  const SampleRing& ring() const override { return ring_; }

  // Producer: called about once a millisecond with the board's clock.
  void poll(uint32_t now_us);

 private:
  const char* start();

  Chip* const chips_[2];
  Chip* chip_ = nullptr;
  SampleRing ring_;
  std::atomic<const char*> trouble_{nullptr};
  uint32_t heard_us_ = 0;  // of the latest sample, or of the latest attempt to start
  bool heard_ = false;
};

}  // namespace tinygesture

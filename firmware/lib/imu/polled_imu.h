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
  const char* name() const override { return chip() ? chip()->name() : "none"; }
  uint32_t odr_millihertz() const override { return chip() ? chip()->odr_millihertz() : 0; }
  bool pop(Sample* sample, uint32_t* index) override { return ring_.pop(sample, index); }
  const SampleRing& ring() const override { return ring_; }

  // Producer: called about once a millisecond with the board's clock. A sample that repeats the
  // one before, or is all zeros, is no sample. Trouble lasts until the next sample; every second
  // the chip is started anew.
  void poll(uint32_t now_us);

 private:
  const char* start();
  bool lives(const Sample& sample) const;
  static const char* failure(Reading since);
  Chip* chip() const { return chip_.load(std::memory_order_acquire); }

  Chip* const chips_[2];
  std::atomic<Chip*> chip_{nullptr};  // the one that was there, once one was
  SampleRing ring_;
  std::atomic<const char*> trouble_{nullptr};
  Sample latest_ = {};
  Reading since_ = Reading::kNothingNew;  // what came of polls since then, if anything did
  uint32_t heard_us_ = 0;  // of the latest sample, or of the latest attempt to start
  bool heard_ = false;
  bool sampling_ = false;  // the chip took its configuration
};

}  // namespace tinygesture

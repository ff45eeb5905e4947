// The IMU of a virtual board: samples come over a feed channel, in frames of the link's own form.
// A fed sample carries its timestamp, and that is device time.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "imu.h"
#include "messages.h"

namespace tinygesture {

// The board's end of the feed channel.
class FeedPort {
 public:
  virtual bool connected() const = 0;
  virtual void send(const uint8_t* data, size_t size) = 0;
  virtual void wait() = 0;  // until something may have arrived, a few milliseconds at most

 protected:
  ~FeedPort() = default;
};

class FedImu : public Imu {
 public:
  explicit FedImu(FeedPort& port) : port_(port) {}

  // Producer: called with each byte of the feed, from a thread or an interrupt.
  void receive(uint8_t byte);

  void begin() override;  // waits for the feed's first message
  const char* trouble() const override;
  const char* name() const override { return name_; }
  uint32_t odr_millihertz() const override { return odr_millihertz_; }
  bool pop(Sample* sample, uint32_t* index) override;
  const SampleRing& ring() const override { return ring_; }

 private:
  void report_taken();

  FeedPort& port_;
  FrameDecoder decoder_;
  SampleRing ring_;
  std::atomic<bool> begun_{false};
  char name_[24] = "none";
  uint32_t odr_millihertz_ = 0;
  uint32_t taken_ = 0;
  uint32_t reported_ = 0;
};

}  // namespace tinygesture

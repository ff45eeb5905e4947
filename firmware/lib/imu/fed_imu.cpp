#include "fed_imu.h"

namespace tinygesture {

namespace {
constexpr uint32_t kReportEvery = 32;  // samples; the feeder keeps several of these under way
}

void FedImu::receive(uint8_t byte) {
  if (!decoder_.push(byte)) return;
  Reader reader(decoder_.payload(), decoder_.size());
  const Message type = Message(reader.u8());
  if (type == Message::kFeedBegin) {
    odr_millihertz_ = reader.u32();
    reader.text(name_, sizeof name_);
    begun_.store(true, std::memory_order_release);
  } else if (type == Message::kSamples) {
    reader.u32();  // the feeder's index; the ring numbers the samples itself
    BatchReader batch(&reader);
    Sample sample;
    while (batch.next(&sample)) ring_.push(sample);
  }
}

void FedImu::begin() {
  while (port_.connected() && !begun_.load(std::memory_order_acquire)) port_.wait();
}

const char* FedImu::trouble() const {
  return begun_.load(std::memory_order_acquire) ? nullptr : "nothing feeds this virtual IMU";
}

bool FedImu::pop(Sample* sample, uint32_t* index) {
  const bool popped = ring_.pop(sample, index);
  taken_ += popped ? 1 : 0;
  if (taken_ - reported_ >= kReportEvery || (!popped && taken_ != reported_)) report_taken();
  return popped;
}

void FedImu::report_taken() {
  reported_ = taken_;
  Writer message(Message::kFeedTaken);
  message.u32(taken_);
  uint8_t frame[16];
  static_assert(sizeof frame >= 1 + 4 + 2 + 1 + 1, "a kFeedTaken frame fits");
  port_.send(frame, encode_frame(message.data(), message.size(), frame));
}

}  // namespace tinygesture

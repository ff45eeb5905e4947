// Messages of the serial link and their fields, little-endian, without padding.
// Twin of host/tinygesture/link/messages.py; docs/protocol.md is the specification.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "contract.h"
#include "frame.h"

namespace tinygesture {

constexpr uint8_t kProtocolMajor = 1;
constexpr uint8_t kProtocolMinor = 2;

enum class Message : uint8_t {
  // host -> board
  kHello = 0x01,
  kBye = 0x02,
  kKeepAlive = 0x03,
  kStreams = 0x04,
  kInject = 0x05,
  kCue = 0x06,
  kPlanBegin = 0x07,
  kPlanData = 0x08,
  kPlanEnd = 0x09,
  kPlanRemove = 0x0A,
  // board -> host
  kInfo = 0x81,
  kSamples = 0x82,
  kProbabilities = 0x83,
  kEvent = 0x84,
  kStatistics = 0x85,
  kError = 0x86,
  kLog = 0x87,
  kInjected = 0x88,
  kPlanTaken = 0x89,
  // the feed of a virtual board's IMU, on a channel of its own
  kFeedBegin = 0xC1,
  kFeedTaken = 0xC2,
};

enum Stream : uint8_t {
  kStreamSamples = 1,
  kStreamProbabilities = 2,
  kStreamEvents = 4,
  kStreamStatistics = 8,
};

enum InjectFlag : uint8_t { kInjectBegin = 1, kInjectEnd = 2 };

enum PlanFlag : uint8_t { kPlanKeep = 1 };

enum class Cue : uint8_t { kNone = 0, kReady = 1, kGo = 2 };

enum class ErrorCode : uint8_t {
  kUnknownMessage = 1,
  kMalformedMessage = 2,
  kImu = 3,
  kEngine = 4,
  kPlan = 5,
};

// Collects one message. What does not fit is not written, and ok() turns false.
class Writer {
 public:
  explicit Writer(Message type) { u8(uint8_t(type)); }
  void u8(uint8_t value) { bytes(&value, 1); }
  void u16(uint16_t value);
  void u32(uint32_t value);
  void bytes(const void* data, size_t size);
  void text(const char* text);  // one length byte, then at most 255 bytes
  bool ok() const { return ok_; }
  const uint8_t* data() const { return buffer_; }
  size_t size() const { return size_; }

 private:
  uint8_t buffer_[kMaxPayload];
  size_t size_ = 0;
  bool ok_ = true;
};

// Reads one message's body. Beyond its end every field reads 0 and ok() turns false.
class Reader {
 public:
  Reader(const uint8_t* data, size_t size) : data_(data), left_(size) {}
  uint8_t u8();
  uint16_t u16();
  uint32_t u32();
  void text(char* out, size_t capacity);  // always ends with NUL; cut to capacity - 1
  bool ok() const { return ok_; }
  size_t left() const { return left_; }
  const uint8_t* rest() const { return data_; }  // left() bytes that were not read yet

 private:
  const uint8_t* take(size_t size);

  const uint8_t* data_;
  size_t left_;
  bool ok_ = true;
};

// A run of samples: u32 time of the first, u8 count, then per sample u16 microseconds since the
// one before (0 for the first) and six int16 counts.
constexpr size_t kSampleBytes = 14;
constexpr uint8_t kMaxBatch = 32;

class BatchWriter {
 public:
  // False: this sample does not continue the batch (full, or over 65535 us later); send it first.
  bool add(const Sample& sample);
  void write(Writer* writer) const;
  uint8_t count() const { return count_; }
  void clear() { count_ = 0; }

 private:
  Sample samples_[kMaxBatch];
  uint8_t count_ = 0;
};

class BatchReader {
 public:
  explicit BatchReader(Reader* reader);
  bool valid() const { return valid_; }  // the body holds exactly the samples it announces
  bool next(Sample* out);

 private:
  Reader* reader_;
  uint32_t t_us_;
  uint8_t left_;
  bool valid_;
};

}  // namespace tinygesture

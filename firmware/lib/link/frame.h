// Frames of the serial link: COBS(payload, CRC-16/CCITT little-endian) and a zero byte.
// Twin of host/tinygesture/link/frame.py; docs/protocol.md is the specification.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tinygesture {

constexpr size_t kMaxPayload = 510;  // message type and body
constexpr size_t kMaxDecoded = kMaxPayload + 2;
constexpr size_t kMaxEncoded = kMaxDecoded + kMaxDecoded / 254 + 2;

// CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF, most significant bit first.
uint16_t crc16(const uint8_t* data, size_t size);

// Writes the frame with its closing zero; returns its size, at most kMaxEncoded.
// payload: 1..kMaxPayload bytes; out: room for kMaxEncoded bytes.
size_t encode_frame(const uint8_t* payload, size_t size, uint8_t* out);

// Takes the stream byte by byte. A damaged frame is counted and dropped; the next zero ends it.
class FrameDecoder {
 public:
  // True when this byte completed an undamaged frame; payload() holds until the next push.
  bool push(uint8_t byte);
  const uint8_t* payload() const { return decoded_; }
  size_t size() const { return payload_size_; }
  uint32_t errors() const { return errors_; }
  void reset();

 private:
  bool finish();
  void append(uint8_t byte);

  uint8_t decoded_[kMaxDecoded];
  size_t decoded_size_ = 0;  // beyond kMaxDecoded: too long
  size_t payload_size_ = 0;
  uint32_t errors_ = 0;
  uint8_t block_code_ = 0;  // 0: no byte of this frame yet
  uint8_t block_left_ = 0;
};

}  // namespace tinygesture

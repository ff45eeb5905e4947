#include "frame.h"

namespace tinygesture {

uint16_t crc16(const uint8_t* data, size_t size) {
  uint16_t crc = 0xFFFF;
  for (size_t i = 0; i < size; ++i) {
    crc = uint16_t(crc ^ (data[i] << 8));
    for (int bit = 0; bit < 8; ++bit)
      crc = uint16_t(crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1);
  }
  return crc;
}

size_t encode_frame(const uint8_t* payload, size_t size, uint8_t* out) {
  const uint16_t crc = crc16(payload, size);
  size_t code_at = 0;
  size_t end = 1;
  for (size_t i = 0; i < size + 2; ++i) {
    if (end - code_at == 255) {
      out[code_at] = 255;
      code_at = end++;
    }
    const uint8_t byte = i < size ? payload[i] : uint8_t(crc >> (i == size ? 0 : 8));
    if (byte != 0) {
      out[end++] = byte;
    } else {
      out[code_at] = uint8_t(end - code_at);
      code_at = end++;
    }
  }
  out[code_at] = uint8_t(end - code_at);
  out[end++] = 0;
  return end;
}

void FrameDecoder::reset() {
  decoded_size_ = 0;
  block_code_ = block_left_ = 0;
}

void FrameDecoder::append(uint8_t byte) {
  if (decoded_size_ < kMaxDecoded) decoded_[decoded_size_] = byte;
  if (decoded_size_ <= kMaxDecoded) ++decoded_size_;
}

bool FrameDecoder::push(uint8_t byte) {
  if (byte == 0) return finish();
  if (block_left_ > 0) {
    append(byte);
    --block_left_;
    return false;
  }
  if (block_code_ != 0 && block_code_ != 255) append(0);
  block_code_ = byte;
  block_left_ = uint8_t(byte - 1);
  return false;
}

bool FrameDecoder::finish() {
  const bool empty = block_code_ == 0;
  const size_t size = decoded_size_;
  bool good = block_left_ == 0 && size >= 3 && size <= kMaxDecoded;
  if (good) {
    const uint16_t crc = uint16_t(decoded_[size - 2] | (decoded_[size - 1] << 8));
    good = crc == crc16(decoded_, size - 2);
    payload_size_ = size - 2;
  }
  reset();
  if (!good && !empty) ++errors_;
  return good;
}

}  // namespace tinygesture

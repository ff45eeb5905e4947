#include "messages.h"

#include <string.h>

namespace tinygesture {

void Writer::u16(uint16_t value) {
  const uint8_t raw[] = {uint8_t(value), uint8_t(value >> 8)};
  bytes(raw, sizeof raw);
}

void Writer::u32(uint32_t value) {
  u16(uint16_t(value));
  u16(uint16_t(value >> 16));
}

void Writer::bytes(const void* data, size_t size) {
  if (size > sizeof buffer_ - size_) {
    ok_ = false;
    return;
  }
  memcpy(buffer_ + size_, data, size);
  size_ += size;
}

void Writer::text(const char* text) {
  const size_t size = strlen(text) < 255 ? strlen(text) : 255;
  u8(uint8_t(size));
  bytes(text, size);
}

const uint8_t* Reader::take(size_t size) {
  static const uint8_t kZeros[4] = {};
  if (size > left_) {
    ok_ = false;
    left_ = 0;
    return kZeros;
  }
  const uint8_t* taken = data_;
  data_ += size;
  left_ -= size;
  return taken;
}

uint8_t Reader::u8() { return *take(1); }

uint16_t Reader::u16() {
  const uint8_t* raw = take(2);
  return uint16_t(raw[0] | (raw[1] << 8));
}

uint32_t Reader::u32() {
  const uint8_t* raw = take(4);
  return raw[0] | (uint32_t(raw[1]) << 8) | (uint32_t(raw[2]) << 16) | (uint32_t(raw[3]) << 24);
}

void Reader::text(char* out, size_t capacity) {
  size_t size = u8();
  const uint8_t* raw = size <= left_ ? take(size) : nullptr;
  if (raw == nullptr) {
    ok_ = false;
    size = 0;
  }
  if (size > capacity - 1) size = capacity - 1;
  if (size > 0) memcpy(out, raw, size);
  out[size] = '\0';
}

bool BatchWriter::add(const Sample& sample) {
  if (count_ == kMaxBatch) return false;
  if (count_ > 0 && sample.t_us - samples_[count_ - 1].t_us > 0xFFFF) return false;
  samples_[count_++] = sample;
  return true;
}

void BatchWriter::write(Writer* writer) const {
  writer->u32(samples_[0].t_us);
  writer->u8(count_);
  for (uint8_t i = 0; i < count_; ++i) {
    writer->u16(i == 0 ? 0 : uint16_t(samples_[i].t_us - samples_[i - 1].t_us));
    for (int16_t count : samples_[i].counts) writer->u16(uint16_t(count));
  }
}

BatchReader::BatchReader(Reader* reader) : reader_(reader) {
  t_us_ = reader->u32();
  left_ = reader->u8();
  valid_ = reader->ok() && left_ <= kMaxBatch && reader->left() == left_ * kSampleBytes;
}

bool BatchReader::next(Sample* out) {
  if (!valid_ || left_ == 0) return false;
  --left_;
  t_us_ += reader_->u16();
  out->t_us = t_us_;
  for (int16_t& count : out->counts) count = int16_t(reader_->u16());
  return true;
}

}  // namespace tinygesture

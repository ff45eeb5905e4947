// A board that a test plays itself: the host's bytes go in, the board's bytes come out.
#pragma once
#include <string.h>

#include "board.h"
#include "imu.h"

struct FakeBoard : public tinygesture::Board {
  uint32_t now_us = 5000;
  uint32_t slept_us = 0;
  uint8_t incoming[4096];
  size_t incoming_size = 0;
  uint8_t outgoing[16384];
  size_t outgoing_size = 0;
  size_t takes = SIZE_MAX;  // bytes that the host still reads
  tinygesture::Cue cue = tinygesture::Cue::kNone;
  int gestures = 0;
  bool trouble = false;
  tinygesture::Store* flash = nullptr;

  const char* name() const override { return "fake"; }
  uint32_t micros() override { return now_us += 10; }
  size_t read(uint8_t* out, size_t capacity) override {
    const size_t count = incoming_size < capacity ? incoming_size : capacity;
    memcpy(out, incoming, count);
    memmove(incoming, incoming + count, incoming_size - count);
    incoming_size -= count;
    return count;
  }
  size_t write(const uint8_t* data, size_t size) override {
    const size_t count = size < takes ? size : takes;
    if (outgoing_size + count > sizeof outgoing) outgoing_size = 0;
    memcpy(outgoing + outgoing_size, data, count);
    outgoing_size += count;
    takes -= count;
    return count;
  }
  void show_cue(tinygesture::Cue shown, const char*) override { cue = shown; }
  void show_gesture(uint8_t) override { ++gestures; }
  void show_trouble(bool shown) override { trouble = shown; }
  void idle() override {
    now_us += 1000;
    slept_us += 1000;
  }
  tinygesture::Store* store() override { return flash; }
  uint32_t stack_high_water() const override { return 0; }
  uint32_t free_ram() const override { return 0; }
  uint32_t asleep_us() const override { return slept_us; }

  void host_says(const void* data, size_t size) {
    memcpy(incoming + incoming_size, data, size);
    incoming_size += size;
  }
  void host_says(const tinygesture::Writer& message) {
    uint8_t frame[tinygesture::kMaxEncoded];
    host_says(frame, tinygesture::encode_frame(message.data(), message.size(), frame));
  }
  int times_said(const char* text) const {
    const size_t size = strlen(text);
    int times = 0;
    for (size_t i = 0; i + size <= outgoing_size; ++i)
      times += memcmp(outgoing + i, text, size) == 0;
    return times;
  }
  bool said(const char* text) const { return times_said(text) > 0; }
};

struct FakeImu : public tinygesture::Imu {
  tinygesture::SampleRing samples;
  const char* sentence = nullptr;
  void begin() override {}
  const char* trouble() const override { return sentence; }
  const char* name() const override { return "fake"; }
  uint32_t odr_millihertz() const override { return 119000; }
  bool pop(tinygesture::Sample* sample, uint32_t* index) override {
    return samples.pop(sample, index);
  }
  const tinygesture::SampleRing& ring() const override { return samples; }
};

// The contract, the frames and the detector give the same bits as their Python twins, and an engine
// that streams the same as one of whole windows.
#include <string.h>

#include "../check.h"
#include "../golden.h"
#include "contract.h"
#include "detector.h"
#include "frame.h"
#include "stepper.h"

using namespace tinygesture;

namespace {

template <typename T, size_t n>
constexpr size_t length(const T (&)[n]) {
  return n;
}

void resampler_and_quantiser() {
  const Quantisation quantisation = {
      {golden::kMultipliers[0], golden::kMultipliers[1], golden::kMultipliers[2],
       golden::kMultipliers[3], golden::kMultipliers[4], golden::kMultipliers[5]},
      golden::kShift};
  Resampler resampler;
  size_t at = 0;
  for (size_t i = 0; i < length(golden::kTimes); ++i) {
    Sample sample = {golden::kTimes[i], {}};
    memcpy(sample.counts, golden::kCounts + i * kChannels, sizeof sample.counts);
    resampler.push(sample);
    Sample canonical;
    while (resampler.next(&canonical) && at + kChannels <= length(golden::kCanonical)) {
      int8_t input[kChannels];
      quantisation.quantise(canonical.counts, input);
      CHECK(memcmp(canonical.counts, golden::kCanonical + at, sizeof canonical.counts) == 0);
      CHECK(memcmp(input, golden::kInputs + at, sizeof input) == 0);
      at += kChannels;
    }
  }
  CHECK(at == length(golden::kCanonical));
  CHECK(resampler.gaps() == golden::kGaps);
}

void frames_are_written() {
  const uint8_t* payload = golden::kPayloads;
  const uint8_t* expected = golden::kStream;
  for (uint16_t size : golden::kPayloadSizes) {
    uint8_t frame[kMaxEncoded];
    const size_t written = encode_frame(payload, size, frame);
    CHECK(memcmp(frame, expected, written) == 0);
    payload += size;
    expected += written;
  }
  CHECK(expected == golden::kStream + sizeof golden::kStream);
}

void frames_are_read() {
  static FrameDecoder decoder;
  const uint8_t* payload = golden::kPayloads;
  size_t count = 0;
  for (uint8_t byte : golden::kStream) {
    if (!decoder.push(byte)) continue;
    CHECK(decoder.size() == golden::kPayloadSizes[count]);
    CHECK(memcmp(decoder.payload(), payload, decoder.size()) == 0);
    payload += decoder.size();
    ++count;
  }
  CHECK(count == length(golden::kPayloadSizes));
  CHECK(decoder.errors() == 0);
}

void detector_events() {
  static Detector detector(golden::kDetectorConfig, golden::kLabels, golden::kHop);
  const size_t steps = length(golden::kProbabilities) / golden::kLabels;
  size_t at = 0;
  for (size_t i = 0; i < steps; ++i) {
    Event event;
    const uint32_t t_us = uint32_t(i) * golden::kHop * kCanonicalPeriodUs;
    if (!detector.push(golden::kProbabilities + i * golden::kLabels, t_us, &event)) continue;
    CHECK(at + 4 <= length(golden::kEvents));
    if (check::failed) return;
    CHECK(event.label == golden::kEvents[at] && event.confidence == golden::kEvents[at + 1]);
    CHECK(event.start_us == golden::kEvents[at + 2] && event.end_us == golden::kEvents[at + 3]);
    at += 4;
  }
  CHECK(at == length(golden::kEvents));
}

constexpr uint16_t kWindow = 119, kHop = 8, kHops = 15;  // 14 hops, and 7 samples of one before

// Both engines: the sum of a window's first channel, modulo 256.
struct WholeEngine : public Engine {
  const char* name() const override { return "whole"; }
  void reset() override {}
  void invoke(const int8_t* input, int8_t* probabilities) override {
    uint8_t sum = 0;
    for (uint16_t i = 0; i < kWindow; ++i) sum = uint8_t(sum + input[i * kChannels]);
    probabilities[0] = int8_t(sum);
  }
};

struct StreamingEngine : public Engine {
  uint8_t sums[kHops];       // of the latest hops, oldest first
  uint8_t sums_of_7[kHops];  // without each hop's first sample
  const char* name() const override { return "streaming"; }
  uint16_t samples(uint16_t) const override { return kHop; }
  void reset() override { memset(sums, 77, sizeof sums); }
  void invoke(const int8_t* input, int8_t* probabilities) override {
    memmove(sums, sums + 1, kHops - 1);
    memmove(sums_of_7, sums_of_7 + 1, kHops - 1);
    uint8_t sum = 0;
    for (uint16_t i = 1; i < kHop; ++i) sum = uint8_t(sum + input[i * kChannels]);
    sums_of_7[kHops - 1] = sum;
    sums[kHops - 1] = uint8_t(sum + input[0]);
    sum = sums_of_7[0];
    for (uint16_t i = 1; i < kHops; ++i) sum = uint8_t(sum + sums[i]);
    probabilities[0] = int8_t(sum);
  }
};

void streaming_shows_what_whole_windows_show() {
  Model model = {};
  model.window = kWindow;
  model.hop = kHop;
  static WholeEngine whole_engine;
  static StreamingEngine streaming_engine;
  static Stepper whole(model, whole_engine), streaming(model, streaming_engine);
  const size_t samples = length(golden::kInputs) / kChannels;
  CHECK(samples > kWindow + 5 * kHop);
  int shown = 0;
  for (int round = 0; round < 3; ++round) {  // each ends at another sample of a hop
    for (size_t i = 0; i < samples - round; ++i) {
      const int8_t* sample = golden::kInputs + i * kChannels;
      int8_t expected[1], found[1];
      const bool show = whole.push(sample, expected);
      CHECK(streaming.push(sample, found) == show);
      CHECK(!show || found[0] == expected[0]);
      shown += show;
    }
    whole.reset();
    streaming.reset();
  }
  CHECK(shown > 15);
}

}  // namespace

int main() {
  RUN(resampler_and_quantiser);
  RUN(frames_are_written);
  RUN(frames_are_read);
  RUN(detector_events);
  RUN(streaming_shows_what_whole_windows_show);
  return check::finish();
}

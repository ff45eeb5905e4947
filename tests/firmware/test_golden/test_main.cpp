// The contract, the frames and the detector give the same bits as their Python twins.
#include <string.h>

#include "../check.h"
#include "../golden.h"
#include "contract.h"
#include "detector.h"
#include "frame.h"

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

}  // namespace

int main() {
  RUN(resampler_and_quantiser);
  RUN(frames_are_written);
  RUN(frames_are_read);
  RUN(detector_events);
  return check::finish();
}

// Per-step probabilities -> gesture events. Integer twin of host/tinygesture/detector.
#pragma once
#include <stdint.h>

namespace tinygesture {

// Durations are in canonical samples, so that every architecture shares them.
struct DetectorConfig {
  uint16_t smoothing;   // probabilities are averaged over this long
  uint16_t minimum;     // a label must stay on top this long to become an event
  uint16_t refractory;  // after an event, nothing for this long
  uint8_t threshold;    // of 256: the smoothed probability an event needs
  uint16_t background;  // bit i: label i is background (rest, idle, random) and never an event
};

struct Event {
  uint8_t label;
  uint8_t confidence;  // of 256: the smoothed probability when the event was reported
  uint32_t start_us;   // the step at which the label came on top
  uint32_t end_us;     // the step at which the event was reported
};

class Detector {
 public:
  static constexpr uint8_t kMaxLabels = 16;
  static constexpr uint8_t kMaxSmoothingSteps = 64;

  // hop: canonical samples per step.
  Detector(const DetectorConfig& config, uint8_t label_count, uint16_t hop);

  // One step's probabilities, int8[label_count], 1/256 each above -128. True: `event` was written.
  bool push(const int8_t* probabilities, uint32_t t_us, Event* event);
  void reset();

 private:
  void smooth(const int8_t* probabilities);

  const DetectorConfig config_;
  const uint8_t label_count_;
  const uint16_t hop_;
  const uint8_t smoothing_steps_;
  uint8_t history_[kMaxSmoothingSteps][kMaxLabels];
  uint16_t sums_[kMaxLabels];
  uint8_t filled_;
  uint8_t next_;
  uint8_t candidate_;     // kMaxLabels: none
  bool reported_;         // this candidate has become an event already
  uint16_t on_top_;       // canonical samples
  uint16_t since_event_;  // canonical samples
  uint32_t start_us_;
};

}  // namespace tinygesture

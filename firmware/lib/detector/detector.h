// Per-step probabilities -> gesture events. Integer twin of host/tinygesture/detector.
#pragma once
#include <stdint.h>

namespace tinygesture {

constexpr uint8_t kMaxLabels = 16;

// Durations are in canonical samples, so that every architecture shares them.
struct DetectorConfig {
  uint16_t smoothing;   // probabilities are averaged over this long
  uint16_t minimum;     // a label must keep its threshold this long to become an event
  uint16_t refractory;  // after an event, nothing for this long
  uint16_t background;  // bit i: label i is background (rest, idle, random) and never an event
  uint8_t thresholds[kMaxLabels];  // of 256: the smoothed probability that each label needs
  uint8_t doubt;  // of 64: how much of the probability that is left for other labels is doubt
};

struct Event {
  uint8_t label;
  uint8_t confidence;  // of 256: how probably the event is right
  uint32_t start_us;   // the step at which the label came on top
  uint32_t end_us;     // the step at which the event was reported
};

// While a label is on top without a break it becomes one event at most.
class Detector {
 public:
  static constexpr uint8_t kMaxSmoothingSteps = 64;

  // hop: canonical samples per step.
  Detector(const DetectorConfig& config, uint8_t label_count, uint16_t hop);

  // One step's probabilities, int8[label_count], 1/256 each above -128. True: `event` was written.
  bool push(const int8_t* probabilities, uint32_t t_us, Event* event);
  void reset();

 private:
  void smooth(const int8_t* probabilities);
  uint8_t most_probable() const;
  uint8_t confidence_in(uint8_t label) const;

  const DetectorConfig config_;
  const uint8_t label_count_;
  const uint16_t hop_;
  const uint8_t smoothing_steps_;
  uint8_t history_[kMaxSmoothingSteps][kMaxLabels];
  uint16_t sums_[kMaxLabels];
  uint8_t filled_;
  uint8_t next_;
  uint8_t top_;           // kMaxLabels: no step yet
  bool reported_;         // it has become an event already
  uint32_t start_us_;     // since when it is on top
  uint16_t over_;         // canonical samples for which it has kept its threshold
  uint16_t since_event_;  // canonical samples
};

}  // namespace tinygesture

// Per-step probabilities -> gesture events. Integer twin of host/tinygesture/detector.
#pragma once
#include <stdint.h>

namespace tinygesture {

// Durations are in canonical samples, so that every architecture shares them.
struct DetectorConfig {
  uint16_t smoothing;    // probabilities are averaged over this long
  uint16_t minimum;      // a label must stay on top this long to become an event
  uint16_t refractory;   // after an event, nothing for this long
  uint8_t threshold;     // of 256: the smoothed probability an event needs
  uint16_t background;   // bit i: label i is background (rest, idle, random) and never an event
};

}  // namespace tinygesture

// What the firmware knows of one exported model. A bundle's model_config.h defines kModel.
#pragma once
#include <stdint.h>

#include "contract.h"
#include "detector.h"

namespace tinygesture {

struct Model {
  uint8_t id[8];  // first 8 bytes of the SHA-256 of model.tflite
  const char* name;
  const char* architecture;  // "gru", "conv1d"
  uint8_t label_count;       // 2..kMaxLabels
  const char* const* labels;
  uint16_t window;  // canonical samples that one inference sees, 1..kMaxWindow
  uint16_t hop;     // canonical samples between two inferences, 1..window
  Quantisation quantisation;
  DetectorConfig detector;
};

constexpr uint16_t kMaxWindow = 256;

// The model this firmware was built with; nullptr if it was built without one.
const Model* model();

}  // namespace tinygesture

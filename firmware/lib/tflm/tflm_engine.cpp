#include "tflm_engine.h"

#include <string.h>

#include "tflm_log.h"

namespace tinygesture {

TflmEngine::TflmEngine(const uint8_t* model, const TflmPorts& ports,
                       const tflite::MicroOpResolver& resolver, uint8_t* arena, size_t arena_bytes,
                       int8_t* carried)
    : ports_(ports),
      interpreter_(tflite::GetModel(model), resolver, arena, arena_bytes),
      carried_(carried) {
  tflm_log::clear();
  if (tflite::GetModel(model)->version() != TFLITE_SCHEMA_VERSION)
    trouble_ = "the model is of another version of TensorFlow Lite; export it again";
  else if (interpreter_.AllocateTensors() != kTfLiteOk)
    trouble_ = tflm_log::first_line("TensorFlow Lite Micro cannot load the model");
  else
    check_ports();
  reset();
}

void TflmEngine::reset() {
  int8_t* carried = carried_;
  for (uint8_t i = 0; i < ports_.state_count; carried += ports_.states[i++].bytes)
    memset(carried, ports_.states[i].zero, ports_.states[i].bytes);
}

void TflmEngine::invoke(const int8_t* input, int8_t* probabilities) {
  memset(probabilities, INT8_MIN, ports_.probabilities_bytes);
  if (trouble_ != nullptr) return;
  memcpy(interpreter_.input(ports_.samples)->data.int8, input, ports_.samples_bytes);
  const int8_t* before = carried_;
  for (uint8_t i = 0; i < ports_.state_count; before += ports_.states[i++].bytes)
    memcpy(interpreter_.input(ports_.states[i].input)->data.int8, before, ports_.states[i].bytes);

  tflm_log::clear();
  if (interpreter_.Invoke() != kTfLiteOk) {
    trouble_ = tflm_log::first_line("TensorFlow Lite Micro cannot run the model");
    return;
  }

  int8_t* after = carried_;
  for (uint8_t i = 0; i < ports_.state_count; after += ports_.states[i++].bytes)
    memcpy(after, interpreter_.output(ports_.states[i].output)->data.int8, ports_.states[i].bytes);
  memcpy(probabilities, interpreter_.output(ports_.probabilities)->data.int8,
         ports_.probabilities_bytes);
}

bool TflmEngine::fits(const TfLiteTensor* tensor, size_t bytes) const {
  return tensor != nullptr && tensor->type == kTfLiteInt8 && tensor->bytes == bytes;
}

void TflmEngine::check_ports() {
  bool all = fits(interpreter_.input(ports_.samples), ports_.samples_bytes) &&
             fits(interpreter_.output(ports_.probabilities), ports_.probabilities_bytes);
  for (uint8_t i = 0; i < ports_.state_count; ++i) {
    const TflmState& state = ports_.states[i];
    all = all && fits(interpreter_.input(state.input), state.bytes) &&
          fits(interpreter_.output(state.output), state.bytes);
  }
  if (!all) trouble_ = "tflm_model.h and model_data.h are of different models; export it again";
}

}  // namespace tinygesture

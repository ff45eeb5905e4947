// The engine "tflm": model.tflite in the interpreter of TensorFlow Lite Micro.
//
// Built only where custom_engine is tflm, which brings the library (firmware/platforms/common.py).
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "engine.h"
#include "tensorflow/lite/micro/micro_interpreter.h"

namespace tinygesture {

// State: the output whose bytes the input gets in the next step.
struct TflmState {
  uint8_t input;
  uint8_t output;
  uint16_t bytes;
  int8_t zero;  // what stands for 0
};

// The model's tensors by their places among its inputs and outputs; a bundle's tflm_model.h
// defines kPorts.
struct TflmPorts {
  uint8_t samples;  // the input for int8 (window, channels)
  uint16_t samples_bytes;
  uint8_t probabilities;  // the output of int8 (labels)
  uint16_t probabilities_bytes;
  uint8_t state_count;
  TflmState states[4];
};

class TflmEngine : public Engine {
 public:
  // arena: 16-byte aligned; carried: room for the bytes of all states, which the arena cannot keep,
  // since the interpreter reuses an input's memory. Everything must outlive the engine.
  TflmEngine(const uint8_t* model, const TflmPorts& ports, const tflite::MicroOpResolver& resolver,
             uint8_t* arena, size_t arena_bytes, int8_t* carried);

  const char* name() const override { return "tflm"; }
  const char* trouble() const override { return trouble_; }
  void reset() override;
  void invoke(const int8_t* input, int8_t* probabilities) override;

 private:
  bool fits(const TfLiteTensor* tensor, size_t bytes) const;
  void check_ports();

  const TflmPorts& ports_;
  tflite::MicroInterpreter interpreter_;
  int8_t* const carried_;
  const char* trouble_ = nullptr;
};

}  // namespace tinygesture

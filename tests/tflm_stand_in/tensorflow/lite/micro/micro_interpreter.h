// Stands in for TensorFlow Lite Micro where its library is not: what firmware/lib/tflm uses of it,
// around one model that a test knows by heart.
//
//   state' = state + sample; probabilities = {state', -state'}
//
// Input and output share their memory, as the interpreter's memory planner may decide.
#pragma once
#include <stddef.h>
#include <stdint.h>

extern "C" void DebugLog(const char* text);

#define TFLITE_SCHEMA_VERSION 3

enum TfLiteStatus { kTfLiteOk, kTfLiteError };
enum TfLiteType { kTfLiteFloat32 = 1, kTfLiteInt8 = 9 };

struct TfLiteTensor {
  TfLiteType type;
  struct {
    int8_t* int8;
  } data;
  size_t bytes;
};

namespace stand_in {

// What a test makes go wrong.
struct Faults {
  bool allocation = false;
  bool silent = false;  // fails without a word
  int invoke_after = -1;
  uint32_t version = TFLITE_SCHEMA_VERSION;
  TfLiteType type = kTfLiteInt8;
};
inline Faults& faults() {
  static Faults all;
  return all;
}

}  // namespace stand_in

namespace tflite {

struct Model {
  uint32_t version() const { return stand_in::faults().version; }
};
inline const Model* GetModel(const void*) {
  static const Model model;
  return &model;
}

class MicroOpResolver {
 public:
  virtual int count() const = 0;

 protected:
  ~MicroOpResolver() = default;
};

class MicroInterpreter {
 public:
  MicroInterpreter(const Model*, const MicroOpResolver& resolver, uint8_t* arena, size_t)
      : resolver_(resolver), memory_(reinterpret_cast<int8_t*>(arena)) {}

  TfLiteStatus AllocateTensors() {
    if (stand_in::faults().allocation || resolver_.count() == 0)
      return fail("Didn't find op for builtin opcode 'ADD'");
    const TfLiteType type = stand_in::faults().type;
    inputs_[0] = outputs_[0] = {type, {memory_}, 1};      // state
    inputs_[1] = {type, {memory_ + 1}, 1};                // sample
    outputs_[1] = {type, {memory_ + 1}, 2};               // probabilities
    return kTfLiteOk;
  }

  TfLiteStatus Invoke() {
    int& left = stand_in::faults().invoke_after;
    if (left == 0) return fail("Node ADD (number 3) failed to invoke with status 1");
    if (left > 0) --left;
    memory_[0] = int8_t(memory_[0] + memory_[1]);
    memory_[1] = memory_[0];
    memory_[2] = int8_t(-memory_[0]);
    return kTfLiteOk;
  }

  TfLiteTensor* input(size_t index) { return &inputs_[index]; }
  TfLiteTensor* output(size_t index) { return &outputs_[index]; }

 private:
  TfLiteStatus fail(const char* cause) {
    if (!stand_in::faults().silent) {
      DebugLog(cause);
      DebugLog("\r\n");
      DebugLog("Failed to get registration from op code\r\n");
    }
    return kTfLiteError;
  }

  const MicroOpResolver& resolver_;
  int8_t* const memory_;
  TfLiteTensor inputs_[2];
  TfLiteTensor outputs_[2];
};

}  // namespace tflite

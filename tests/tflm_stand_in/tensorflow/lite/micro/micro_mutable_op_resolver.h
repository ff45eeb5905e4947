// Stands in for TensorFlow Lite Micro's resolver.
#pragma once
#include "tensorflow/lite/micro/micro_interpreter.h"

namespace tflite {

template <unsigned kCapacity>
class MicroMutableOpResolver : public MicroOpResolver {
 public:
  TfLiteStatus AddAdd() { return ++count_ <= int(kCapacity) ? kTfLiteOk : kTfLiteError; }
  int count() const override { return count_; }

 private:
  int count_ = 0;
};

}  // namespace tflite

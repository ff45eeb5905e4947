// The kernels that a plan can call: how the parameters of each are read, and which bytes it touches.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "plan_reader.h"

namespace tinygesture {

constexpr int kMaxInputs = 3;

// One call of a kernel, ready to run.
struct PlannedCall {
  void (*run)(const PlannedCall& call);
  const void* parameters;
  const int8_t* inputs[kMaxInputs];
  int8_t* output;
  int8_t* scratch;
};

// What a call reads and writes, in bytes from the beginning of each tensor, and how long it takes
// in multiply-accumulates or what lasts about as long.
struct Touched {
  int64_t inputs[kMaxInputs];
  int64_t output;
  int64_t work;
  int64_t scratch;
};

struct PlannedKernel {
  int inputs;
  bool takes_scratch;
  size_t parameter_bytes;
  // Reads the parameters in the order of their struct. What they say of sizes, tables and shifts
  // holds afterwards, or the reader is not ok().
  void (*read)(PlanReader& reader, void* parameters, Touched* touched);
  void (*run)(const PlannedCall& call);
};

// nullptr: there is no such kernel. The numbers are host/tinygesture/export/compiler/plan.py's.
const PlannedKernel* planned_kernel(int32_t number);

}  // namespace tinygesture

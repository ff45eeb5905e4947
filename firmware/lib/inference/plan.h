// A model as one blob: parameters, tables and a list of kernel calls, which the same kernels run as
// the code that the compiler generates, with the same results.
//
// Layout: host/tinygesture/export/compiler/plan.py. A plan is checked whole before it runs; after
// that no input can make it read or write outside the plan and its own memory.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "plan_kernels.h"

namespace tinygesture {

class Plan {
 public:
  static constexpr uint32_t kCapacity = 32768;  // bytes of a plan
  static constexpr uint32_t kMemory = 8192;     // bytes of tensors: input, output, state, arena

  // Where a plan's bytes are put before load(); what was loaded is void from then on.
  uint8_t* bytes() { return reinterpret_cast<uint8_t*>(words_); }
  const uint8_t* bytes() const { return reinterpret_cast<const uint8_t*>(words_); }

  // Checks the plan of `size` bytes and prepares its calls. nullptr: it is ready; else a sentence
  // that says why it will not do.
  const char* load(size_t size);

  void reset();
  void invoke(const int8_t* input, int8_t* output);

  int32_t input_size() const { return input_size_; }
  int32_t output_size() const { return output_size_; }
  int64_t work() const { return work_; }  // of one call, in multiply-accumulates or as long
  PlanReader description() const { return PlanReader(words_, size_, description_begin_); }

 private:
  static constexpr int kMaxCalls = 96;
  static constexpr int kMaxFills = 8;
  static constexpr int kMaxMoves = 16;
  static constexpr size_t kParameters = 1536 * sizeof(void*);

  struct Fill {  // at reset: the state's real 0
    int8_t* target;
    int32_t size;
    int8_t value;
  };
  struct Move {  // after the last call
    int8_t* target;
    const int8_t* source;
    int32_t size;
  };

  void read_memory(PlanReader& plan);
  void read_fills(PlanReader& plan);
  void read_calls(PlanReader& plan);
  void read_call(PlanReader& plan, PlannedCall* call);
  void read_moves(PlanReader& plan);
  int8_t* target(PlanReader& plan, int32_t place, int64_t size);
  const int8_t* source(PlanReader& plan, int32_t place, int64_t size);
  void* parameters(PlanReader& plan, size_t size);

  alignas(8) uint32_t words_[kCapacity / 4];
  alignas(8) int8_t memory_[kMemory];
  alignas(8) uint8_t parameters_[kParameters];
  int32_t size_ = 0;
  uint32_t description_begin_ = 0;
  size_t parameters_used_ = 0;
  int32_t memory_size_ = 0;
  int32_t input_size_ = 0;
  int32_t output_begin_ = 0;
  int32_t output_size_ = 0;
  int64_t work_ = 0;
  int fill_count_ = 0;
  int call_count_ = 0;
  int move_count_ = 0;
  Fill fills_[kMaxFills];
  PlannedCall calls_[kMaxCalls];
  Move moves_[kMaxMoves];
};

}  // namespace tinygesture

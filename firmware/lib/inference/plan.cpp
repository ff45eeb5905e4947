#include "plan.h"

#include <string.h>

#include "crc32.h"

namespace tinygesture {

namespace {

constexpr uint32_t kMagic = 0x4E4C5054;  // "TPLN"
constexpr uint32_t kFormat = 2;
enum HeaderWord { kMagicWord, kFormatWord, kSizeWord, kCrcWord, kBeginWord, kHeaderWords };
constexpr size_t kHeader = kHeaderWords * sizeof(uint32_t);
constexpr size_t kChecked = kBeginWord * sizeof(uint32_t);  // by the CRC, from here on

constexpr int64_t kMaxWork = 1 << 22;  // multiply-accumulates of one inference

}  // namespace

void Plan::reset() {
  for (int i = 0; i < fill_count_; ++i) memset(fills_[i].target, fills_[i].value, fills_[i].size);
}

void Plan::invoke(const int8_t* input, int8_t* output) {
  memcpy(memory_, input, input_size_);
  const PlannedCall* end = calls_ + call_count_;
  for (const PlannedCall* call = calls_; call != end; ++call) call->run(*call);
  for (int i = 0; i < move_count_; ++i) memmove(moves_[i].target, moves_[i].source, moves_[i].size);
  memcpy(output, memory_ + output_begin_, output_size_);
}

const char* Plan::load(size_t size) {
  fill_count_ = call_count_ = move_count_ = 0;
  parameters_used_ = 0;
  if (size < kHeader || size > kCapacity || size % 4 != 0 || words_[kMagicWord] != kMagic)
    return "this is no plan of a model";
  if (words_[kFormatWord] != kFormat)
    return "this plan and the firmware are of different versions of tinygesture";
  if (words_[kSizeWord] != size || words_[kCrcWord] != crc32(bytes() + kChecked, size - kChecked))
    return "the plan is damaged";
  size_ = int32_t(size);
  PlanReader plan(words_, size_, words_[kBeginWord]);
  read_memory(plan);
  if (memory_size_ > int32_t(kMemory)) return "the model needs more memory than there is for it";
  read_fills(plan);
  read_calls(plan);
  read_moves(plan);
  description_begin_ = plan.position();
  return plan.ok() ? nullptr : "the plan is not as this firmware knows plans";
}

void Plan::read_memory(PlanReader& plan) {
  memory_size_ = plan.size();
  input_size_ = plan.size();
  output_begin_ = plan.word();
  output_size_ = plan.size();
  target(plan, 0, input_size_);
  target(plan, output_begin_, output_size_);
}

void Plan::read_fills(PlanReader& plan) {
  fill_count_ = plan.within(0, kMaxFills);
  for (int i = 0; i < fill_count_; ++i) {
    const int32_t place = plan.word(), size = plan.size();
    fills_[i] = {target(plan, place, size), size, int8_t(plan.zero_point())};
  }
}

void Plan::read_calls(PlanReader& plan) {
  call_count_ = plan.within(0, kMaxCalls);
  work_ = 0;
  for (int i = 0; i < call_count_ && plan.ok(); ++i) read_call(plan, &calls_[i]);
}

void Plan::read_call(PlanReader& plan, PlannedCall* call) {
  const PlannedKernel* kernel = planned_kernel(plan.word());
  plan.expect(kernel != nullptr);
  if (kernel == nullptr) return;
  int32_t inputs[kMaxInputs];
  for (int i = 0; i < kernel->inputs; ++i) inputs[i] = plan.word();
  const int32_t output = plan.word();
  const int32_t scratch = kernel->takes_scratch ? plan.word() : 0;
  void* layer = parameters(plan, kernel->parameter_bytes);
  if (layer == nullptr) return;
  Touched touched = {};
  kernel->read(plan, layer, &touched);
  call->run = kernel->run;
  call->parameters = layer;
  call->output = target(plan, output, touched.output);
  call->scratch = target(plan, scratch, touched.scratch);
  plan.expect(scratch % int32_t(alignof(uint32_t)) == 0);
  for (int i = 0; i < kernel->inputs; ++i) {
    call->inputs[i] = source(plan, inputs[i], touched.inputs[i]);
    const bool below = inputs[i] + touched.inputs[i] <= output;
    plan.expect(inputs[i] < 0 || below || output + touched.output <= inputs[i]);
  }
  work_ += touched.work;
  plan.expect(work_ <= kMaxWork);
}

void Plan::read_moves(PlanReader& plan) {
  move_count_ = plan.within(0, kMaxMoves);
  for (int i = 0; i < move_count_; ++i) {
    const int32_t to = plan.word(), from = plan.word(), size = plan.size();
    moves_[i] = {target(plan, to, size), source(plan, from, size), size};
  }
}

// A place is an offset in the memory, or the complement of an offset in the plan itself.
int8_t* Plan::target(PlanReader& plan, int32_t place, int64_t size) {
  const bool fits = 0 <= place && place <= memory_size_ && size <= memory_size_ - place;
  plan.expect(fits);
  return memory_ + (fits ? place : 0);
}

const int8_t* Plan::source(PlanReader& plan, int32_t place, int64_t size) {
  return place >= 0 ? target(plan, place, size) : plan.array<int8_t>(~place, size);
}

void* Plan::parameters(PlanReader& plan, size_t size) {
  const bool fits = size <= kParameters - parameters_used_;
  plan.expect(fits);
  if (!fits) return nullptr;
  void* found = parameters_ + parameters_used_;
  parameters_used_ += (size + 7) / 8 * 8;
  return found;
}

}  // namespace tinygesture

#include "plan_engine.h"

#include <string.h>

namespace tinygesture {

namespace {

// Bytes of text that describe a model in one message of the link.
constexpr size_t kMaxLabelText = 320;
constexpr size_t kMaxNameText = 96;

// Multiply-accumulates that a Cortex-M4 at 64 MHz has time for in each canonical sample's 10 ms,
// with half of it left for all else.
constexpr int64_t kMaxWorkPerSample = 200000;

}  // namespace

const char* PlanEngine::load(size_t size) {
  if (const char* trouble = plan_.load(size)) return trouble;
  PlanReader description = plan_.description();
  read_model(description);
  if (description.ok() && plan_.work() > kMaxWorkPerSample * model_.hop)
    return "the model takes longer than the time between two of its steps";
  return description.ok() ? nullptr
                          : "the plan does not describe its model as this firmware expects";
}

void PlanEngine::read_model(PlanReader& plan) {
  const int32_t id[] = {plan.word(), plan.word()};
  memcpy(model_.id, id, sizeof model_.id);
  plan.expect(id[0] != 0 || id[1] != 0);
  size_t names = 0, labels = 0;
  model_.name = plan.text(&names);
  model_.architecture = plan.text(&names);
  model_.label_count = uint8_t(plan.within(2, kMaxLabels));
  for (uint8_t i = 0; i < model_.label_count; ++i) labels_[i] = plan.text(&labels);
  model_.labels = labels_;
  plan.expect(names <= kMaxNameText && labels <= kMaxLabelText);

  model_.window = uint16_t(plan.within(1, kMaxWindow));
  model_.hop = uint16_t(plan.within(1, model_.window));
  for (int32_t& multiplier : model_.quantisation.multipliers) multiplier = plan.within(0, 32767);
  model_.quantisation.shift = uint8_t(plan.within(1, 24));
  const int32_t samples = plan_.input_size() / kChannels;  // of one call: a window, or its end
  plan.expect(samples * kChannels == plan_.input_size());
  plan.expect(model_.hop <= samples && samples <= model_.window);
  plan.expect(model_.label_count == plan_.output_size());

  model_.detector.smoothing = uint16_t(plan.within(0, UINT16_MAX));
  model_.detector.minimum = uint16_t(plan.within(0, UINT16_MAX));
  model_.detector.refractory = uint16_t(plan.within(0, UINT16_MAX));
  model_.detector.background = uint16_t(plan.within(0, UINT16_MAX));
  for (uint8_t i = 0; i < model_.label_count; ++i)
    model_.detector.thresholds[i] = uint8_t(plan.within(0, UINT8_MAX));
  model_.detector.doubt = uint8_t(plan.within(0, UINT8_MAX));
}

}  // namespace tinygesture

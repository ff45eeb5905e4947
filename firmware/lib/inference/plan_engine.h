// The engine of a model that came as a plan.
#pragma once
#include "engine.h"
#include "model.h"
#include "plan.h"

namespace tinygesture {

class PlanEngine : public Engine {
 public:
  const char* name() const override { return "plan"; }
  uint16_t samples(uint16_t) const override { return uint16_t(plan_.input_size() / kChannels); }
  void reset() override { plan_.reset(); }
  void invoke(const int8_t* input, int8_t* probabilities) override {
    plan_.invoke(input, probabilities);
  }

  // As Plan has them; load() reads model() too, which is valid while the plan's bytes are.
  uint8_t* bytes() { return plan_.bytes(); }
  const char* load(size_t size);
  const Model& model() const { return model_; }

 private:
  void read_model(PlanReader& plan);

  Plan plan_;
  Model model_ = {};
  const char* labels_[kMaxLabels];
};

}  // namespace tinygesture

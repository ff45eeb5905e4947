// Samples -> canonical samples -> int8 -> engine -> probabilities -> events.
#pragma once
#include <stdint.h>

#include "contract.h"
#include "detector.h"
#include "engine.h"
#include "model.h"
#include "stepper.h"

namespace tinygesture {

class Pipeline {
 public:
  class Listener {
   public:
    virtual void on_probabilities(uint32_t t_us, const int8_t* probabilities) = 0;
    virtual void on_event(const Event& event) = 0;

   protected:
    ~Listener() = default;
  };

  Pipeline(const Model& model, Engine& engine)
      : model_(model),
        stepper_(model, engine),
        detector_(model.detector, model.label_count, model.hop) {}

  void push(const Sample& sample, Listener& listener) {
    if (resampler_.push(sample)) restart();
    Sample canonical;
    while (resampler_.next(&canonical)) {
      int8_t input[kChannels];
      model_.quantisation.quantise(canonical.counts, input);
      int8_t probabilities[kMaxLabels];
      if (!stepper_.push(input, probabilities)) continue;
      listener.on_probabilities(canonical.t_us, probabilities);
      Event event;
      if (detector_.push(probabilities, canonical.t_us, &event)) listener.on_event(event);
    }
  }

  void reset() {
    resampler_.reset();
    restart();
  }

  uint32_t gaps() const { return resampler_.gaps(); }

 private:
  void restart() {
    stepper_.reset();
    detector_.reset();
  }

  const Model& model_;
  Resampler resampler_;
  Stepper stepper_;
  Detector detector_;
};

}  // namespace tinygesture

// Measures how long an engine's inferences take.
#pragma once
#include <stdint.h>

#include "board.h"
#include "durations.h"
#include "engine.h"

namespace tinygesture {

class TimedEngine : public Engine {
 public:
  TimedEngine(Engine& engine, Board& board) : engine_(&engine), board_(board) {}

  // From now on this engine, measured anew.
  void use(Engine& engine) {
    engine_ = &engine;
    durations_ = Durations();
  }

  const char* name() const override { return engine_->name(); }

  const char* trouble() const override { return engine_->trouble(); }

  uint16_t samples(uint16_t window) const override { return engine_->samples(window); }

  void reset() override { engine_->reset(); }

  void invoke(const int8_t* input, int8_t* probabilities) override {
    const uint32_t begin = board_.micros();
    engine_->invoke(input, probabilities);
    durations_.add(board_.micros() - begin);
  }

  const Durations& durations() const { return durations_; }

 private:
  Engine* engine_;
  Board& board_;
  Durations durations_;
};

}  // namespace tinygesture

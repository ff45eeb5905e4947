// Measures how long an engine's inferences take.
#pragma once
#include <stdint.h>

#include "board.h"
#include "engine.h"

namespace tinygesture {

class TimedEngine : public Engine {
 public:
  TimedEngine(Engine& engine, Board& board) : engine_(engine), board_(board) {}

  const char* name() const override { return engine_.name(); }

  void reset() override { engine_.reset(); }

  void invoke(const int8_t* input, int8_t* probabilities) override {
    const uint32_t begin = board_.micros();
    engine_.invoke(input, probabilities);
    last_us_ = board_.micros() - begin;
    if (last_us_ > max_us_) max_us_ = last_us_;
  }

  uint32_t last_us() const { return last_us_; }
  uint32_t max_us() const { return max_us_; }

 private:
  Engine& engine_;
  Board& board_;
  uint32_t last_us_ = 0;
  uint32_t max_us_ = 0;
};

}  // namespace tinygesture

// Gestures for a sketch: from the IMU's samples to a call of the sketch's own functions.
#pragma once
#include <stdint.h>

#include "imu.h"
#include "pipeline.h"

namespace tinygesture {

struct Gesture {
  const char* label;
  float confidence;   // 0..1
  uint32_t start_us;  // when it came on top and when it was recognised, by the board's clock
  uint32_t end_us;
};

class Recogniser : private Pipeline::Listener {
 public:
  using Callback = void (*)(const Gesture& gesture);

  Recogniser(Imu& imu, const Model& model, Engine& engine)
      : imu_(imu), model_(model), pipeline_(model, engine) {}

  // Starts the IMU. False: trouble() says what is wrong; it may pass while loop() is called.
  bool begin();

  // `callback` is called in loop() with each gesture of that label, or with every gesture.
  // False: the model has no such label.
  bool on(const char* label, Callback callback);
  void on(Callback callback) { any_ = callback; }

  // To be called often: takes what the IMU has sampled meanwhile. The samples of one second are
  // kept in between; what comes later is lost, and recognition begins anew.
  void loop();

  const char* trouble() const { return imu_.trouble(); }  // nullptr: none
  const Model& model() const { return model_; }

 private:
  void on_probabilities(uint32_t, const int8_t*) override {}
  void on_event(const Event& event) override;

  Imu& imu_;
  const Model& model_;
  Pipeline pipeline_;
  Callback any_ = nullptr;
  Callback callbacks_[kMaxLabels] = {};
};

}  // namespace tinygesture

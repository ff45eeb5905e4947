// What loop() turns: the host's messages, the samples, the model, the answers.
#pragma once
#include <stdint.h>

#include "board.h"
#include "console.h"
#include "imu.h"
#include "messages.h"
#include "pipeline.h"
#include "pushed_model.h"
#include "timed_engine.h"
#include "transmit_queue.h"

namespace tinygesture {

class App : private Pipeline::Listener {
 public:
  // model and engine: those built in; nullptr for a firmware without a model.
  App(Board& board, Imu& imu, const Model* model, Engine* engine);

  void setup();
  void loop();

 private:
  void on_probabilities(uint32_t t_us, const int8_t* probabilities) override;
  void on_event(const Event& event) override;

  bool read_host();
  void handle(const uint8_t* payload, size_t size);
  void handle_inject(Reader* reader);
  void handle_cue(Reader* reader);
  void handle_plan_begin(Reader* reader);
  void handle_plan_data(Reader* reader);
  void handle_plan_end();
  void handle_plan_remove();
  void run(const Model* model, Engine* engine);
  void run_built_in() { run(built_in_model_, built_in_engine_); }
  void run_pushed() { run(&pushed_.model(), &pushed_.engine()); }
  void restore();
  bool go_on_keeping();
  void greet();
  void hang_up();

  void watch_trouble();
  void tell(ErrorCode code, const char* trouble, const char** told);
  bool take_samples();
  void process(const Sample& sample, uint32_t index);
  void send_info();
  void send_batch();
  void send_statistics();
  void send_error(ErrorCode code, const char* sentence);
  void send(const Writer& message);

  Board& board_;
  Imu& imu_;
  const Model* const built_in_model_;
  Engine* const built_in_engine_;
  PushedModel pushed_;
  const Model* model_ = nullptr;  // the one that runs
  TimedEngine engine_;
  alignas(Pipeline) uint8_t pipeline_storage_[sizeof(Pipeline)];
  Pipeline* pipeline_ = nullptr;  // at work only where there is a model
  uint32_t gaps_ = 0;             // of the pipelines before
  const char* imu_trouble_ = nullptr;
  const char* engine_trouble_ = nullptr;
  TransmitQueue transmit_;
  Console console_;
  FrameDecoder decoder_;

  bool framed_ = false;       // a host has said hello
  bool zero_seen_ = false;    // a hello may follow; the text before it is for the console
  bool injecting_ = false;    // injected samples stand in for the IMU
  uint8_t streams_ = 0;
  uint32_t heard_us_ = 0;     // when the host last sent a whole message, or its first zero
  uint32_t injected_ = 0;     // samples since kInjectBegin
  uint32_t steps_ = 0;        // inferences since hello or kInjectBegin
  uint16_t events_ = 0;
  uint32_t samples_ = 0;      // taken from the IMU since power-up
  uint32_t statistics_us_ = 0;
  uint32_t loop_us_max_ = 0;  // since the last statistics
  BatchWriter batch_;
  uint32_t batch_index_ = 0;  // of the batch's first sample
};

}  // namespace tinygesture

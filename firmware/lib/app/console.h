// What the board says to people with a serial terminal, until a host says hello.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "contract.h"
#include "detector.h"
#include "engine.h"
#include "imu.h"
#include "model.h"
#include "transmit_queue.h"

namespace tinygesture {

class Console {
 public:
  Console(TransmitQueue& transmit, Board& board, const Imu& imu, const Model* model,
          const Engine& engine)
      : transmit_(transmit), board_(board), imu_(imu), model_(model), engine_(engine) {}

  void use(const Model* model) { model_ = model; }  // nullptr: none
  void receive(char c);
  void tick(uint32_t now_us);  // a status line now and then
  void status();               // and the trouble there is
  void event(const Event& event);
  void sample(const Sample& sample);  // a CSV line, if somebody asked for them
  void trouble(const char* sentence);
  void reset();

 private:
  void help();
  void print(const char* format, ...) __attribute__((format(printf, 2, 3)));

  TransmitQueue& transmit_;
  Board& board_;
  const Imu& imu_;
  const Model* model_;
  const Engine& engine_;
  char line_[16] = {};
  uint8_t length_ = 0;
  bool csv_ = false;
  uint32_t last_status_us_ = 0;
};

}  // namespace tinygesture

// The app under any bytes from its host: standard input is what the host says, split in pieces of
// the size that its first byte gives. Built with sanitisers; standard output is what the board says.
#include <stdio.h>
#include <unistd.h>

#include "../../firmware/fake_board.h"
#include "app.h"

using namespace tinygesture;

namespace {

struct EchoEngine : public Engine {
  const char* name() const override { return "echo"; }
  void reset() override {}
  void invoke(const int8_t* input, int8_t* out) override {
    out[0] = input[0];
    out[1] = input[1];
  }
};

const char* const kLabels[] = {"rest", "lift"};
const Model kModel = {{1}, "echo", "echo", 2, kLabels, 4, 4,
                      {{256, 256, 256, 256, 256, 256}, 16}, {4, 8, 20, 1, {128, 128}, 64}};

struct StdoutBoard : public FakeBoard {
  size_t write(const uint8_t* data, size_t size) override {
    return fwrite(data, 1, size, stdout);
  }
  void idle() override { now_us += 100; }  // the longest frame, byte by byte, takes under 2 s
};

StdoutBoard fake_board;
FakeImu fake_imu;
EchoEngine echo;

}  // namespace

int main() {
  static uint8_t input[1 << 16];
  const ssize_t size = read(STDIN_FILENO, input, sizeof input);
  if (size < 1) return 0;
  static App app(fake_board, fake_imu, &kModel, &echo);
  app.setup();
  const size_t piece = 1 + input[0];
  uint32_t produced = 0;
  for (ssize_t at = 1; at < size;) {
    const size_t left = size_t(size - at);
    fake_board.host_says(input + at, left < piece ? left : piece);
    at += ssize_t(left < piece ? left : piece);
    fake_imu.samples.push({++produced * 8000, {int16_t(produced * 999), 1, 2, 3, 4, 5}});
    for (int i = 0; i < 6; ++i) app.loop();
  }
  for (int i = 0; i < 100; ++i) app.loop();
}

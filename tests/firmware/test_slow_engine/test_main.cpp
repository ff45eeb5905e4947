// An engine that takes longer than many samples: sampling goes on, and what is lost is counted.
#include <new>

#include "../check.h"
#include "../fake_board.h"
#include "app.h"
#include "producer.h"

using namespace tinygesture;

namespace {

volatile uint32_t inference_samples = 0;  // how many sample periods one inference takes

struct SlowEngine : public Engine {
  const char* name() const override { return "slow"; }
  void reset() override {}
  void invoke(const int8_t*, int8_t* probabilities) override {
    probabilities[0] = probabilities[1] = 0;
    busy_for_samples(inference_samples);
  }
};

const char* const kLabels[] = {"rest", "lift"};
const Model kModel = {{1}, "slow", "slow", 2, kLabels, 60, 60,
                      {{256, 256, 256, 256, 256, 256}, 16}, {4, 8, 20, 1, {128, 128}, 64}};

FakeBoard board;
FakeImu imu;
SlowEngine engine;
volatile uint32_t produced = 0;

void run(uint32_t samples) {
  alignas(App) static uint8_t storage[sizeof(App)];
  App& app = *new (storage) App(board, imu, &kModel, &engine);
  app.setup();
  const uint32_t until = produced + samples;
  start_producing();
  while (produced < until) app.loop();
  inference_samples = 0;  // nothing counts sample periods from here on
  stop_producing();
  while (imu.samples.size() > 0) app.loop();
}

void no_sample_is_lost_while_the_ring_can_hold_them() {
  inference_samples = 100;  // half a second
  run(400);
  CHECK(imu.samples.dropped() == 0);
  CHECK(imu.samples.high_water() >= 90);
}

void beyond_the_ring_every_lost_sample_is_counted() {
  inference_samples = SampleRing::kCapacity + 60;
  const uint32_t before = produced;
  uint32_t index = 0;
  run(400);
  CHECK(imu.samples.dropped() > 0);
  imu.samples.push({});
  Sample sample;
  CHECK(imu.samples.pop(&sample, &index));
  CHECK(index == produced);  // the index counts the dropped ones too
  CHECK(produced > before);
}

}  // namespace

void produce_sample() {
  imu.samples.push({produced * 5000, {}});
  produced = produced + 1;
}

int main() {
  RUN(no_sample_is_lost_while_the_ring_can_hold_them);
  RUN(beyond_the_ring_every_lost_sample_is_counted);
  return check::finish();
}

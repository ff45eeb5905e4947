// Samples from standard input, six int16 each and 10 ms apart, through the library: a line for each
// output of the model, then a line for each gesture that a sketch is told of.
#include <stdio.h>
#include <string.h>

#include "tinygesture/recogniser.h"

using namespace tinygesture;

namespace {

struct QueueImu : public Imu {
  SampleRing samples;
  void begin() override {}
  const char* trouble() const override { return nullptr; }
  const char* name() const override { return "queue"; }
  uint32_t odr_millihertz() const override { return 100000; }
  bool pop(Sample* sample, uint32_t* index) override { return samples.pop(sample, index); }
  const SampleRing& ring() const override { return samples; }
};

struct Printer : public Pipeline::Listener {
  void on_probabilities(uint32_t, const int8_t* probabilities) override {
    for (uint8_t i = 0; i < model()->label_count; ++i) printf("%d ", probabilities[i]);
    printf("\n");
  }
  void on_event(const Event&) override {}
};

int own = 0;

void tell(const Gesture& gesture) {
  printf("%s %d %lu %lu\n", gesture.label, int(gesture.confidence * 256),
         static_cast<unsigned long>(gesture.start_us), static_cast<unsigned long>(gesture.end_us));
}

void count(const Gesture&) { ++own; }

}  // namespace

int main() {
  static Sample samples[20000];
  uint32_t size = 0;
  while (fread(samples[size].counts, sizeof samples[size].counts, 1, stdin) == 1) {
    samples[size].t_us = size * kCanonicalPeriodUs;
    ++size;
  }
  Printer printer;
  Pipeline pipeline(*model(), *engine());
  for (uint32_t i = 0; i < size; ++i) pipeline.push(samples[i], printer);

  printf("gestures\n");
  QueueImu imu;
  Recogniser recogniser(imu, *model(), *engine());
  recogniser.on(tell);
  for (uint8_t i = 0; i < model()->label_count; ++i)
    if (!recogniser.on(model()->labels[i], count)) return 1;
  if (recogniser.on("no such label", count) || !recogniser.begin()) return 2;
  for (uint32_t i = 0; i < size; ++i) {
    imu.samples.push(samples[i]);
    recogniser.loop();
  }
  printf("%d\n", own);
}

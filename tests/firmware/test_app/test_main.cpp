// The app against a host that behaves, misbehaves, or falls silent.
#include <new>

#include "../check.h"
#include "../fake_board.h"
#include "../fake_flash.h"
#include "app.h"
#include "crc32.h"

using namespace tinygesture;

namespace {

// Probability 127 for label 1 while the x axis is positive, for label 0 otherwise.
struct SignEngine : public Engine {
  const char* sentence = nullptr;
  const char* name() const override { return "sign"; }
  const char* trouble() const override { return sentence; }
  void reset() override {}
  void invoke(const int8_t* input, int8_t* probabilities) override {
    probabilities[0] = input[0] > 0 ? -128 : 127;
    probabilities[1] = input[0] > 0 ? 127 : -128;
  }
};

const char* const kLabels[] = {"rest", "lift"};
const Model kModel = {{1, 2, 3, 4, 5, 6, 7, 8}, "test", "sign", 2, kLabels, 4, 4,
                      {{256, 256, 256, 256, 256, 256}, 16}, {4, 8, 20, 1, {128, 128}, 64}};

FakeBoard board;
FakeImu imu;
SignEngine engine;
alignas(App) uint8_t app_storage[sizeof(App)];
uint32_t produced = 0;

App& app() { return *reinterpret_cast<App*>(app_storage); }

void start(const Model* model, Store* flash = nullptr) {
  board = FakeBoard();
  board.flash = flash;
  imu.sentence = nullptr;
  engine.sentence = nullptr;
  Sample sample;
  uint32_t index;
  while (imu.pop(&sample, &index)) {
  }
  new (app_storage) App(board, imu, model, model ? &engine : nullptr);
  app().setup();
}

void turn(int loops = 40) {
  for (int i = 0; i < loops; ++i) app().loop();
}

void produce(int count, int16_t ax) {
  for (int i = 0; i < count; ++i) imu.samples.push({++produced * 8000, {ax, 0, 0, 0, 0, 0}});
}

void hello() {
  const uint8_t zero = 0;
  Writer message(Message::kHello);
  message.u8(kProtocolMajor);
  message.u8(kProtocolMinor);
  board.host_says(&zero, 1);
  board.host_says(message);
  turn();
}

void streams(uint8_t mask) {
  Writer message(Message::kStreams);
  message.u8(mask);
  board.host_says(message);
  turn(4);
}

// How many messages of a type the board has sent since power-up; the last one is kept.
uint8_t last[kMaxPayload];
size_t last_size = 0;
int count_of(Message type) {
  static FrameDecoder decoder;
  decoder.reset();
  int count = 0;
  bool framed = false;
  for (size_t i = 0; i < board.outgoing_size; ++i) {
    framed = framed || board.outgoing[i] == 0;
    if (!framed || !decoder.push(board.outgoing[i])) continue;
    if (Message(decoder.payload()[0]) != type) continue;
    ++count;
    last_size = decoder.size();
    memcpy(last, decoder.payload(), last_size);
  }
  return count;
}

void text_until_hello() {
  start(&kModel);
  board.host_says("?\n", 2);
  turn();
  CHECK(board.said("tinygesture 0.1.0 on fake"));
  CHECK(board.said("model test (sign), 2 labels"));
  CHECK(board.said("this help"));
  CHECK(count_of(Message::kInfo) == 0);
}

void a_gesture_is_a_line_of_text() {
  start(&kModel);
  produce(100, 8000);
  turn();
  CHECK(board.said("lift 1.00\r\n") || board.said("lift 0.99\r\n"));
  CHECK(board.gestures == 1);
}

void csv_lines() {
  start(nullptr);
  board.host_says("csv\r\n", 5);
  turn();
  imu.samples.push({++produced * 8000, {8192, -1, 4096, 16384, -16, 0}});
  turn();
  CHECK(board.said("aX,aY,aZ,gX,gY,gZ\r\n1.000,0.000,0.500,1000.000,-0.977,0.000\r\n"));
}

void hello_is_answered_with_info() {
  start(&kModel);
  board.host_says("half a li", 9);
  hello();
  CHECK(count_of(Message::kInfo) == 1);
  CHECK(last[1] == kProtocolMajor && last[2] == kProtocolMinor);
}

void without_a_model_too() {
  start(nullptr);
  hello();
  CHECK(count_of(Message::kInfo) == 1);
  streams(kStreamSamples | kStreamProbabilities);
  produce(64, 100);
  turn();
  CHECK(count_of(Message::kSamples) == 8);
  CHECK(count_of(Message::kProbabilities) == 0);
}

void silence_brings_text_back() {
  start(&kModel);
  hello();
  streams(kStreamSamples);
  board.outgoing_size = 0;
  board.now_us += 2100000;
  turn();
  CHECK(board.times_said("tinygesture 0.1.0") == 1);
  produce(64, 100);
  turn();
  CHECK(count_of(Message::kSamples) == 0);
  hello();
  CHECK(count_of(Message::kInfo) == 1);
}

// Such as ModemManager's, which asks every new port whether it is a modem.
void zeros_of_another_program_leave_the_console_its_ears() {
  start(&kModel);
  board.host_says("AT\r\n\0x\xF0~", 8);
  turn();
  board.now_us += 2100000;
  turn();
  board.host_says("?\r\n", 3);
  turn();
  CHECK(board.said("this help\r\n"));
  hello();
  CHECK(count_of(Message::kInfo) == 1);
}

void keep_alive_keeps_frames() {
  start(&kModel);
  hello();
  for (int i = 0; i < 5; ++i) {
    board.now_us += 1900000;
    board.host_says(Writer(Message::kKeepAlive));
    turn(4);
  }
  streams(kStreamSamples);
  produce(16, 100);
  turn();
  CHECK(count_of(Message::kSamples) == 2);
}

void damage_and_nonsense_are_answered_or_counted() {
  start(&kModel);
  hello();
  const uint8_t rubbish[] = {9, 9, 9, 0, 1, 2, 3, 0};
  board.host_says(rubbish, sizeof rubbish);
  board.host_says(Writer(Message(0x55)));
  board.host_says(Writer(Message::kStreams));  // without its mask
  turn();
  CHECK(count_of(Message::kError) == 2);
  streams(kStreamStatistics);
  CHECK(count_of(Message::kStatistics) == 1);
  Reader statistics(last + 1, last_size - 1);
  for (int i = 0; i < 3; ++i) statistics.u32();
  CHECK(statistics.u32() == 2);  // CRC errors
}

void a_host_that_does_not_read_loses_whole_frames_and_counts_them() {
  start(&kModel);
  hello();
  streams(kStreamSamples);
  board.takes = 0;
  const uint32_t before = imu.samples.dropped();
  for (int i = 0; i < 40; ++i) {
    produce(32, 100);
    turn(4);
  }
  CHECK(imu.samples.dropped() == before);  // sampling goes on
  board.takes = SIZE_MAX;
  turn();
  streams(kStreamSamples | kStreamStatistics);
  turn();
  CHECK(count_of(Message::kStatistics) >= 1);
  Reader statistics(last + 1, last_size - 1);
  statistics.u32();
  statistics.u32();
  CHECK(statistics.u32() > 0);  // frames dropped
}

// It is given up after 2 s; gestures are recognised all the while, and its next hello is answered.
void a_host_that_does_not_read_for_30_s_comes_back() {
  start(&kModel);
  hello();
  streams(kStreamSamples | kStreamEvents);
  board.takes = 0;
  const uint32_t before = imu.samples.dropped();
  const uint32_t end_us = board.now_us + 30000000;
  for (int i = 0; board.now_us < end_us; ++i) {
    produce(32, i / 4 % 2 ? 16384 : -16384);  // a gesture every two seconds
    turn(8);
    board.now_us += 256000;
  }
  CHECK(imu.samples.dropped() == before && board.gestures > 5);
  board.takes = SIZE_MAX;
  board.outgoing_size = 0;
  hello();
  CHECK(count_of(Message::kInfo) == 1);
  streams(kStreamSamples);
  produce(16, 100);
  turn();
  CHECK(count_of(Message::kSamples) == 2);
}

Writer injection(uint8_t flags, const Sample* samples, int count) {
  BatchWriter batch;
  for (int i = 0; i < count; ++i) batch.add(samples[i]);
  Writer message(Message::kInject);
  message.u8(flags);
  batch.write(&message);
  return message;
}

void injected_samples_stand_in_for_the_imu() {
  start(&kModel);
  hello();
  streams(kStreamProbabilities | kStreamEvents);
  Sample samples[16];
  for (uint32_t i = 0; i < 16; ++i) samples[i] = {i * 10000, {8000, 0, 0, 0, 0, 0}};
  board.host_says(injection(kInjectBegin, samples, 16));
  turn();
  produce(64, -8000);
  turn();
  CHECK(count_of(Message::kProbabilities) == 4);
  CHECK(count_of(Message::kEvent) == 1);
  CHECK(count_of(Message::kInjected) == 1 && last[1] == 16);
  board.host_says(injection(kInjectEnd, samples, 0));
  turn();
  produce(64, -8000);
  turn();
  CHECK(count_of(Message::kProbabilities) > 4);
}

void a_batch_that_lies_about_its_size_is_refused() {
  start(&kModel);
  hello();
  Writer message(Message::kInject);
  message.u8(kInjectBegin);
  message.u32(0);
  message.u8(200);
  board.host_says(message);
  turn();
  CHECK(count_of(Message::kError) == 1);
  CHECK(count_of(Message::kInjected) == 0);
}

void cues_reach_the_person() {
  start(nullptr);
  hello();
  Writer message(Message::kCue);
  message.u8(uint8_t(Cue::kGo));
  message.text("lift");
  board.host_says(message);
  turn();
  CHECK(board.cue == Cue::kGo);
}

void trouble_with_the_imu_is_told_in_both_modes() {
  start(nullptr);
  imu.sentence = "the IMU does not answer";
  app().setup();
  turn();
  CHECK(board.said("trouble: the IMU does not answer"));
  hello();
  CHECK(count_of(Message::kError) == 1);
  board.outgoing_size = 0;
  board.now_us += 2100000;  // the host is gone
  turn();
  CHECK(board.said("trouble: the IMU does not answer"));  // to whoever opens the port later
}

void durations_have_extremes_of_all_and_the_median_of_the_latest() {
  Durations durations;
  CHECK(durations.minimum() == 0 && durations.median() == 0 && durations.maximum() == 0);
  durations.add(7);
  durations.add(3);
  durations.add(5);
  CHECK(durations.minimum() == 3 && durations.median() == 5 && durations.maximum() == 7);
  durations.add(6);
  CHECK(durations.median() == 5);  // the lower of 5 and 6
  for (int i = 0; i < Durations::kLatest / 2; ++i) durations.add(100);
  CHECK(durations.median() == 100);  // 31 of 35
  for (uint32_t i = 0; i < 2 * Durations::kLatest; ++i) durations.add(200 + i % 2);
  CHECK(durations.median() == 201);  // 32 of 63
  for (uint32_t i = 0; i < Durations::kLatest; ++i) durations.add(1000 + i * 37 % 63);
  CHECK(durations.median() == 1031);
  CHECK(durations.minimum() == 3 && durations.maximum() == 1062);
}

void statistics_tell_of_inferences_sleep_and_memory() {
  start(&kModel);
  hello();
  produce(64, 100);
  turn();
  board.now_us += 5000;  // awake
  const uint32_t slept = board.slept_us;
  streams(kStreamStatistics);
  CHECK(count_of(Message::kStatistics) == 1);
  Reader statistics(last + 1, last_size - 1);
  CHECK(statistics.u32() == 64);
  for (int i = 0; i < 4; ++i) statistics.u32();
  statistics.u16();
  statistics.u32();  // the longest turn of loop()
  for (int i = 0; i < 2; ++i) CHECK(statistics.u32() == 10);  // the fake clock's step
  CHECK(statistics.u32() == 0);                               // stack
  for (int i = 0; i < 2; ++i) CHECK(statistics.u32() == 10);
  const uint32_t clock = statistics.u32();
  const uint32_t asleep = statistics.u32();
  CHECK(slept <= asleep && asleep <= slept + 4000);
  CHECK(clock - asleep > 5000);
  CHECK(statistics.u32() == 0);  // free RAM
  CHECK(statistics.ok() && statistics.left() == 0);
}

void trouble_with_the_engine_is_told_and_ends_recognition() {
  start(&kModel);
  engine.sentence = "an operator is missing";
  turn();
  CHECK(board.said("trouble: an operator is missing"));
  CHECK(board.trouble);
  hello();
  CHECK(count_of(Message::kError) == 1 && last[1] == uint8_t(ErrorCode::kEngine));
  streams(kStreamSamples | kStreamProbabilities);
  produce(64, 8000);
  turn();
  CHECK(count_of(Message::kSamples) == 8);  // recording goes on
  CHECK(count_of(Message::kProbabilities) == 0);
  CHECK(board.gestures == 0);
}

void each_trouble_is_told_once() {
  start(&kModel);
  imu.sentence = "the IMU does not answer";
  hello();
  engine.sentence = "an operator is missing";
  turn();
  CHECK(count_of(Message::kError) == 2);
  imu.sentence = nullptr;
  turn();
  CHECK(count_of(Message::kError) == 2);
  CHECK(board.trouble);  // the engine's
}

// A plan whose probabilities are the first two bytes of its input.
struct TinyPlan {
  static constexpr size_t kWords = 43;
  uint32_t words[kWords] = {};

  TinyPlan() {
    constexpr uint32_t kText = 20, kBegin = 40;
    memcpy(words + kText / 4, "pushed\0gru\0rest\0go", 19);
    const uint32_t body[] = {
        // memory: input (4, 6) at 0, output (2) at 24; no fills, no calls, one move
        28, 24, 24, 2, 0, 0, 1, 24, 0, 2,
        // the model: id, name, architecture, labels, window, hop, quantisation, detector
        7, 8, kText, kText + 7, 2, kText + 11, kText + 16, 4, 4,
        256, 256, 256, 256, 256, 256, 16, 4, 8, 20, 1, 128, 128, 64};
    static_assert(kBegin + sizeof body == sizeof words, "");
    memcpy(words + kBegin / 4, body, sizeof body);
    words[0] = 0x4E4C5054;
    words[1] = 2;
    words[2] = sizeof words;
    words[4] = kBegin;
    seal();
  }
  void seal() { words[3] = crc32(words + 4, sizeof words - 16); }
  const uint8_t* bytes() const { return reinterpret_cast<const uint8_t*>(words); }
};

void plan_begins(uint32_t size, uint8_t flags = 0) {
  Writer message(Message::kPlanBegin);
  message.u32(size);
  message.u8(flags);
  board.host_says(message);
  turn(8);
}

void plan_data(const TinyPlan& plan, uint32_t offset, uint32_t size) {
  Writer message(Message::kPlanData);
  message.u32(offset);
  message.bytes(plan.bytes() + offset, size);
  board.host_says(message);
  turn(8);
}

void say(Message type) {
  board.host_says(Writer(type));
  turn(8);
}

void push(const TinyPlan& plan, uint8_t flags = 0) {
  plan_begins(sizeof plan.words, flags);
  plan_data(plan, 0, 100);
  plan_data(plan, 100, sizeof plan.words - 100);
  say(Message::kPlanEnd);
}

uint32_t taken() {
  CHECK(count_of(Message::kPlanTaken) > 0);
  return last[1] | (last[2] << 8) | (last[3] << 16) | (uint32_t(last[4]) << 24);
}

void a_pushed_model_runs_and_describes_itself(const Model* built_in) {
  start(built_in);
  hello();
  push(TinyPlan());
  CHECK(count_of(Message::kError) == 0);
  CHECK(count_of(Message::kInfo) == 2);
  CHECK(board.said("pushed"));
  streams(kStreamProbabilities);
  produce(60, 8000);
  turn();
  CHECK(count_of(Message::kProbabilities) > 5);
  CHECK(int8_t(last[10]) == 31 && last[11] == 0);  // 8000 * 256 / 2^16, and the y axis
}

void a_pushed_model_runs_without_one_built_in() {
  a_pushed_model_runs_and_describes_itself(nullptr);
}

void a_pushed_model_runs_instead_of_the_built_in() {
  a_pushed_model_runs_and_describes_itself(&kModel);
  say(Message::kPlanRemove);
  CHECK(count_of(Message::kInfo) == 3);
  produce(40, 8000);
  turn();
  CHECK(count_of(Message::kProbabilities) > 8);
  CHECK(int8_t(last[10]) == -128 && last[11] == 127);  // the engine's of the test
}

void missing_and_repeated_pieces_of_a_plan_are_told() {
  start(nullptr);
  hello();
  const TinyPlan plan;
  plan_begins(sizeof plan.words);
  CHECK(taken() == 0);
  plan_data(plan, 100, 20);  // the one before was lost
  CHECK(taken() == 0);
  say(Message::kPlanEnd);
  CHECK(count_of(Message::kError) == 1);
  plan_data(plan, 0, 100);
  CHECK(taken() == 100);
  plan_data(plan, 0, 100);
  CHECK(taken() == 100);
  plan_data(plan, 100, sizeof plan.words - 100);
  CHECK(taken() == sizeof plan.words);
  say(Message::kPlanEnd);
  say(Message::kPlanEnd);  // the host has not heard the answer
  CHECK(count_of(Message::kError) == 1);
  CHECK(count_of(Message::kInfo) == 3);
}

void a_plan_that_will_not_do_leaves_the_built_in_model() {
  start(&kModel);
  hello();
  TinyPlan plan;
  plan.words[10] = 20;  // the input does not fit the memory any more
  push(plan);
  CHECK(board.said("the plan is damaged"));
  plan.seal();
  push(plan);
  CHECK(board.said("not as this firmware knows plans"));
  plan_begins(1 << 20);
  CHECK(board.said("larger than the memory"));
  CHECK(count_of(Message::kError) == 3);
  CHECK(count_of(Message::kInfo) == 1);
  streams(kStreamProbabilities);
  produce(40, 8000);
  turn();
  CHECK(count_of(Message::kProbabilities) > 3);
}

void a_kept_model_runs_when_the_board_is_switched_on_again() {
  FakeFlash flash;
  start(&kModel, &flash);
  hello();
  push(TinyPlan(), kPlanKeep);
  turn();
  CHECK(count_of(Message::kInfo) == 2);
  start(&kModel, &flash);
  turn();
  CHECK(board.said("model pushed (gru)"));
  hello();
  say(Message::kPlanRemove);
  turn();
  CHECK(count_of(Message::kInfo) == 2);
  start(&kModel, &flash);
  turn();
  CHECK(board.said("model test (sign)"));
  CHECK(!flash.misused);
}

void a_host_that_falls_silent_leaves_the_kept_model() {
  FakeFlash flash;
  start(nullptr, &flash);
  hello();
  push(TinyPlan(), kPlanKeep);
  turn();
  plan_begins(100);
  board.now_us += 3000000;
  turn();
  CHECK(board.said("model pushed (gru)"));
}

void a_board_that_cannot_keep_says_so() {
  start(nullptr);
  hello();
  plan_begins(sizeof TinyPlan::words, kPlanKeep);
  CHECK(board.said("cannot keep"));
  FakeFlash flash;
  start(&kModel, &flash);
  hello();
  flash.power = 5;
  push(TinyPlan(), kPlanKeep);
  turn();
  CHECK(board.said("did not take it"));
  CHECK(count_of(Message::kInfo) == 1);
  streams(kStreamProbabilities);
  produce(40, 8000);
  turn();
  CHECK(count_of(Message::kProbabilities) > 3);
  CHECK(int8_t(last[10]) == -128 && last[11] == 127);  // of the model that was built in
}

}  // namespace

int main() {
  RUN(text_until_hello);
  RUN(a_gesture_is_a_line_of_text);
  RUN(csv_lines);
  RUN(hello_is_answered_with_info);
  RUN(without_a_model_too);
  RUN(silence_brings_text_back);
  RUN(zeros_of_another_program_leave_the_console_its_ears);
  RUN(keep_alive_keeps_frames);
  RUN(damage_and_nonsense_are_answered_or_counted);
  RUN(a_host_that_does_not_read_loses_whole_frames_and_counts_them);
  RUN(a_host_that_does_not_read_for_30_s_comes_back);
  RUN(injected_samples_stand_in_for_the_imu);
  RUN(a_batch_that_lies_about_its_size_is_refused);
  RUN(cues_reach_the_person);
  RUN(trouble_with_the_imu_is_told_in_both_modes);
  RUN(durations_have_extremes_of_all_and_the_median_of_the_latest);
  RUN(statistics_tell_of_inferences_sleep_and_memory);
  RUN(trouble_with_the_engine_is_told_and_ends_recognition);
  RUN(each_trouble_is_told_once);
  RUN(a_pushed_model_runs_without_one_built_in);
  RUN(a_pushed_model_runs_instead_of_the_built_in);
  RUN(missing_and_repeated_pieces_of_a_plan_are_told);
  RUN(a_plan_that_will_not_do_leaves_the_built_in_model);
  RUN(a_kept_model_runs_when_the_board_is_switched_on_again);
  RUN(a_host_that_falls_silent_leaves_the_kept_model);
  RUN(a_board_that_cannot_keep_says_so);
  return check::finish();
}

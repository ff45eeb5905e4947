#include "app.h"

#include <string.h>

#include <new>

#include "version.h"

namespace tinygesture {

namespace {

constexpr uint32_t kHostSilenceUs = 2000000;
constexpr uint32_t kStatisticsEveryUs = 1000000;
constexpr uint8_t kSamplesPerFrame = 8;
constexpr size_t kAnswerRoom = 2048;  // what one message of the host can cause, at most
constexpr int kSamplesPerLoop = 16;

const uint8_t kZero = 0;

// What stands in the place of a model and its engine where there are none.
class NoEngine : public Engine {
 public:
  const char* name() const override { return "none"; }
  void reset() override {}
  void invoke(const int8_t*, int8_t*) override {}
};

NoEngine no_engine;
constexpr Model kNoModel = {{}, "", "", 0, nullptr, 1, 1, {{}, 1}, {}};

}  // namespace

App::App(Board& board, Imu& imu, const Model* model, Engine* engine)
    : board_(board),
      imu_(imu),
      built_in_model_(model),
      built_in_engine_(engine),
      pushed_(board.store(), model ? model->id : kNoModel.id),
      engine_(no_engine, board),
      console_(transmit_, board, imu, model, engine_) {
  run_built_in();
}

void App::setup() {
  imu_.begin();
  restore();
  watch_trouble();
  console_.status();
}

void App::loop() {
  const uint32_t begin = board_.micros();
  const bool heard = read_host();
  const bool sampled = take_samples();
  const bool keeping = go_on_keeping();
  watch_trouble();
  const uint32_t now = board_.micros();
  if (!framed_) console_.tick(now);
  if (zero_seen_ && now - heard_us_ > kHostSilenceUs) hang_up();
  if ((streams_ & kStreamStatistics) && now - statistics_us_ >= kStatisticsEveryUs) {
    statistics_us_ = now;
    send_statistics();
  }
  const bool sent = transmit_.flush(board_);
  const uint32_t took = board_.micros() - begin;
  if (took > loop_us_max_) loop_us_max_ = took;
  if (!heard && !sampled && !keeping && !sent) board_.idle();
}

void App::watch_trouble() {
  tell(ErrorCode::kImu, imu_.trouble(), &imu_trouble_);
  tell(ErrorCode::kEngine, engine_.trouble(), &engine_trouble_);
}

// Says once what has changed.
void App::tell(ErrorCode code, const char* trouble, const char** told) {
  if (trouble == *told) return;
  *told = trouble;
  board_.show_trouble(imu_trouble_ != nullptr || engine_trouble_ != nullptr);
  if (trouble == nullptr) return;
  if (framed_)
    send_error(code, trouble);
  else
    console_.trouble(trouble);
}

// Reads no more from the host than can be answered: a host that does not read is made to wait.
bool App::read_host() {
  if (transmit_.free() < kAnswerRoom) return false;
  uint8_t bytes[64];
  const size_t count = board_.read(bytes, sizeof bytes);
  for (size_t i = 0; i < count; ++i) {
    if (!framed_ && !zero_seen_ && bytes[i] != 0) {
      console_.receive(char(bytes[i]));
      continue;
    }
    if (!zero_seen_) heard_us_ = board_.micros();
    zero_seen_ = true;
    if (decoder_.push(bytes[i])) {
      handle(decoder_.payload(), decoder_.size());
    } else if (!framed_ && bytes[i] == 0) {
      console_.reset();
    }
  }
  return count > 0;
}

void App::handle(const uint8_t* payload, size_t size) {
  Reader reader(payload + 1, size - 1);
  const Message type = Message(payload[0]);
  if (!framed_ && type != Message::kHello) return;
  heard_us_ = board_.micros();
  switch (type) {
    case Message::kHello: return greet();
    case Message::kBye: return hang_up();
    case Message::kKeepAlive: return;
    case Message::kInject: return handle_inject(&reader);
    case Message::kCue: return handle_cue(&reader);
    case Message::kPlanBegin: return handle_plan_begin(&reader);
    case Message::kPlanData: return handle_plan_data(&reader);
    case Message::kPlanEnd: return handle_plan_end();
    case Message::kPlanRemove: return handle_plan_remove();
    case Message::kStreams: {
      const uint8_t streams = reader.u8();
      if (!reader.ok()) return send_error(ErrorCode::kMalformedMessage, "streams without a mask");
      if (!(streams & kStreamSamples)) send_batch();
      streams_ = streams;
      statistics_us_ = heard_us_ - kStatisticsEveryUs;
      return;
    }
    default: return send_error(ErrorCode::kUnknownMessage, "this firmware does not know that message");
  }
}

void App::greet() {
  transmit_.clear();
  transmit_.put(&kZero, 1);
  framed_ = true;
  injecting_ = false;
  streams_ = 0;
  steps_ = 0;
  events_ = 0;
  batch_.clear();
  console_.reset();
  send_info();
  if (imu_trouble_ != nullptr) send_error(ErrorCode::kImu, imu_trouble_);
  if (engine_trouble_ != nullptr) send_error(ErrorCode::kEngine, engine_trouble_);
}

void App::send_info() {
  const Model& m = model_ ? *model_ : kNoModel;
  Writer info(Message::kInfo);
  info.u8(kProtocolMajor);
  info.u8(kProtocolMinor);
  info.text(kFirmwareVersion);
  info.text(board_.name());
  info.text(imu_.name());
  info.u32(imu_.odr_millihertz());
  info.u16(4);     // accelerometer range, g
  info.u16(2000);  // gyroscope range, degrees per second
  info.u32(kCanonicalPeriodUs);
  info.text(engine_.name());
  info.bytes(m.id, sizeof m.id);
  info.text(m.name);
  info.text(m.architecture);
  info.u16(m.window);
  info.u16(m.hop);
  info.u8(m.label_count);
  for (uint8_t i = 0; i < m.label_count; ++i) info.text(m.labels[i]);
  send(info);
}

void App::hang_up() {
  framed_ = zero_seen_ = false;
  streams_ = 0;
  if (injecting_) pipeline_->reset();
  if (pushed_.arriving()) restore();
  injecting_ = false;
  batch_.clear();
  decoder_.reset();
  transmit_.clear();
  transmit_.put(&kZero, 1);
  board_.show_cue(Cue::kNone, "");
  console_.status();
}

void App::handle_inject(Reader* reader) {
  const uint8_t flags = reader->u8();
  BatchReader batch(reader);
  if (!batch.valid()) return send_error(ErrorCode::kMalformedMessage, "inject with a bad batch");
  if (flags & kInjectBegin) {
    send_batch();
    injecting_ = true;
    injected_ = 0;
    steps_ = 0;
    pipeline_->reset();
  }
  Sample sample;
  while (injecting_ && batch.next(&sample)) process(sample, injected_++);
  send_batch();
  Writer answer(Message::kInjected);
  answer.u32(injected_);
  send(answer);
  if (flags & kInjectEnd) {
    injecting_ = false;
    pipeline_->reset();
  }
}

void App::handle_cue(Reader* reader) {
  const Cue cue = Cue(reader->u8());
  char label[32];
  reader->text(label, sizeof label);
  if (!reader->ok()) return send_error(ErrorCode::kMalformedMessage, "cue without a label");
  board_.show_cue(cue, label);
}

void App::handle_plan_begin(Reader* reader) {
  const uint32_t size = reader->u32();
  const bool keep = reader->u8() & kPlanKeep;
  if (!reader->ok()) return send_error(ErrorCode::kMalformedMessage, "plan without its size");
  if (const char* refusal = pushed_.refusal(size, keep))
    return send_error(ErrorCode::kPlan, refusal);
  run_built_in();  // the bytes of a pushed model are overwritten
  pushed_.begin(size, keep);
  Writer answer(Message::kPlanTaken);
  answer.u32(0);
  send(answer);
}

void App::handle_plan_data(Reader* reader) {
  const uint32_t offset = reader->u32();
  if (!reader->ok()) return send_error(ErrorCode::kMalformedMessage, "plan data without offset");
  Writer answer(Message::kPlanTaken);
  answer.u32(pushed_.take(offset, reader->rest(), reader->left()));
  send(answer);
}

// What is to be kept is answered when it is.
void App::handle_plan_end() {
  if (pushed_.keeper().busy()) return;
  if (const char* refusal = pushed_.end()) {
    send_error(ErrorCode::kPlan, refusal);
    if (!pushed_.arriving()) restore();
    return;
  }
  run_pushed();
  if (!pushed_.keeper().busy()) send_info();
}

void App::handle_plan_remove() {
  run_built_in();
  if (!pushed_.keeper().works()) return send_info();
  pushed_.keeper().forget();
}

// The model that is kept, else the one that was built in.
void App::restore() {
  if (pushed_.restore())
    run_pushed();
  else
    run_built_in();
}

bool App::go_on_keeping() {
  Keeper& keeper = pushed_.keeper();
  if (!keeper.busy()) return false;
  keeper.step();
  if (keeper.busy()) return true;
  if (keeper.failed()) restore();
  if (!framed_) return true;
  if (keeper.failed())
    send_error(ErrorCode::kPlan, "the board's flash did not take it");
  else
    send_info();
  return true;
}

// No step of the model before is left: the pipeline, its time measurements and its number of steps
// begin anew.
void App::run(const Model* model, Engine* engine) {
  model_ = model;
  engine_.use(engine ? *engine : no_engine);
  console_.use(model);
  if (pipeline_ != nullptr) gaps_ += pipeline_->gaps();
  pipeline_ = new (pipeline_storage_) Pipeline(model ? *model : kNoModel, engine_);
  injecting_ = false;
  steps_ = 0;
}

// While the host is slow to read, samples wait in the ring; but never past its half, since
// recognition on the board must go on: then frames are dropped instead, and counted.
bool App::take_samples() {
  int taken = 0;
  while (taken < kSamplesPerLoop) {
    const bool slow_host = framed_ && transmit_.free() < kAnswerRoom;
    if (slow_host && imu_.ring().size() < SampleRing::kCapacity / 2) break;
    Sample sample;
    uint32_t index;
    if (!imu_.pop(&sample, &index)) break;
    ++taken;
    ++samples_;
    if (!injecting_) process(sample, index);
  }
  return taken > 0;
}

void App::process(const Sample& sample, uint32_t index) {
  if (!framed_) console_.sample(sample);
  if (streams_ & kStreamSamples) {
    const bool follows = index == batch_index_ + batch_.count();
    if (batch_.count() > 0 && (!follows || !batch_.add(sample))) send_batch();
    if (batch_.count() == 0) {
      batch_index_ = index;
      batch_.add(sample);
    }
    if (batch_.count() >= kSamplesPerFrame) send_batch();
  }
  if (model_ && engine_.trouble() == nullptr) pipeline_->push(sample, *this);
}

void App::on_probabilities(uint32_t t_us, const int8_t* probabilities) {
  const uint32_t step = steps_++;
  if (!(streams_ & kStreamProbabilities)) return;
  Writer message(Message::kProbabilities);
  message.u32(step);
  message.u32(t_us);
  message.u8(model_->label_count);
  message.bytes(probabilities, model_->label_count);
  send(message);
}

void App::on_event(const Event& event) {
  board_.show_gesture(event.label);
  const uint16_t number = events_++;
  if (!framed_) return console_.event(event);
  if (!(streams_ & kStreamEvents)) return;
  Writer message(Message::kEvent);
  message.u16(number);
  message.u8(event.label);
  message.u8(event.confidence);
  message.u32(event.start_us);
  message.u32(event.end_us);
  send(message);
}

void App::send_batch() {
  if (batch_.count() == 0) return;
  Writer message(Message::kSamples);
  message.u32(batch_index_);
  batch_.write(&message);
  batch_.clear();
  send(message);
}

void App::send_statistics() {
  Writer message(Message::kStatistics);
  message.u32(samples_);
  message.u32(imu_.ring().dropped());
  message.u32(transmit_.dropped());
  message.u32(decoder_.errors());
  message.u32(gaps_ + pipeline_->gaps());
  message.u16(uint16_t(imu_.ring().high_water()));
  message.u32(loop_us_max_);
  message.u32(engine_.durations().last());
  message.u32(engine_.durations().maximum());
  message.u32(board_.stack_high_water());
  message.u32(engine_.durations().minimum());
  message.u32(engine_.durations().median());
  message.u32(board_.micros());
  message.u32(board_.asleep_us());
  message.u32(board_.free_ram());
  loop_us_max_ = 0;
  send(message);
}

void App::send_error(ErrorCode code, const char* sentence) {
  Writer message(Message::kError);
  message.u8(uint8_t(code));
  message.text(sentence);
  send(message);
}

void App::send(const Writer& message) {
  uint8_t frame[kMaxEncoded];
  transmit_.put(frame, encode_frame(message.data(), message.size(), frame));
}

}  // namespace tinygesture

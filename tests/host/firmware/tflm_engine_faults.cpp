// TensorFlow Lite Micro that fails: its reason is told, and nothing is made up.
#include <string.h>

#include "../../firmware/check.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tflm_engine.h"
#include "tflm_model.h"

using namespace tinygesture;

namespace {

alignas(16) uint8_t arena[16];
int8_t carried[2];
tflite::MicroMutableOpResolver<1> resolver;

TflmEngine made(const TflmPorts& ports = tflm_model::kPorts) {
  return TflmEngine(arena, ports, resolver, arena, sizeof arena, carried);
}

bool says(const TflmEngine& engine, const char* sentence) {
  return engine.trouble() != nullptr && strcmp(engine.trouble(), sentence) == 0;
}

bool answers_zero(TflmEngine& engine) {
  const int8_t sample = 5;
  int8_t probabilities[2] = {1, 1};
  engine.invoke(&sample, probabilities);
  return probabilities[0] == -128 && probabilities[1] == -128;
}

void a_missing_operator_is_named() {
  stand_in::faults() = {};
  stand_in::faults().allocation = true;
  TflmEngine engine = made();
  CHECK(says(engine, "TensorFlow Lite Micro cannot load the model: "
                     "Didn't find op for builtin opcode 'ADD'"));
  CHECK(answers_zero(engine));
  engine.reset();
  CHECK(engine.trouble() != nullptr);
}

void a_failure_without_a_word_is_a_sentence_too() {
  stand_in::faults() = {};
  stand_in::faults().allocation = stand_in::faults().silent = true;
  CHECK(says(made(), "TensorFlow Lite Micro cannot load the model: it did not say why"));
}

void a_step_that_fails_is_told_and_ends_it() {
  stand_in::faults() = {};
  stand_in::faults().invoke_after = 2;
  TflmEngine engine = made();
  CHECK(!answers_zero(engine) && !answers_zero(engine));
  CHECK(engine.trouble() == nullptr);
  CHECK(answers_zero(engine));
  CHECK(says(engine, "TensorFlow Lite Micro cannot run the model: "
                     "Node ADD (number 3) failed to invoke with status 1"));
  stand_in::faults().invoke_after = -1;
  CHECK(answers_zero(engine));
}

void another_schema_is_told() {
  stand_in::faults() = {};
  stand_in::faults().version = 4;
  CHECK(strstr(made().trouble(), "another version of TensorFlow Lite"));
}

void tensors_of_another_model_are_told() {
  stand_in::faults() = {};
  TflmPorts ports = tflm_model::kPorts;
  ports.probabilities_bytes = 1;
  CHECK(strstr(made(ports).trouble(), "different models"));
  ports = tflm_model::kPorts;
  ports.states[0].bytes = 2;
  CHECK(strstr(made(ports).trouble(), "different models"));
  stand_in::faults().type = kTfLiteFloat32;
  CHECK(strstr(made().trouble(), "different models"));
}

}  // namespace

int main() {
  resolver.AddAdd();
  RUN(a_missing_operator_is_named);
  RUN(a_failure_without_a_word_is_a_sentence_too);
  RUN(a_step_that_fails_is_told_and_ends_it);
  RUN(another_schema_is_told);
  RUN(tensors_of_another_model_are_told);
  return check::finish();
}

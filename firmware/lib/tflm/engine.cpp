#include <new>

#include "model_data.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tflm_engine.h"
#include "tflm_model.h"

namespace tinygesture {

namespace {

alignas(16) uint8_t arena[tflm_model::kArenaBytes];
int8_t carried[tflm_model::kStateBytes + 1];  // + 1: a model without a state

using Resolver = tflite::MicroMutableOpResolver<tflm_model::kOperators>;

const Resolver& filled(Resolver& resolver) {
  tflm_model::add_operators(&resolver);
  return resolver;
}

struct Tflm {
  Resolver resolver;
  TflmEngine engine{kModelData, tflm_model::kPorts, filled(resolver), arena, sizeof arena, carried};
};

alignas(Tflm) uint8_t storage[sizeof(Tflm)];  // never destroyed

}  // namespace

Engine* engine() {
  static Tflm* const tflm = new (storage) Tflm;
  return &tflm->engine;
}

}  // namespace tinygesture

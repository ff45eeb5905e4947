// What an export of the stand-in's model would write.
#pragma once
#include <stddef.h>

#include "tflm_engine.h"

namespace tinygesture {
namespace tflm_model {

constexpr size_t kArenaBytes = 16;
constexpr size_t kStateBytes = 1;
constexpr unsigned kOperators = 1;
constexpr TflmPorts kPorts = {1, 1, 1, 2, 1, {{0, 0, 1, 0}}};

template <class Resolver>
void add_operators(Resolver* resolver) {
  resolver->AddAdd();
}

}  // namespace tflm_model
}  // namespace tinygesture

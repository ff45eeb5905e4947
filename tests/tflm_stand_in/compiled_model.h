// The stand-in's model as the compiled engine would have it.
#pragma once
#include <stdint.h>

namespace tinygesture {
namespace compiled_model {

constexpr int32_t kInputSize = 1;
constexpr int32_t kWindowSize = 1;

inline int8_t& state() {
  static int8_t value = 0;
  return value;
}
inline void reset() { state() = 0; }
inline void invoke(const int8_t* input, int8_t* output) {
  state() = int8_t(state() + input[0]);
  output[0] = state();
  output[1] = int8_t(-state());
}

}  // namespace compiled_model
}  // namespace tinygesture

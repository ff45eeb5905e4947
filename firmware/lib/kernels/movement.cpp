#include "movement.h"

#include <string.h>

namespace tinygesture {
namespace kernels {

void copy(const Copy& layer, const int8_t* input, int8_t* output) {
  const Axis* axes = layer.axes;
  input += layer.input_offset;
  output += layer.output_offset;
  for (int32_t i = 0; i < axes[0].extent; ++i) {
    for (int32_t j = 0; j < axes[1].extent; ++j) {
      for (int32_t k = 0; k < axes[2].extent; ++k) {
        const int8_t* from = input + i * axes[0].input_stride + j * axes[1].input_stride +
                             k * axes[2].input_stride;
        int8_t* to = output + i * axes[0].output_stride + j * axes[1].output_stride +
                     k * axes[2].output_stride;
        for (int32_t row = 0; row < axes[3].extent; ++row) {
          memcpy(to + row * axes[3].output_stride, from + row * axes[3].input_stride, layer.width);
        }
      }
    }
  }
}

void pad(const Pad& layer, const int8_t* input, int8_t* output) {
  memset(output, layer.value, layer.size);
  copy(layer.box, input, output);
}

}  // namespace kernels
}  // namespace tinygesture

#include "movement.h"

#include <string.h>

namespace tinygesture {
namespace kernels {

void copy(const Copy& layer, const int8_t* input, int8_t* output) {
  for (int32_t row = 0; row < layer.rows; ++row) {
    memcpy(output + layer.output_offset + row * layer.output_stride,
           input + layer.input_offset + row * layer.input_stride, layer.width);
  }
}

}  // namespace kernels
}  // namespace tinygesture

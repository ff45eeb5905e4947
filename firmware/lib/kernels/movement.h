// Copies of bytes.
#pragma once
#include <stdint.h>

#include "arithmetic.h"

namespace tinygesture {
namespace kernels {

struct Copy {
  int32_t rows;
  int32_t width;
  int32_t input_offset;
  int32_t input_stride;
  int32_t output_offset;
  int32_t output_stride;
};
// rows * width bytes out of one tensor, into another
void copy(const Copy& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

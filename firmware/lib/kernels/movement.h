// Copies of bytes, and padding.
#pragma once
#include <stdint.h>

#include "arithmetic.h"

namespace tinygesture {
namespace kernels {

// One axis of a box of elements, and the bytes from one element to the next.
struct Axis {
  int32_t extent;
  int32_t input_stride;
  int32_t output_stride;
};

struct Copy {
  Axis axes[4];   // outermost first; an extent of 1 where there are fewer
  int32_t width;  // bytes that lie together in both tensors
  int32_t input_offset;
  int32_t output_offset;
};
// a box of rows of `width` bytes out of one tensor, into another
void copy(const Copy& layer, const int8_t* input, int8_t* output);

struct Pad {
  int32_t size;   // of the output
  int32_t value;  // of every element around the box
  Copy box;
};
// the box, with `value` all around it
void pad(const Pad& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

// MAX_POOL_2D and AVERAGE_POOL_2D.
#pragma once
#include <stdint.h>

namespace tinygesture {
namespace kernels {

// Every window has at least one pixel within the input; what hangs over the edge does not count.
struct Pool {
  int32_t input_height;
  int32_t input_width;
  int32_t depth;
  int32_t filter_height;
  int32_t filter_width;
  int32_t output_height;
  int32_t output_width;
  int32_t stride_height;
  int32_t stride_width;
  int32_t pad_top;
  int32_t pad_left;
  int32_t minimum;
  int32_t maximum;
};
// (input_height, input_width, depth) -> (output_height, output_width, depth); input and output have
// one scale and zero point
void max_pool_2d(const Pool& layer, const int8_t* input, int8_t* output);
void average_pool_2d(const Pool& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

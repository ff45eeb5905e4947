// DEPTHWISE_CONV_2D: every channel of an image has filters of its own.
#pragma once
#include <stdint.h>

#include "arithmetic.h"
#include "paired_matrix.h"

namespace tinygesture {
namespace kernels {

struct DepthwiseConv2d {
  int32_t input_height;
  int32_t input_width;
  int32_t input_depth;
  int32_t filter_height;
  int32_t filter_width;
  int32_t output_height;
  int32_t output_width;
  int32_t stride_height;
  int32_t stride_width;
  int32_t dilation_height;
  int32_t dilation_width;
  int32_t pad_top;
  int32_t pad_left;
  int32_t output_depth;  // input_depth * the filters of a channel
  const int8_t* weights;  // (filter_height, filter_width, output_depth)
  const int32_t* bias;    // (output_depth) or nullptr
  const Factor* factors;  // (output_depth) if per_channel, else (1)
  bool per_channel;
  int32_t input_zero_point;
  Output output;
};
// (input_height, input_width, input_depth) -> (output_height, output_width, output_depth)
void depthwise_conv_2d(const DepthwiseConv2d& layer, const int8_t* input, int8_t* output);

// One filter per channel, and channels in fours.
struct DepthwiseInFours {
  int32_t input_height;
  int32_t input_width;
  int32_t input_depth;
  int32_t filter_height;
  int32_t filter_width;
  int32_t output_height;
  int32_t output_width;
  int32_t stride_height;
  int32_t stride_width;
  int32_t dilation_height;
  int32_t dilation_width;
  int32_t pad_top;
  int32_t pad_left;
  const int8_t* weights;  // (filter_height, filter_width, input_depth)
  const int32_t* bias;    // (input_depth)
  const Scale* scales;    // (input_depth)
  int32_t input_zero_point;
  int32_t minimum;
  int32_t maximum;
};
// (input_height, input_width, input_depth) -> (output_height, output_width, input_depth)
void depthwise_in_fours(const DepthwiseInFours& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

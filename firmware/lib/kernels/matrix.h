// FULLY_CONNECTED and CONV_2D.
#pragma once
#include <stdint.h>

#include "arithmetic.h"

namespace tinygesture {
namespace kernels {

struct FullyConnected {
  int32_t rows;
  int32_t inputs;
  int32_t outputs;
  const int8_t* weights;  // (outputs, inputs)
  const int32_t* bias;    // (outputs) or nullptr
  const Factor* factors;  // (outputs) if per_channel, else (1)
  bool per_channel;
  int32_t input_zero_point;
  Output output;
};
// (rows, inputs) -> (rows, outputs)
void fully_connected(const FullyConnected& layer, const int8_t* input, int8_t* output);

struct Conv2d {
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
  int32_t output_depth;
  const int8_t* weights;  // (output_depth, filter_height, filter_width, input_depth)
  const int32_t* bias;    // (output_depth) or nullptr
  const Factor* factors;  // (output_depth) if per_channel, else (1)
  bool per_channel;
  int32_t input_zero_point;
  Output output;
};
// (input_height, input_width, input_depth) -> (output_height, output_width, output_depth)
void conv_2d(const Conv2d& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

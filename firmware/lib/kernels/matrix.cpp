#include "matrix.h"

namespace tinygesture {
namespace kernels {

namespace {

// The sum of weights[i] * (values[i] - zero_point).
int32_t dot(const int8_t* weights, const int8_t* values, int32_t zero_point, int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; ++i) sum += weights[i] * (values[i] - zero_point);
  return sum;
}

}  // namespace

void fully_connected(const FullyConnected& layer, const int8_t* input, int8_t* output) {
  for (int32_t row = 0; row < layer.rows; ++row, input += layer.inputs) {
    const int8_t* weights = layer.weights;
    for (int32_t out = 0; out < layer.outputs; ++out, weights += layer.inputs) {
      const int32_t bias = layer.bias ? layer.bias[out] : 0;
      const int32_t sum = bias + dot(weights, input, layer.input_zero_point, layer.inputs);
      const Factor& factor = layer.factors[layer.per_channel ? out : 0];
      *output++ = stored(scaled(sum, factor), layer.output);
    }
  }
}

void conv_2d(const Conv2d& layer, const int8_t* input, int8_t* output) {
  for (int32_t out_y = 0; out_y < layer.output_height; ++out_y) {
    for (int32_t out_x = 0; out_x < layer.output_width; ++out_x) {
      const int8_t* weights = layer.weights;
      for (int32_t out = 0; out < layer.output_depth; ++out) {
        int32_t sum = layer.bias ? layer.bias[out] : 0;
        for (int32_t filter_y = 0; filter_y < layer.filter_height; ++filter_y) {
          const int32_t y =
              out_y * layer.stride_height - layer.pad_top + filter_y * layer.dilation_height;
          for (int32_t filter_x = 0; filter_x < layer.filter_width;
               ++filter_x, weights += layer.input_depth) {
            const int32_t x =
                out_x * layer.stride_width - layer.pad_left + filter_x * layer.dilation_width;
            if (y < 0 || y >= layer.input_height || x < 0 || x >= layer.input_width) continue;
            const int8_t* pixel = input + (y * layer.input_width + x) * layer.input_depth;
            sum += dot(weights, pixel, layer.input_zero_point, layer.input_depth);
          }
        }
        const Factor& factor = layer.factors[layer.per_channel ? out : 0];
        *output++ = stored(scaled(sum, factor), layer.output);
      }
    }
  }
}

}  // namespace kernels
}  // namespace tinygesture

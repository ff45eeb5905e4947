#include "depthwise.h"

#include "dsp.h"

namespace tinygesture {
namespace kernels {

namespace {

// The part of a filter that lies on the input, along one axis.
struct Span {
  int32_t first;
  int32_t end;
};

// start: of the filter's first element on the input.
Span inside(int32_t start, int32_t dilation, int32_t filter, int32_t input) {
  Span span = {0, filter};
  while (span.first < filter && start + span.first * dilation < 0) ++span.first;
  while (span.end > span.first && start + (span.end - 1) * dilation >= input) --span.end;
  return span;
}

// Calls sums(top, left, rows, columns, output pixel) for the window of every output pixel.
template <typename Sums>
inline void each_window(const DepthwiseConv2d& layer, int8_t* output, Sums sums) {
  for (int32_t out_y = 0; out_y < layer.output_height; ++out_y) {
    const int32_t top = out_y * layer.stride_height - layer.pad_top;
    const Span rows = inside(top, layer.dilation_height, layer.filter_height, layer.input_height);
    for (int32_t out_x = 0; out_x < layer.output_width; ++out_x, output += layer.output_depth) {
      const int32_t left = out_x * layer.stride_width - layer.pad_left;
      const Span columns =
          inside(left, layer.dilation_width, layer.filter_width, layer.input_width);
      sums(top, left, rows, columns, output);
    }
  }
}

int32_t bias_of(const DepthwiseConv2d& layer, int32_t channel) {
  return layer.bias ? layer.bias[channel] : 0;
}

int8_t requantised(const DepthwiseConv2d& layer, int32_t channel, int32_t sum) {
  return stored(scaled(sum, layer.factors[layer.per_channel ? channel : 0]), layer.output);
}

}  // namespace

void depthwise_conv_2d(const DepthwiseConv2d& layer, const int8_t* input, int8_t* output) {
  const int32_t filters = layer.output_depth / layer.input_depth;
  each_window(layer, output, [&](int32_t top, int32_t left, Span rows, Span columns,
                                 int8_t* pixel) {
    for (int32_t channel = 0; channel < layer.output_depth; ++channel) {
      int32_t sum = bias_of(layer, channel);
      for (int32_t row = rows.first; row < rows.end; ++row) {
        const int32_t y = top + row * layer.dilation_height;
        for (int32_t column = columns.first; column < columns.end; ++column) {
          const int32_t x = left + column * layer.dilation_width;
          const int32_t at = (y * layer.input_width + x) * layer.input_depth + channel / filters;
          const int32_t tap = row * layer.filter_width + column;
          sum += layer.weights[tap * layer.output_depth + channel] *
                 (input[at] - layer.input_zero_point);
        }
      }
      pixel[channel] = requantised(layer, channel, sum);
    }
  });
}

void depthwise_conv_2d_in_fours(const DepthwiseConv2d& layer, const int8_t* input,
                                int8_t* output) {
  const int32_t depth = layer.input_depth;
  const int32_t step = layer.dilation_width * depth;
  const uint32_t zero_points = two_lanes(layer.input_zero_point, layer.input_zero_point);
  each_window(layer, output, [&](int32_t top, int32_t left, Span rows, Span columns,
                                 int8_t* pixel) {
    for (int32_t channel = 0; channel < depth; channel += 4) {
      int32_t sums[4];
      for (int32_t i = 0; i < 4; ++i) sums[i] = bias_of(layer, channel + i);
      for (int32_t row = rows.first; row < rows.end; ++row) {
        const int32_t y = top + row * layer.dilation_height;
        const int32_t x = left + columns.first * layer.dilation_width;
        const int32_t tap = row * layer.filter_width + columns.first;
        const int8_t* at = input + (y * layer.input_width + x) * depth + channel;
        const int8_t* weights = layer.weights + tap * depth + channel;
        for (int32_t left_over = columns.end - columns.first; left_over > 0; --left_over) {
          const uint32_t values = load_word(at), factors = load_word(weights);
          const uint32_t even = ssub16(sxtb16(values), zero_points), even_factors = sxtb16(factors);
          const uint32_t odd = ssub16(sxtb16_odd(values), zero_points);
          const uint32_t odd_factors = sxtb16_odd(factors);
          sums[0] += low_lane(even) * low_lane(even_factors);
          sums[1] += low_lane(odd) * low_lane(odd_factors);
          sums[2] += high_lane(even) * high_lane(even_factors);
          sums[3] += high_lane(odd) * high_lane(odd_factors);
          at += step;
          weights += depth;
        }
      }
      for (int32_t i = 0; i < 4; ++i) {
        pixel[channel + i] = requantised(layer, channel + i, sums[i]);
      }
    }
  });
}

}  // namespace kernels
}  // namespace tinygesture

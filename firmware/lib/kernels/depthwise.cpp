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

// The window of an output pixel.
struct Window {
  int32_t top;
  int32_t left;
  Span rows;  // of the filter
  Span columns;
};

int32_t bias_of(const DepthwiseConv2d& layer, int32_t channel) {
  return layer.bias ? layer.bias[channel] : 0;
}

int8_t requantised(const DepthwiseConv2d& layer, int32_t channel, int32_t sum) {
  return stored(scaled(sum, layer.factors[layer.per_channel ? channel : 0]), layer.output);
}

// Outputs `first` and on, as the operator defines them.
void channels_one_by_one(const DepthwiseConv2d& layer, const int8_t* input, const Window& window,
                         int32_t first, int8_t* output) {
  const int32_t filters = layer.output_depth / layer.input_depth;
  for (int32_t channel = first; channel < layer.output_depth; ++channel) {
    int32_t sum = bias_of(layer, channel);
    for (int32_t row = window.rows.first; row < window.rows.end; ++row) {
      const int32_t y = window.top + row * layer.dilation_height;
      for (int32_t column = window.columns.first; column < window.columns.end; ++column) {
        const int32_t x = window.left + column * layer.dilation_width;
        const int32_t pixel = y * layer.input_width + x;
        const int32_t tap = row * layer.filter_width + column;
        sum += layer.weights[tap * layer.output_depth + channel] *
               (input[pixel * layer.input_depth + channel / filters] - layer.input_zero_point);
      }
    }
    output[channel] = requantised(layer, channel, sum);
  }
}

// Outputs up to `end`, a multiple of 4, of layers with one filter per channel.
void channels_in_fours(const DepthwiseConv2d& layer, const int8_t* input, const Window& window,
                       int32_t end, int8_t* output) {
  const int32_t depth = layer.input_depth;
  const int32_t step = layer.dilation_width * depth;
  const int32_t first_x = window.left + window.columns.first * layer.dilation_width;
  const uint32_t zero_points = two_lanes(layer.input_zero_point, layer.input_zero_point);
  for (int32_t channel = 0; channel < end; channel += 4) {
    int32_t a = bias_of(layer, channel), b = bias_of(layer, channel + 1);
    int32_t c = bias_of(layer, channel + 2), d = bias_of(layer, channel + 3);
    for (int32_t row = window.rows.first; row < window.rows.end; ++row) {
      const int32_t y = window.top + row * layer.dilation_height;
      const int32_t tap = row * layer.filter_width + window.columns.first;
      const int8_t* at = input + (y * layer.input_width + first_x) * depth + channel;
      const int8_t* weights = layer.weights + tap * depth + channel;
      for (int32_t left = window.columns.end - window.columns.first; left > 0; --left) {
        const uint32_t values = load_word(at), factors = load_word(weights);
        const uint32_t even = ssub16(sxtb16(values), zero_points);
        const uint32_t odd = ssub16(sxtb16_odd(values), zero_points);
        a += low_lane(even) * low_lane(sxtb16(factors));
        b += low_lane(odd) * low_lane(sxtb16_odd(factors));
        c += high_lane(even) * high_lane(sxtb16(factors));
        d += high_lane(odd) * high_lane(sxtb16_odd(factors));
        at += step;
        weights += depth;
      }
    }
    output[channel] = requantised(layer, channel, a);
    output[channel + 1] = requantised(layer, channel + 1, b);
    output[channel + 2] = requantised(layer, channel + 2, c);
    output[channel + 3] = requantised(layer, channel + 3, d);
  }
}

}  // namespace

void depthwise_conv_2d(const DepthwiseConv2d& layer, const int8_t* input, int8_t* output) {
  const bool one_filter = layer.output_depth == layer.input_depth;
  const int32_t in_fours = one_filter ? layer.output_depth & ~3 : 0;
  Window window;
  for (int32_t out_y = 0; out_y < layer.output_height; ++out_y) {
    window.top = out_y * layer.stride_height - layer.pad_top;
    window.rows =
        inside(window.top, layer.dilation_height, layer.filter_height, layer.input_height);
    for (int32_t out_x = 0; out_x < layer.output_width; ++out_x, output += layer.output_depth) {
      window.left = out_x * layer.stride_width - layer.pad_left;
      window.columns =
          inside(window.left, layer.dilation_width, layer.filter_width, layer.input_width);
      channels_in_fours(layer, input, window, in_fours, output);
      channels_one_by_one(layer, input, window, in_fours, output);
    }
  }
}

}  // namespace kernels
}  // namespace tinygesture

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

}  // namespace

void depthwise_conv_2d(const DepthwiseConv2d& layer, const int8_t* input, int8_t* output) {
  const int32_t filters = layer.output_depth / layer.input_depth;
  for (int32_t out_y = 0; out_y < layer.output_height; ++out_y) {
    const int32_t top = out_y * layer.stride_height - layer.pad_top;
    const Span rows = inside(top, layer.dilation_height, layer.filter_height, layer.input_height);
    for (int32_t out_x = 0; out_x < layer.output_width; ++out_x) {
      const int32_t left = out_x * layer.stride_width - layer.pad_left;
      const Span columns =
          inside(left, layer.dilation_width, layer.filter_width, layer.input_width);
      for (int32_t channel = 0; channel < layer.output_depth; ++channel) {
        int32_t sum = layer.bias ? layer.bias[channel] : 0;
        for (int32_t row = rows.first; row < rows.end; ++row) {
          const int32_t y = top + row * layer.dilation_height;
          for (int32_t column = columns.first; column < columns.end; ++column) {
            const int32_t x = left + column * layer.dilation_width;
            const int32_t pixel = y * layer.input_width + x;
            const int32_t tap = row * layer.filter_width + column;
            sum += layer.weights[tap * layer.output_depth + channel] *
                   (input[pixel * layer.input_depth + channel / filters] - layer.input_zero_point);
          }
        }
        const Factor& factor = layer.factors[layer.per_channel ? channel : 0];
        *output++ = stored(scaled(sum, factor), layer.output);
      }
    }
  }
}

namespace {

// In the paired kernels' way.
inline int8_t once_rounded(int32_t sum, const Scale& scale) {
  const int32_t value = smmla(sum * 256, scale.multiplier, scale.addend);
  return static_cast<int8_t>(ssat8((value + (sum >> 31) * scale.correction) >> scale.shift));
}

}  // namespace

void depthwise_in_fours(const DepthwiseInFours& parameters, const int8_t* input, int8_t* output) {
  const DepthwiseInFours layer = parameters;  // which no store to the output can change
  const int32_t depth = layer.input_depth;
  const int32_t column_step = layer.dilation_width * depth;
  const int32_t row_step = layer.dilation_height * layer.input_width * depth;
  const uint32_t zero_points = two_lanes(layer.input_zero_point, layer.input_zero_point);
  int8_t* results = output;
  for (int32_t out_y = 0; out_y < layer.output_height; ++out_y) {
    const int32_t top = out_y * layer.stride_height - layer.pad_top;
    const Span rows = inside(top, layer.dilation_height, layer.filter_height, layer.input_height);
    const int32_t first_y = top + rows.first * layer.dilation_height;
    for (int32_t out_x = 0; out_x < layer.output_width; ++out_x) {
      const int32_t left = out_x * layer.stride_width - layer.pad_left;
      const Span columns =
          inside(left, layer.dilation_width, layer.filter_width, layer.input_width);
      const int32_t first_x = left + columns.first * layer.dilation_width;
      const int8_t* corner = input + (first_y * layer.input_width + first_x) * depth;
      const int8_t* weights =
          layer.weights + (rows.first * layer.filter_width + columns.first) * depth;
      const Scale* scale = layer.scales;
      for (int32_t channel = 0; channel < depth; channel += 4, corner += 4, weights += 4) {
        const int32_t* bias = layer.bias + channel;
        int32_t a = bias[0], b = bias[1], c = bias[2], d = bias[3];
        const int8_t *row_values = corner, *row_factors = weights;
        for (int32_t row = rows.first; row < rows.end; ++row) {
          const int8_t *at = row_values, *factors_at = row_factors;
          for (int32_t column = columns.first; column < columns.end; ++column) {
            const uint32_t values = load_word(at), factors = load_word(factors_at);
            const uint32_t even = ssub16(sxtb16(values), zero_points);
            const uint32_t odd = ssub16(sxtb16_odd(values), zero_points);
            a += low_lane(even) * low_lane(sxtb16(factors));
            b += low_lane(odd) * low_lane(sxtb16_odd(factors));
            c += high_lane(even) * high_lane(sxtb16(factors));
            d += high_lane(odd) * high_lane(sxtb16_odd(factors));
            at += column_step;
            factors_at += depth;
          }
          row_values += row_step;
          row_factors += layer.filter_width * depth;
        }
        results[0] = once_rounded(a, scale[0]);
        results[1] = once_rounded(b, scale[1]);
        results[2] = once_rounded(c, scale[2]);
        results[3] = once_rounded(d, scale[3]);
        results += 4;
        scale += 4;
      }
    }
  }
  limit(layer, output, layer.output_height * layer.output_width * depth);
}

}  // namespace kernels
}  // namespace tinygesture

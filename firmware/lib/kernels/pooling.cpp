#include "pooling.h"

namespace tinygesture {
namespace kernels {

namespace {

// The pixels begin..end-1 of one axis that a window sees.
struct Span {
  int32_t begin;
  int32_t end;
};

Span seen(int32_t start, int32_t length, int32_t size) {
  const int32_t end = start + length;
  return {start < 0 ? 0 : start, end > size ? size : end};
}

int32_t largest(const int8_t* pixels, int32_t rows, int32_t columns, const Pool& layer) {
  int32_t value = -128;
  for (int32_t y = 0; y < rows; ++y, pixels += layer.input_width * layer.depth) {
    for (int32_t x = 0; x < columns; ++x) {
      if (pixels[x * layer.depth] > value) value = pixels[x * layer.depth];
    }
  }
  return value;
}

// To the nearest, halves away from zero.
int32_t mean_of(const int8_t* pixels, int32_t rows, int32_t columns, const Pool& layer) {
  int32_t sum = 0;
  for (int32_t y = 0; y < rows; ++y, pixels += layer.input_width * layer.depth) {
    for (int32_t x = 0; x < columns; ++x) sum += pixels[x * layer.depth];
  }
  const int32_t count = rows * columns;
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

// output = of(the window's first pixel, its rows, its columns), for each window and channel.
template <int32_t of(const int8_t*, int32_t, int32_t, const Pool&)>
void pool(const Pool& layer, const int8_t* input, int8_t* output) {
  for (int32_t out_y = 0; out_y < layer.output_height; ++out_y) {
    const int32_t top = out_y * layer.stride_height - layer.pad_top;
    const Span rows = seen(top, layer.filter_height, layer.input_height);
    for (int32_t out_x = 0; out_x < layer.output_width; ++out_x) {
      const int32_t left = out_x * layer.stride_width - layer.pad_left;
      const Span columns = seen(left, layer.filter_width, layer.input_width);
      const int8_t* pixels = input + (rows.begin * layer.input_width + columns.begin) * layer.depth;
      for (int32_t channel = 0; channel < layer.depth; ++channel) {
        int32_t value =
            of(pixels + channel, rows.end - rows.begin, columns.end - columns.begin, layer);
        if (value < layer.minimum) value = layer.minimum;
        if (value > layer.maximum) value = layer.maximum;
        *output++ = static_cast<int8_t>(value);
      }
    }
  }
}

}  // namespace

void max_pool_2d(const Pool& layer, const int8_t* input, int8_t* output) {
  pool<largest>(layer, input, output);
}

void average_pool_2d(const Pool& layer, const int8_t* input, int8_t* output) {
  pool<mean_of>(layer, input, output);
}

}  // namespace kernels
}  // namespace tinygesture

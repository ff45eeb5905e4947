#include "pooling.h"

#include "dsp.h"

namespace tinygesture {
namespace kernels {

namespace {

constexpr int32_t kMostInLane = 256;  // int8 whose sum fits into an int16

// The pixels that one output sees. Steps are bytes, from a row or a pixel to the next.
struct Window {
  int32_t rows;
  int32_t columns;
  int32_t row_step;
  int32_t step;
};

// The pixels begin..end-1 of one axis that a window sees.
struct Span {
  int32_t begin;
  int32_t end;
};

Span seen(int32_t start, int32_t length, int32_t size) {
  const int32_t end = start + length;
  return {start < 0 ? 0 : start, end > size ? size : end};
}

int8_t limited(const Pool& layer, int32_t value) {
  if (value < layer.minimum) value = layer.minimum;
  if (value > layer.maximum) value = layer.maximum;
  return static_cast<int8_t>(value);
}

// f(pixel) for each of a window's pixels.
template <typename Function>
TINYGESTURE_INLINE void each_pixel(const Window& window, const int8_t* first, Function f) {
  const int32_t step = window.step, width = window.columns * step;
  for (int32_t left = window.rows; left > 0; --left, first += window.row_step) {
    const int8_t* const end = first + width;
    for (const int8_t* pixel = first; pixel != end; pixel += step) f(pixel);
  }
}

struct Largest {
  TINYGESTURE_INLINE static int32_t of_one(const Window& window, const int8_t* first) {
    int32_t value = -128;
    each_pixel(window, first, [&](const int8_t* pixel) {
      if (*pixel > value) value = *pixel;
    });
    return value;
  }

  TINYGESTURE_INLINE static void of_four(const Pool& layer, const Window& window,
                                         const int8_t* first, int8_t* output) {
    uint32_t values = load_word(first);
    each_pixel(window, first, [&](const int8_t* pixel) {
      values = larger_bytes(values, load_word(pixel));
    });
    store_word(output, values);
    if (layer.minimum == -128 && layer.maximum == 127) return;
    for (int32_t i = 0; i < 4; ++i) output[i] = limited(layer, output[i]);
  }
};

struct Average {
  // To the nearest, halves away from zero.
  TINYGESTURE_INLINE static int32_t of_sum(int32_t sum, int32_t count) {
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
  }

  TINYGESTURE_INLINE static int32_t of_one(const Window& window, const int8_t* first) {
    int32_t sum = 0;
    each_pixel(window, first, [&](const int8_t* pixel) { sum += *pixel; });
    return of_sum(sum, window.rows * window.columns);
  }

  TINYGESTURE_INLINE static void of_four(const Pool& layer, const Window& window,
                                         const int8_t* first, int8_t* output) {
    uint32_t even = 0, odd = 0;
    each_pixel(window, first, [&](const int8_t* pixel) {
      const uint32_t word = load_word(pixel);
      even = sxtab16(even, word);
      odd = sxtab16_odd(odd, word);
    });
    const int32_t count = window.rows * window.columns;
    output[0] = limited(layer, of_sum(low_lane(even), count));
    output[1] = limited(layer, of_sum(low_lane(odd), count));
    output[2] = limited(layer, of_sum(high_lane(even), count));
    output[3] = limited(layer, of_sum(high_lane(odd), count));
  }
};

// For each window and channel: four channels at a time, as far as there are four.
template <typename Kind>
void pool(const Pool& layer, const int8_t* input, int8_t* output) {
  const int32_t depth = layer.depth, row_step = layer.input_width * depth;
  for (int32_t out_y = 0; out_y < layer.output_height; ++out_y) {
    const int32_t top = out_y * layer.stride_height - layer.pad_top;
    const Span rows = seen(top, layer.filter_height, layer.input_height);
    for (int32_t out_x = 0; out_x < layer.output_width; ++out_x) {
      const int32_t left = out_x * layer.stride_width - layer.pad_left;
      const Span columns = seen(left, layer.filter_width, layer.input_width);
      const Window window = {rows.end - rows.begin, columns.end - columns.begin, row_step, depth};
      const int8_t* first = input + rows.begin * row_step + columns.begin * depth;
      const int8_t* const end = output + depth;
      if (window.rows * window.columns <= kMostInLane) {
        for (; end - output >= 4; output += 4, first += 4) {
          Kind::of_four(layer, window, first, output);
        }
      }
      while (output != end) *output++ = limited(layer, Kind::of_one(window, first++));
    }
  }
}

}  // namespace

void max_pool_2d(const Pool& layer, const int8_t* input, int8_t* output) {
  pool<Largest>(layer, input, output);
}

void average_pool_2d(const Pool& layer, const int8_t* input, int8_t* output) {
  pool<Average>(layer, input, output);
}

}  // namespace kernels
}  // namespace tinygesture

#include "kernels.h"

#include <string.h>

namespace tinygesture {
namespace kernels {

namespace {

// value * fraction / 2^31 to the nearest, halves up.
int32_t high_product(int32_t value, int32_t fraction) {
  const int64_t product = static_cast<int64_t>(value) * fraction;
  return static_cast<int32_t>((product + (int64_t{1} << 30)) >> 31);
}

// value / 2^exponent to the nearest, halves away from zero; exponent 0..31.
int32_t rounded_shift(int32_t value, int32_t exponent) {
  const uint32_t magnitude = value < 0 ? 0u - static_cast<uint32_t>(value)
                                       : static_cast<uint32_t>(value);
  const uint32_t half = (uint32_t{1} << exponent) >> 1;
  const int32_t rounded = static_cast<int32_t>((magnitude + half) >> exponent);
  return value < 0 ? -rounded : rounded;
}

int8_t stored(int32_t value, const Output& output) {
  value += output.zero_point;
  if (value < output.minimum) value = output.minimum;
  if (value > output.maximum) value = output.maximum;
  return static_cast<int8_t>(value);
}

// The sum of weights[i] * (values[i] - zero_point).
int32_t dot(const int8_t* weights, const int8_t* values, int32_t zero_point, int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; ++i) sum += weights[i] * (values[i] - zero_point);
  return sum;
}

}  // namespace

int32_t scaled(int32_t value, const Factor& factor) {
  const int32_t left = factor.shift > 0 ? factor.shift : 0;
  const int32_t right = factor.shift < 0 ? -factor.shift : 0;
  return rounded_shift(high_product(value * (int32_t{1} << left), factor.multiplier), right);
}

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

void mean(const Mean& layer, const int8_t* input, int8_t* output) {
  for (int32_t outer = 0; outer < layer.outer; ++outer, input += layer.reduced * layer.inner) {
    for (int32_t inner = 0; inner < layer.inner; ++inner) {
      int32_t sum = -layer.input_zero_point * layer.reduced;
      for (int32_t i = 0; i < layer.reduced; ++i) sum += input[i * layer.inner + inner];
      *output++ = stored(scaled(sum, layer.factor), layer.output);
    }
  }
}

namespace {

// The sum of a row's exponentials, Q12.19, as 1 / sum = fraction * 2^-bits_over_unit.
struct Reciprocal {
  int32_t fraction;        // Q0.31, in [1/2, 1]
  int32_t bits_over_unit;  // 0..8
};

// Newton-Raphson division in the fixed point of TensorFlow Lite Micro: Q2.29, three steps.
Reciprocal reciprocal(int32_t sum) {
  const int32_t kOne = int32_t{1} << 29;
  const int32_t k48Over17 = 1515870810;
  const int32_t k32Over17 = 1010580540;
  int32_t headroom = 0;
  uint32_t normal = static_cast<uint32_t>(sum);  // at least 1.0: the largest input's own
  for (; (normal & 0x80000000u) == 0; normal <<= 1) ++headroom;

  // normal / 2^31 = 1 + x; half_denominator = (1 + x) / 2 in Q0.31
  const int32_t half_denominator = static_cast<int32_t>(normal >> 1);
  int32_t estimate = k48Over17 + high_product(half_denominator, -k32Over17);
  for (int step = 0; step < 3; ++step) {
    const int32_t error = kOne - high_product(half_denominator, estimate);
    estimate += high_product(estimate, error) * 4;  // Q4.27 -> Q2.29
  }
  const int64_t fraction = static_cast<int64_t>(estimate) * 2;  // estimate / 2, Q1.30 -> Q0.31
  return {fraction > INT32_MAX ? INT32_MAX : static_cast<int32_t>(fraction), 12 - headroom};
}

}  // namespace

void softmax(const Softmax& layer, const int8_t* input, int8_t* output) {
  const Output range = {-128, -128, 127};
  for (int32_t row = 0; row < layer.rows; ++row, input += layer.depth) {
    int32_t largest = input[0];
    for (int32_t i = 1; i < layer.depth; ++i) {
      if (input[i] > largest) largest = input[i];
    }

    int32_t sum = 0;
    for (int32_t i = 0; i < layer.depth; ++i) {
      const int32_t below = largest - input[i];
      if (below < layer.exponential_count) sum += rounded_shift(layer.exponentials[below], 12);
    }

    const Reciprocal scale = reciprocal(sum);
    for (int32_t i = 0; i < layer.depth; ++i) {
      const int32_t below = largest - input[i];
      int32_t probability = 0;
      if (below < layer.exponential_count) {
        probability = rounded_shift(high_product(scale.fraction, layer.exponentials[below]),
                                    scale.bits_over_unit + 23);
      }
      *output++ = stored(probability, range);
    }
  }
}

void lookup(const Lookup& layer, const int8_t* input, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i) output[i] = layer.table[input[i] + 128];
}

namespace {

// An operand in the common scale of a sum, which keeps 20 bits below the quantised value.
int32_t term(const Operand& operand, int8_t value) {
  return scaled((value - operand.zero_point) * (int32_t{1} << 20), operand.factor);
}

}  // namespace

void add(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i, a += layer.a.step, b += layer.b.step) {
    output[i] = stored(scaled(term(layer.a, *a) + term(layer.b, *b), layer.factor), layer.output);
  }
}

void sub(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i, a += layer.a.step, b += layer.b.step) {
    output[i] = stored(scaled(term(layer.a, *a) - term(layer.b, *b), layer.factor), layer.output);
  }
}

void mul(const Product& layer, const int8_t* a, const int8_t* b, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i, a += layer.a_step, b += layer.b_step) {
    const int32_t product = (*a - layer.a_zero_point) * (*b - layer.b_zero_point);
    output[i] = stored(scaled(product, layer.factor), layer.output);
  }
}

void quantize(const Quantize& layer, const int8_t* input, int8_t* output) {
  for (int32_t i = 0; i < layer.size; ++i) {
    output[i] = stored(scaled(input[i] - layer.input_zero_point, layer.factor), layer.output);
  }
}

void copy(const Copy& layer, const int8_t* input, int8_t* output) {
  for (int32_t row = 0; row < layer.rows; ++row) {
    memcpy(output + layer.output_offset + row * layer.output_stride,
           input + layer.input_offset + row * layer.input_stride, layer.width);
  }
}

}  // namespace kernels
}  // namespace tinygesture

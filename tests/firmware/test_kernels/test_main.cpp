// The Cortex-M4's instructions against what they compute, and fast kernels against plain ones.
#include "../check.h"
#include "instructions.h"
#include "kernels.h"

using namespace tinygesture::kernels;

namespace {

uint32_t random_word() {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return static_cast<uint32_t>(state >> 32);
}

int32_t random_within(int32_t least, int32_t most) {
  return least + static_cast<int32_t>(random_word() % static_cast<uint32_t>(most - least + 1));
}

// Every second one is an extreme.
int8_t random_byte(int8_t least) {
  const int8_t extremes[] = {least, 127, 0, -1};
  return random_word() % 2 ? extremes[random_word() % 4]
                           : static_cast<int8_t>(random_within(least, 127));
}

uint32_t random_lanes() {
  const uint32_t extremes[] = {0x80008000, 0x7FFF7FFF, 0xFFFFFFFF, 0x00000000,
                               0x80000000, 0x7FFFFFFF, 0x00007FFF, 0x80007FFF,
                               0x00010001, 0x80808080, 0x7F7F7F7F, 0x80FF7F00};
  const uint32_t count = sizeof(extremes) / sizeof(extremes[0]);
  return random_word() % 2 ? random_word() : extremes[random_word() % count];
}

void instructions_compute_what_is_written_out() {
  for (int i = 0; i < 20000; ++i) {
    const uint32_t words[kWords] = {random_lanes(), random_lanes(), random_lanes(),
                                    random_lanes()};
    uint32_t here[kResults], there[kResults];
    const int count = compute(words, here);
    CHECK(count <= kResults);
    CHECK(written_out(words, there) == count);
    CHECK(memcmp(here, there, count * sizeof(here[0])) == 0);
  }
}

// A layer's weights, plain and packed.
struct Matrix {
  static constexpr int32_t kMostInputs = 40, kMostOutputs = 9;

  int32_t inputs;
  int32_t outputs;
  int32_t input_zero_point;
  Output output;
  bool per_channel;
  int8_t weights[kMostOutputs * kMostInputs];
  int32_t bias[kMostOutputs];
  Factor factors[kMostOutputs];
  uint32_t words[(kMostOutputs + 1) * kMostInputs / 4];
  int32_t packed_bias[kMostOutputs + 1];
  Scale scales[kMostOutputs + 1];
  PairedMatrix paired;

  explicit Matrix(int32_t inputs) : inputs(inputs), outputs(random_within(1, kMostOutputs)) {
    input_zero_point = random_byte(-128);
    output = {random_byte(-128), -128, 127};
    if (random_word() % 2) output.minimum = output.zero_point;
    if (random_word() % 4 == 0) output.maximum = random_within(output.minimum, 127);
    per_channel = random_word() % 2;
    for (int32_t i = 0; i < outputs * inputs; ++i) weights[i] = random_byte(-127);
    for (int32_t out = 0; out < outputs; ++out) {
      bias[out] = random_within(-20000, 20000);
      const int32_t multiplier = random_within(1 << 30, INT32_MAX);
      factors[out] = {random_word() % 4 ? multiplier : 1 << 30, random_within(-16, 3)};
    }
    pack();
  }

  // As packing.py does it, with a shift for each scale.
  void pack() {
    const int32_t groups = groups_of(inputs);
    memset(words, 0, sizeof(words));
    bool corrected = false;
    for (int32_t out = 0; out < outputs + outputs % 2; ++out) {
      const int32_t real = out < outputs ? out : outputs - 1;
      int32_t sum = out < outputs ? bias[out] : 0;
      for (int32_t in = 0; in < inputs && out < outputs; ++in) {
        const int32_t weight = weights[out * inputs + in];
        sum += weight * (in % 2 ? 127 - input_zero_point : -input_zero_point);
        uint32_t& word = words[(out / 2 * groups + in / 4) * 2 + out % 2];
        const uint32_t lane = (word >> in % 4 / 2 * 16) + (in % 2 ? weight * 256 : weight);
        const uint32_t mask = in % 4 < 2 ? 0xFFFF : 0xFFFF0000;
        word = (word & ~mask) | ((lane << in % 4 / 2 * 16) & mask);
      }
      packed_bias[out] = sum * 256;

      const Factor& factor = factors[per_channel ? real : 0];
      const int32_t left = factor.shift > 0 ? factor.shift : 0;
      const int32_t right = factor.shift < 0 ? -factor.shift : 0;
      const int32_t half = right ? 64 + (64 << right) : 64 >> left;
      const int32_t correction = right && output.minimum < output.zero_point ? 128 : 0;
      const int32_t shift = 7 + right - left;
      scales[out] = {factor.multiplier, half + output.zero_point * (1 << shift), correction, shift};
      corrected = corrected || correction;
    }
    paired = {inputs, outputs,   words, packed_bias,    scales, per_channel,
              corrected, 0, output.minimum, output.maximum};
  }
};

constexpr int32_t kMostBytes = 2048;
int8_t input[kMostBytes], plain[kMostBytes], fast[kMostBytes], any[kMostBytes];
alignas(4) int8_t scratch[kMostBytes];

void fill_input() {
  for (int8_t& value : input) value = random_byte(-128);
}

void paired_rows_equal_fully_connected() {
  for (int i = 0; i < 300; ++i) {
    fill_input();
    const Matrix matrix(random_within(1, Matrix::kMostInputs));
    const int32_t rows = random_within(1, 7), strip = rows == 1 ? 1 : 2 * random_within(1, 3);
    const FullyConnected layer = {rows,           matrix.inputs, matrix.outputs,
                                  matrix.weights, matrix.bias,   matrix.factors,
                                  matrix.per_channel, matrix.input_zero_point, matrix.output};
    const PairedRows paired = {rows, matrix.inputs, strip, matrix.paired};
    fully_connected(layer, input, plain);
    paired_rows(paired, input, fast, scratch);
    any_paired_rows(paired, input, any, scratch);
    CHECK(memcmp(plain, fast, rows * matrix.outputs) == 0);
    CHECK(memcmp(plain, any, rows * matrix.outputs) == 0);
  }
}

void paired_conv_2d_equals_conv_2d() {
  for (int i = 0; i < 300; ++i) {
    fill_input();
    const int32_t height = random_within(1, 6), width = random_within(1, 6);
    const int32_t depth = random_within(1, 4);
    const int32_t filter_height = random_within(1, 3), filter_width = random_within(1, 3);
    const int32_t stride_y = random_within(1, 2), stride_x = random_within(1, 2);
    const int32_t dilation_y = random_within(1, 2), dilation_x = random_within(1, 2);
    const int32_t out_height = (height + stride_y - 1) / stride_y;
    const int32_t out_width = (width + stride_x - 1) / stride_x;
    const int32_t top = random_within(0, 2), left = random_within(0, 2);
    const Matrix matrix(filter_height * filter_width * depth);
    const Conv2d layer = {height,         width,        depth,          filter_height,
                          filter_width,   out_height,   out_width,      stride_y,
                          stride_x,       dilation_y,   dilation_x,     top,
                          left,           matrix.outputs, matrix.weights, matrix.bias,
                          matrix.factors, matrix.per_channel, matrix.input_zero_point,
                          matrix.output};
    const PairedConv2d paired = {height,     width,      depth,    filter_height, filter_width,
                                 out_height, out_width,  stride_y, stride_x,      dilation_y,
                                 dilation_x, top,        left,     matrix.input_zero_point,
                                 matrix.paired};
    conv_2d(layer, input, plain);
    paired_conv_2d(paired, input, fast, scratch);
    any_paired_conv_2d(paired, input, any, scratch);
    const int32_t size = out_height * out_width * matrix.outputs;
    CHECK(memcmp(plain, fast, size) == 0);
    CHECK(memcmp(plain, any, size) == 0);
  }
}

void depthwise_in_fours_equals_depthwise_conv_2d() {
  for (int i = 0; i < 300; ++i) {
    fill_input();
    const int32_t height = random_within(1, 5), width = random_within(1, 5);
    const int32_t filter_height = random_within(1, 3), filter_width = random_within(1, 3);
    const int32_t out_height = random_within(1, 4), out_width = random_within(1, 4);
    const int32_t stride = random_within(1, 2), dilation = random_within(1, 2);
    const int32_t top = random_within(0, 2), left = random_within(0, 2);
    Matrix matrix(filter_height * filter_width);  // whose rows are filters
    const int32_t depth = matrix.outputs & ~3;
    if (depth == 0) continue;
    const DepthwiseConv2d layer = {height,         width,       depth,      filter_height,
                                   filter_width,   out_height,  out_width,  stride,
                                   stride,         dilation,    dilation,   top,
                                   left,           depth,       matrix.weights, matrix.bias,
                                   matrix.factors, matrix.per_channel,
                                   matrix.input_zero_point, matrix.output};
    const DepthwiseInFours in_fours = {height, width, depth, filter_height, filter_width,
                                       out_height, out_width, stride, stride, dilation, dilation,
                                       top, left, matrix.weights, matrix.bias, matrix.scales,
                                       matrix.input_zero_point, matrix.output.minimum,
                                       matrix.output.maximum};
    depthwise_conv_2d(layer, input, plain);
    depthwise_in_fours(in_fours, input, fast);
    CHECK(memcmp(plain, fast, out_height * out_width * depth) == 0);
  }
}

}  // namespace

int main() {
  RUN(instructions_compute_what_is_written_out);
  RUN(paired_rows_equal_fully_connected);
  RUN(paired_conv_2d_equals_conv_2d);
  RUN(depthwise_in_fours_equals_depthwise_conv_2d);
  return check::finish();
}

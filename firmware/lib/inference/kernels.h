// The compiled engine's kernels: int8 in, int8 out, bit-exact with TensorFlow Lite Micro.
//
// A quantised value stands for scale * (value - zero_point). Tensors are dense and row-major;
// shapes stand beside the pointers. Multipliers, shifts, paddings and tables are computed at
// export (host/tinygesture/export/compiler), which also proves that no sum here overflows.
// Inputs and outputs must not overlap.
#pragma once
#include <stdint.h>

namespace tinygesture {
namespace kernels {

// A positive real factor: multiplier * 2^(shift - 31).
struct Factor {
  int32_t multiplier;  // 0..2^31-1, at least 2^30 unless it holds a division too
  int32_t shift;       // -31..30
};

// value * factor, rounded twice as TensorFlow Lite Micro rounds: the product by 2^31 to the
// nearest with halves up, then a right shift to the nearest with halves away from zero.
int32_t scaled(int32_t value, const Factor& factor);

// Where results go: zero_point is added, then the fused activation clamps.
struct Output {
  int32_t zero_point;
  int32_t minimum;
  int32_t maximum;
};

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
  int32_t output_depth;
  int32_t stride_height;
  int32_t stride_width;
  int32_t dilation_height;
  int32_t dilation_width;
  int32_t pad_top;
  int32_t pad_left;
  const int8_t* weights;  // (output_depth, filter_height, filter_width, input_depth)
  const int32_t* bias;    // (output_depth) or nullptr
  const Factor* factors;  // (output_depth) if per_channel, else (1)
  bool per_channel;
  int32_t input_zero_point;
  Output output;
};
// (input_height, input_width, input_depth) -> (output_height, output_width, output_depth)
void conv_2d(const Conv2d& layer, const int8_t* input, int8_t* output);

struct Mean {
  int32_t outer;
  int32_t reduced;
  int32_t inner;
  int32_t input_zero_point;
  Factor factor;  // holds the division by `reduced`
  Output output;
};
// (outer, reduced, inner) -> (outer, inner)
void mean(const Mean& layer, const int8_t* input, int8_t* output);

struct Softmax {
  int32_t rows;
  int32_t depth;                // 1..511
  const int32_t* exponentials;  // Q0.31: exp(-scale * i) for i = 0..exponential_count-1
  int32_t exponential_count;    // 1..256; beyond it the exponential counts as 0
};
// (rows, depth) -> (rows, depth), scale 1/256, zero point -128
void softmax(const Softmax& layer, const int8_t* input, int8_t* output);

struct Lookup {
  int32_t size;
  const int8_t* table;  // (256): the output for each input -128..127
};
// (size) -> (size)
void lookup(const Lookup& layer, const int8_t* input, int8_t* output);

// One side of an element-wise operator.
struct Operand {
  int32_t step;  // 1, or 0: one value for all elements
  int32_t zero_point;
  Factor factor;
};

struct Sum {
  int32_t size;
  Operand a;
  Operand b;
  Factor factor;
  Output output;
};
// (size), (size) -> (size)
void add(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output);
void sub(const Sum& layer, const int8_t* a, const int8_t* b, int8_t* output);

struct Product {
  int32_t size;
  int32_t a_step;
  int32_t a_zero_point;
  int32_t b_step;
  int32_t b_zero_point;
  Factor factor;
  Output output;
};
// (size), (size) -> (size)
void mul(const Product& layer, const int8_t* a, const int8_t* b, int8_t* output);

struct Quantize {
  int32_t size;
  int32_t input_zero_point;
  Factor factor;
  Output output;
};
// (size) -> (size), from one int8 quantisation to another
void quantize(const Quantize& layer, const int8_t* input, int8_t* output);

struct Copy {
  int32_t rows;
  int32_t width;
  int32_t input_offset;
  int32_t input_stride;
  int32_t output_offset;
  int32_t output_stride;
};
// rows * width bytes out of one tensor, into another
void copy(const Copy& layer, const int8_t* input, int8_t* output);

}  // namespace kernels
}  // namespace tinygesture

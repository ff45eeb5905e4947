#include "plan_kernels.h"

#include "kernels.h"

namespace tinygesture {

namespace {

using namespace kernels;

constexpr int32_t kMaxReach = 1 << 15;  // rows, pixels: products of two stay within 32 bits

// The largest magnitude of a value without its zero point.
int32_t largest(int32_t zero_point) {
  return zero_point < 0 ? 127 - zero_point : 128 + zero_point;
}

int64_t magnitude(int64_t value) { return value < 0 ? -value : value; }

// What the compiler proves of each channel's sum: it and its product with the factor fit.
// weights: (channels, count); or (count, channels), whose step is `channels`.
template <typename Layer>
void expect_sums_in_range(PlanReader& plan, const Layer& layer, int32_t channels, int64_t count,
                          int32_t step = 1) {
  if (!plan.ok()) return;
  for (int32_t channel = 0; channel < channels; ++channel) {
    const int8_t* weight = layer.weights + (step == 1 ? channel * count : channel);
    int64_t sum = 0;
    for (int64_t i = 0; i < count; ++i) sum += magnitude(weight[i * step]);
    const int64_t bias = layer.bias ? layer.bias[channel] : 0;
    plan.expect_in_range(sum * largest(layer.input_zero_point) + magnitude(bias),
                         layer.factors[layer.per_channel ? channel : 0]);
  }
}

void read_limits(PlanReader& plan, int32_t* minimum, int32_t* maximum) {
  *minimum = plan.within(-128, 127);
  *maximum = plan.within(-128, 127);
}

// Scales with which no sum's product leaves 32 bits.
void expect_scales(PlanReader& plan, const Scale* scales, int32_t count) {
  constexpr int32_t kMostAddend = (1 << 30) - 256;
  if (scales == nullptr) return;
  for (int32_t i = 0; i < count; ++i) {
    const Scale& scale = scales[i];
    plan.expect(scale.multiplier >= 0 && magnitude(scale.addend) <= kMostAddend);
    plan.expect(0 <= scale.correction && scale.correction <= 256);
    plan.expect(1 <= scale.shift && scale.shift <= 31);
  }
}

PairedMatrix paired_matrix(PlanReader& plan) {
  PairedMatrix matrix;
  matrix.inputs = plan.size();
  matrix.outputs = plan.size();
  const int32_t weights = plan.word(), bias = plan.word(), scales = plan.word();
  matrix.per_channel = plan.flag();
  matrix.corrected = plan.flag();
  matrix.shift = plan.within(0, 31);
  read_limits(plan, &matrix.minimum, &matrix.maximum);
  const int32_t even_outputs = matrix.outputs + matrix.outputs % 2;
  const int32_t scale_count = matrix.per_channel ? even_outputs : 1;
  matrix.weights = plan.array<uint32_t>(weights, product(even_outputs, groups_of(matrix.inputs)));
  matrix.bias = plan.array<int32_t>(bias, even_outputs);
  matrix.scales = plan.array<Scale>(scales, scale_count);
  expect_scales(plan, matrix.scales, scale_count);
  return matrix;
}

void read(PlanReader& plan, PairedRows* layer, Touched* touched) {
  layer->rows = plan.size();
  layer->row_step = plan.size();
  layer->strip = plan.size();
  plan.expect(layer->strip == 1 || layer->strip % 2 == 0);
  layer->matrix = paired_matrix(plan);
  const int32_t inputs = layer->matrix.inputs, outputs = layer->matrix.outputs;
  touched->inputs[0] = product(layer->rows - 1, layer->row_step) + inputs;
  touched->output = product(layer->rows, outputs);
  touched->work = product(layer->rows, inputs, outputs);
  const bool aligned = layer->row_step % 4 == 0;
  touched->scratch = 8 * (aligned ? product(layer->strip - 1, layer->row_step / 4) +
                                        groups_of(inputs)
                                  : product(layer->strip, groups_of(inputs)));
}

// The first members of every convolution.
template <typename Layer>
void read_windows(PlanReader& plan, Layer* layer) {
  int32_t* const members[] = {
      &layer->input_height,  &layer->input_width,  &layer->input_depth,     &layer->filter_height,
      &layer->filter_width,  &layer->output_height, &layer->output_width,   &layer->stride_height,
      &layer->stride_width,  &layer->dilation_height, &layer->dilation_width};
  for (int32_t* member : members) *member = plan.within(1, kMaxReach);
  layer->pad_top = plan.within(0, kMaxReach);
  layer->pad_left = plan.within(0, kMaxReach);
  plan.expect(product(layer->filter_height, layer->dilation_height) <= kMaxReach);
  plan.expect(product(layer->filter_width, layer->dilation_width) <= kMaxReach);
}

void read(PlanReader& plan, PairedConv2d* layer, Touched* touched) {
  read_windows(plan, layer);
  layer->input_zero_point = plan.zero_point();
  layer->matrix = paired_matrix(plan);
  const int32_t inputs = layer->matrix.inputs;
  plan.expect(inputs == product(layer->filter_height, layer->filter_width, layer->input_depth));
  touched->inputs[0] = product(layer->input_height, layer->input_width, layer->input_depth);
  touched->output = product(layer->output_height, layer->output_width, layer->matrix.outputs);
  touched->work = product(touched->output, inputs);
  touched->scratch = 20 * int64_t{groups_of(inputs)};
}

void read(PlanReader& plan, FullyConnected* layer, Touched* touched) {
  layer->rows = plan.size();
  layer->inputs = plan.size();
  layer->outputs = plan.size();
  const int32_t weights = plan.word(), bias = plan.word(), factors = plan.word();
  layer->per_channel = plan.flag();
  layer->input_zero_point = plan.zero_point();
  layer->output = plan.output();
  layer->weights = plan.array<int8_t>(weights, product(layer->outputs, layer->inputs));
  layer->bias = plan.optional_array<int32_t>(bias, layer->outputs);
  layer->factors = plan.factors(factors, layer->per_channel ? layer->outputs : 1);
  expect_sums_in_range(plan, *layer, layer->outputs, layer->inputs);
  touched->inputs[0] = product(layer->rows, layer->inputs);
  touched->output = product(layer->rows, layer->outputs);
  touched->work = product(layer->rows, layer->inputs, layer->outputs);
}

int64_t weights_per_output(const Conv2d& layer) {
  return product(layer.filter_height, layer.filter_width, layer.input_depth);
}

int64_t weights_per_output(const DepthwiseConv2d& layer) {
  return product(layer.filter_height, layer.filter_width);
}

template <typename Layer>
void read_convolution(PlanReader& plan, Layer* layer, Touched* touched) {
  read_windows(plan, layer);
  layer->output_depth = plan.within(1, kMaxReach);
  const int32_t weights = plan.word(), bias = plan.word(), factors = plan.word();
  layer->per_channel = plan.flag();
  layer->input_zero_point = plan.zero_point();
  layer->output = plan.output();
  const int64_t filter = weights_per_output(*layer);
  layer->weights = plan.array<int8_t>(weights, product(layer->output_depth, filter));
  layer->bias = plan.optional_array<int32_t>(bias, layer->output_depth);
  layer->factors = plan.factors(factors, layer->per_channel ? layer->output_depth : 1);
  touched->inputs[0] = product(layer->input_height, layer->input_width, layer->input_depth);
  touched->output = product(layer->output_height, layer->output_width, layer->output_depth);
  touched->work = product(touched->output, filter);
}

void read(PlanReader& plan, Conv2d* layer, Touched* touched) {
  read_convolution(plan, layer, touched);
  expect_sums_in_range(plan, *layer, layer->output_depth, weights_per_output(*layer));
}

void read(PlanReader& plan, DepthwiseConv2d* layer, Touched* touched) {
  read_convolution(plan, layer, touched);
  plan.expect(layer->output_depth % layer->input_depth == 0);
  expect_sums_in_range(plan, *layer, layer->output_depth, weights_per_output(*layer),
                       layer->output_depth);
}

// 256 times every channel's sum fits, as the compiler proves it. weights: (count, input_depth).
void expect_short_sums(PlanReader& plan, const DepthwiseInFours& layer, int64_t count) {
  constexpr int64_t kLargestSum = (1 << 23) - 1;
  if (!plan.ok()) return;
  for (int32_t channel = 0; channel < layer.input_depth; ++channel) {
    int64_t sum = 0;
    for (int64_t i = 0; i < count; ++i) {
      sum += magnitude(layer.weights[i * layer.input_depth + channel]);
    }
    const int64_t bias = magnitude(layer.bias[channel]);
    plan.expect(sum * largest(layer.input_zero_point) + bias <= kLargestSum);
  }
}

void read(PlanReader& plan, DepthwiseInFours* layer, Touched* touched) {
  read_windows(plan, layer);
  const int32_t depth = layer->input_depth;
  plan.expect(depth % 4 == 0);
  const int64_t filter = product(layer->filter_height, layer->filter_width);
  layer->weights = plan.array<int8_t>(plan.word(), product(depth, filter));
  layer->bias = plan.array<int32_t>(plan.word(), depth);
  layer->scales = plan.array<Scale>(plan.word(), depth);
  expect_scales(plan, layer->scales, depth);
  layer->input_zero_point = plan.zero_point();
  expect_short_sums(plan, *layer, filter);
  read_limits(plan, &layer->minimum, &layer->maximum);
  touched->inputs[0] = product(layer->input_height, layer->input_width, depth);
  touched->output = product(layer->output_height, layer->output_width, depth);
  touched->work = product(touched->output, filter);
}

// An element-wise kernel, which takes `a` and `b` bytes of its inputs.
void touch(Touched* touched, int64_t a, int64_t b, int64_t size) {
  touched->inputs[0] = a;
  touched->inputs[1] = b;
  touched->output = touched->work = size;
}

void read(PlanReader& plan, Lookup* layer, Touched* touched) {
  layer->size = plan.size();
  layer->table = plan.array<int8_t>(plan.word(), 256);
  touch(touched, layer->size, 0, layer->size);
}

void read(PlanReader& plan, WeightedSum* layer, Touched* touched) {
  layer->size = plan.size();
  layer->a_weight = plan.word();
  layer->b_weight = plan.word();
  layer->offset = plan.word();
  layer->shift = plan.within(1, 30);
  read_limits(plan, &layer->minimum, &layer->maximum);
  plan.expect(128 * (magnitude(layer->a_weight) + magnitude(layer->b_weight)) +
                  magnitude(layer->offset) <= INT32_MAX);
  touch(touched, layer->size, layer->size, layer->size);
}

void read(PlanReader& plan, ScaledProduct* layer, Touched* touched) {
  layer->size = plan.size();
  layer->a_zero_point = plan.zero_point();
  layer->b_zero_point = plan.zero_point();
  layer->multiplier = plan.within(0, INT32_MAX);
  layer->offset = plan.within(-(1 << 30), 1 << 30);
  layer->shift = plan.within(1, 23);
  read_limits(plan, &layer->minimum, &layer->maximum);
  touch(touched, layer->size, layer->size, layer->size);
}

void read(PlanReader& plan, LookedUpSum* layer, Touched* touched) {
  read(plan, &layer->sum, touched);
  layer->table = plan.array<int8_t>(plan.word(), 256);
}

void read(PlanReader& plan, SumWithProduct* layer, Touched* touched) {
  Touched product = {};
  read(plan, &layer->sum, touched);
  read(plan, &layer->product, &product);
  plan.expect(layer->product.size == layer->sum.size);
  touched->inputs[2] = product.inputs[1];
  touched->work += product.work;
}

void read(PlanReader& plan, LookedUpSumWithProduct* layer, Touched* touched) {
  read(plan, &layer->sum, touched);
  layer->table = plan.array<int8_t>(plan.word(), 256);
}

Operand operand(PlanReader& plan) {
  Operand operand;
  operand.step = plan.within(0, 1);
  operand.zero_point = plan.zero_point();
  operand.factor = plan.factor();
  plan.expect(operand.factor.shift <= 0);  // at most 1, so that sums have room
  return operand;
}

int64_t touched_by(int32_t step, int32_t size) { return step == 0 ? 1 : size; }

void read(PlanReader& plan, Sum* layer, Touched* touched) {
  layer->size = plan.size();
  layer->a = operand(plan);
  layer->b = operand(plan);
  layer->factor = plan.factor();
  plan.expect(layer->factor.shift <= 0);
  layer->output = plan.output();
  touch(touched, touched_by(layer->a.step, layer->size), touched_by(layer->b.step, layer->size),
        layer->size);
}

void read(PlanReader& plan, Product* layer, Touched* touched) {
  layer->size = plan.size();
  layer->a_step = plan.within(0, 1);
  layer->a_zero_point = plan.zero_point();
  layer->b_step = plan.within(0, 1);
  layer->b_zero_point = plan.zero_point();
  layer->factor = plan.factor();
  plan.expect_in_range(largest(layer->a_zero_point) * largest(layer->b_zero_point), layer->factor);
  layer->output = plan.output();
  touch(touched, touched_by(layer->a_step, layer->size), touched_by(layer->b_step, layer->size),
        layer->size);
}

template <typename Layer>
void read(PlanReader& plan, RowsOf<Layer>* layer, Touched* touched) {
  Rows& rows = layer->rows;
  rows.outer = plan.size();
  rows.rows = plan.size();
  int32_t* const strides[] = {&rows.a_outer, &rows.a_row, &rows.b_outer, &rows.b_row};
  for (int32_t* stride : strides) *stride = plan.within(0, PlanReader::kMaxSize);
  Touched row = {};
  read(plan, &layer->row, &row);
  const int64_t last_outer = rows.outer - 1, last = rows.rows - 1;
  touched->inputs[0] =
      product(last_outer, rows.a_outer) + product(last, rows.a_row) + row.inputs[0];
  touched->inputs[1] =
      product(last_outer, rows.b_outer) + product(last, rows.b_row) + row.inputs[1];
  touched->output = touched->work = product(rows.outer, rows.rows, row.output);
}

void read(PlanReader& plan, Mean* layer, Touched* touched) {
  layer->outer = plan.size();
  layer->reduced = plan.size();
  layer->inner = plan.size();
  layer->input_zero_point = plan.zero_point();
  layer->factor = plan.factor();
  plan.expect_in_range(product(layer->reduced, largest(layer->input_zero_point)), layer->factor);
  layer->output = plan.output();
  touched->inputs[0] = product(layer->outer, layer->reduced, layer->inner);
  touched->output = product(layer->outer, layer->inner);
  touched->work = touched->inputs[0];
}

void read(PlanReader& plan, ColumnMean* layer, Touched* touched) {
  layer->outer = plan.size();
  layer->reduced = plan.within(1, 256);
  layer->inner = plan.size();
  plan.expect(layer->inner % 4 == 0);
  layer->zero = plan.within(-128 * 256, 127 * 256);
  layer->multiplier = plan.within(0, INT32_MAX);
  layer->offset = plan.within(-(1 << 30), 1 << 30);
  layer->shift = plan.within(1, 23);
  touched->inputs[0] = product(layer->outer, layer->reduced, layer->inner);
  touched->output = product(layer->outer, layer->inner);
  touched->work = touched->inputs[0];
}

void read(PlanReader& plan, Softmax* layer, Touched* touched) {
  layer->rows = plan.size();
  layer->depth = plan.within(1, 511);
  const int32_t exponentials = plan.word();
  layer->exponential_count = plan.within(1, 256);
  layer->exponentials = plan.array<uint32_t>(exponentials, layer->exponential_count);
  if (layer->exponentials != nullptr) {
    plan.expect(layer->exponentials[0] == INT32_MAX);  // so that no row's sum is under 1
    for (int32_t i = 0; i < layer->exponential_count; ++i)
      plan.expect(layer->exponentials[i] <= INT32_MAX);
  }
  touched->inputs[0] = touched->output = touched->work = product(layer->rows, layer->depth);
}

void read(PlanReader& plan, Copy* layer, Touched* touched) {
  int64_t last_input = 0, last_output = 0;
  touched->work = 1;
  for (Axis& axis : layer->axes) {
    axis.extent = plan.size();
    axis.input_stride = plan.within(0, PlanReader::kMaxSize);
    axis.output_stride = plan.within(0, PlanReader::kMaxSize);
    last_input += product(axis.extent - 1, axis.input_stride);
    last_output += product(axis.extent - 1, axis.output_stride);
    touched->work = product(touched->work, axis.extent);
  }
  layer->width = plan.size();
  layer->input_offset = plan.within(0, PlanReader::kMaxSize);
  layer->output_offset = plan.within(0, PlanReader::kMaxSize);
  touched->inputs[0] = layer->input_offset + last_input + layer->width;
  touched->output = layer->output_offset + last_output + layer->width;
  touched->work = product(touched->work, layer->width);
}

void read(PlanReader& plan, Pad* layer, Touched* touched) {
  layer->size = plan.size();
  layer->value = plan.within(-128, 127);
  read(plan, &layer->box, touched);
  plan.expect(touched->output <= layer->size);
  touched->output = layer->size;
  touched->work += layer->size;
}

// One axis of pooling: every window sees a pixel.
void expect_windows_within(PlanReader& plan, int32_t input, int32_t filter, int32_t output,
                           int32_t stride, int32_t pad) {
  plan.expect(pad < filter && product(output - 1, stride) - pad < input);
}

void read(PlanReader& plan, Pool* layer, Touched* touched) {
  int32_t* const members[] = {&layer->input_height,  &layer->input_width,  &layer->depth,
                              &layer->filter_height, &layer->filter_width, &layer->output_height,
                              &layer->output_width,  &layer->stride_height, &layer->stride_width};
  for (int32_t* member : members) *member = plan.within(1, kMaxReach);
  layer->pad_top = plan.within(0, kMaxReach);
  layer->pad_left = plan.within(0, kMaxReach);
  read_limits(plan, &layer->minimum, &layer->maximum);
  expect_windows_within(plan, layer->input_height, layer->filter_height, layer->output_height,
                        layer->stride_height, layer->pad_top);
  expect_windows_within(plan, layer->input_width, layer->filter_width, layer->output_width,
                        layer->stride_width, layer->pad_left);
  touched->inputs[0] = product(layer->input_height, layer->input_width, layer->depth);
  touched->output = product(layer->output_height, layer->output_width, layer->depth);
  touched->work = product(touched->output, layer->filter_height, layer->filter_width);
}

template <typename Layer>
void read_as(PlanReader& plan, void* parameters, Touched* touched) {
  read(plan, static_cast<Layer*>(parameters), touched);
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, int8_t*)>
void run_one(const PlannedCall& call) {
  kernel(*static_cast<const Layer*>(call.parameters), call.inputs[0], call.output);
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, const int8_t*, int8_t*)>
void run_two(const PlannedCall& call) {
  kernel(*static_cast<const Layer*>(call.parameters), call.inputs[0], call.inputs[1],
         call.output);
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, const int8_t*, const int8_t*,
                                         int8_t*)>
void run_three(const PlannedCall& call) {
  kernel(*static_cast<const Layer*>(call.parameters), call.inputs[0], call.inputs[1],
         call.inputs[2], call.output);
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, int8_t*, int8_t*)>
void run_with_scratch(const PlannedCall& call) {
  kernel(*static_cast<const Layer*>(call.parameters), call.inputs[0], call.output, call.scratch);
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, int8_t*)>
constexpr PlannedKernel one() {
  return {1, false, sizeof(Layer), read_as<Layer>, run_one<Layer, kernel>};
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, const int8_t*, int8_t*)>
constexpr PlannedKernel two() {
  return {2, false, sizeof(Layer), read_as<Layer>, run_two<Layer, kernel>};
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, const int8_t*, const int8_t*,
                                         int8_t*)>
constexpr PlannedKernel three() {
  return {3, false, sizeof(Layer), read_as<Layer>, run_three<Layer, kernel>};
}

template <typename Layer, void (*kernel)(const Layer&, const int8_t*, int8_t*, int8_t*)>
constexpr PlannedKernel with_scratch() {
  return {1, true, sizeof(Layer), read_as<Layer>, run_with_scratch<Layer, kernel>};
}

constexpr PlannedKernel kKernels[] = {
    with_scratch<PairedRows, any_paired_rows>(),
    with_scratch<PairedConv2d, any_paired_conv_2d>(),
    one<FullyConnected, fully_connected>(),
    one<Conv2d, conv_2d>(),
    one<DepthwiseConv2d, depthwise_conv_2d>(),
    one<DepthwiseInFours, depthwise_in_fours>(),
    one<Lookup, lookup>(),
    two<WeightedSum, weighted_sum>(),
    two<WeightedSumRows, weighted_sum_rows>(),
    two<ScaledProduct, scaled_product>(),
    two<ScaledProductRows, scaled_product_rows>(),
    two<Sum, add>(),
    two<SumRows, add_rows>(),
    two<Sum, sub>(),
    two<SumRows, sub_rows>(),
    two<Product, mul>(),
    two<ProductRows, mul_rows>(),
    one<Mean, mean>(),
    one<ColumnMean, any_column_mean>(),
    one<Pool, max_pool_2d>(),
    one<Pool, average_pool_2d>(),
    one<Softmax, softmax>(),
    one<Copy, copy>(),
    two<LookedUpSum, looked_up_sum>(),
    three<SumWithProduct, sum_with_product>(),
    three<LookedUpSumWithProduct, looked_up_sum_with_product>(),
    one<Pad, pad>(),
};

}  // namespace

const PlannedKernel* planned_kernel(int32_t number) {
  constexpr int32_t kCount = sizeof kKernels / sizeof kKernels[0];
  return 0 <= number && number < kCount ? &kKernels[number] : nullptr;
}

}  // namespace tinygesture

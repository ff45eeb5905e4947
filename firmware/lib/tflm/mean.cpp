// The operator MEAN in place of the library's, which averages in float and so rounds differently
// from the TensorFlow Lite Micro of today. firmware/platforms/tflm.py leaves the library's out.
#include "kernels.h"
#include "mean_layer.h"
#include "tensorflow/lite/micro/kernels/kernel_util.h"
#include "tensorflow/lite/micro/kernels/reduce.h"

namespace tflite {

namespace {

using tinygesture::kernels::Mean;

void* Init(TfLiteContext* context, const char*, size_t) {
  return context->AllocatePersistentBuffer(context, sizeof(Mean));
}

TfLiteStatus Prepare(TfLiteContext* context, TfLiteNode* node) {
  MicroContext* micro = GetMicroContext(context);
  TfLiteTensor* input = micro->AllocateTempInputTensor(node, 0);
  TfLiteTensor* axes = micro->AllocateTempInputTensor(node, 1);
  TfLiteTensor* output = micro->AllocateTempOutputTensor(node, 0);
  TF_LITE_ENSURE(context, input != nullptr && axes != nullptr && output != nullptr);
  TF_LITE_ENSURE(context, input->type == kTfLiteInt8 && output->type == kTfLiteInt8);
  const bool understood = tinygesture::mean_layer(
      input->dims->data, input->dims->size, axes->data.i32, int(axes->bytes / sizeof(int32_t)),
      {input->params.scale, input->params.zero_point},
      {output->params.scale, output->params.zero_point}, static_cast<Mean*>(node->user_data));
  micro->DeallocateTempTfLiteTensor(output);
  micro->DeallocateTempTfLiteTensor(axes);
  micro->DeallocateTempTfLiteTensor(input);
  TF_LITE_ENSURE_MSG(context, understood, "MEAN is over axes that are not neighbours");
  return kTfLiteOk;
}

TfLiteStatus Eval(TfLiteContext* context, TfLiteNode* node) {
  const TfLiteEvalTensor* input = micro::GetEvalInput(context, node, 0);
  TfLiteEvalTensor* output = micro::GetEvalOutput(context, node, 0);
  tinygesture::kernels::mean(*static_cast<const Mean*>(node->user_data),
                             micro::GetTensorData<int8_t>(input),
                             micro::GetTensorData<int8_t>(output));
  return kTfLiteOk;
}

}  // namespace

TfLiteRegistration Register_MEAN() { return micro::RegisterOp(Init, Prepare, Eval); }

}  // namespace tflite

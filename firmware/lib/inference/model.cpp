#include "model.h"

#ifdef TINYGESTURE_MODEL

#include "compiled_model.h"
#include "model_config.h"

namespace tinygesture {

static_assert(kModel.window * kChannels == compiled_model::kWindowSize &&
                  (compiled_model::kHopSize == 0 ||
                   kModel.hop * kChannels == compiled_model::kHopSize) &&
                  kModel.label_count == compiled_model::kOutputSize,
              "model_config.h and compiled_model.h are of different models");
static_assert(kModel.window <= kMaxWindow, "the window is too long for this firmware");
static_assert(1 <= kModel.hop && kModel.hop <= kModel.window, "a hop is 1..window samples");
static_assert(kModel.label_count <= kMaxLabels, "too many labels for this firmware");

const Model* model() { return &kModel; }

}  // namespace tinygesture

#else

namespace tinygesture {

const Model* model() { return nullptr; }

}  // namespace tinygesture

#endif

#include "engine.h"

#if defined(TINYGESTURE_TFLM)
// engine() is in lib/tflm.
#elif defined(TINYGESTURE_MODEL)

#include "compiled_model.h"
#include "kernels.h"  // so that PlatformIO links what the model calls

namespace tinygesture {

namespace {

class CompiledEngine : public Engine {
 public:
  const char* name() const override { return "compiled"; }
  uint16_t samples(uint16_t window) const override {
    return uint16_t(int32_t{window} * compiled_model::kInputSize / compiled_model::kWindowSize);
  }
  void reset() override { compiled_model::reset(); }
  void invoke(const int8_t* input, int8_t* probabilities) override {
    compiled_model::invoke(input, probabilities);
  }
};

CompiledEngine compiled;

}  // namespace

Engine* engine() { return &compiled; }

}  // namespace tinygesture

#else

namespace tinygesture {

Engine* engine() { return nullptr; }

}  // namespace tinygesture

#endif

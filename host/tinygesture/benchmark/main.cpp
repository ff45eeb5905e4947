// Runs a compiled model on seeded random inputs, and says how deep the stack of invoke() went.
// Macros from build.py: INFERENCES; INPUT_BYTES, BUFFER_BYTES and ARGUMENTS, the model's buffers.
#include <stdint.h>
#include <stdio.h>

#include "compiled_model.h"

namespace model = tinygesture::compiled_model;

extern "C" uint32_t __stack_limit;  // firmware/platforms/cm4/cm4.ld: the lowest word of the stack

namespace {

constexpr uint32_t kPaint = 0xC0DEC0DE;

alignas(4) int8_t buffers[BUFFER_BYTES];

uint32_t stack_pointer() {
  uint32_t value;
  __asm volatile("mov %0, sp" : "=r"(value));
  return value;
}

}  // namespace

int main() {
  uint32_t random = 1;
  volatile uint32_t* const lowest = &__stack_limit;
  volatile uint32_t* const top = reinterpret_cast<volatile uint32_t*>(stack_pointer());

  model::reset();
  for (volatile uint32_t* word = lowest; word < top; ++word) *word = kPaint;
  for (int call = 0; call < INFERENCES; ++call) {
    for (int i = 0; i < INPUT_BYTES; ++i) {
      random = random * 1664525u + 1013904223u;  // Numerical Recipes' linear congruence
      buffers[i] = static_cast<int8_t>(random >> 24);
    }
    model::invoke(ARGUMENTS);
  }
  volatile uint32_t* reached = lowest;
  while (reached < top && *reached == kPaint) ++reached;
  printf("%u\n", static_cast<unsigned>((top - reached) * sizeof(uint32_t)));
  return 0;
}

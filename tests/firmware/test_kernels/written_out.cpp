// A copy of the kernels in a namespace of its own, so that both stand in one program.
#define TINYGESTURE_PORTABLE
#define kernels kernels_written_out
#include "instructions.h"

int written_out(const uint32_t (&words)[kWords], uint32_t* results) {
  return compute(words, results);
}

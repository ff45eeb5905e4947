// Loads plans and runs them. stdin, any number of times: int32 bytes of the plan, int32 calls,
// int32 bytes of the inputs, the plan, the inputs. A negative number of calls runs that many on
// inputs made up here, and their outputs are not told. stdout for each: int32 bytes that follow,
// then the outputs; or as a negative number the bytes of the sentence that follows.
#include <stdio.h>
#include <string.h>

#include "plan.h"

using namespace tinygesture;

namespace {

Plan plan;

bool get(void* data, size_t size) { return fread(data, 1, size, stdin) == size; }

void put(int32_t size) { fwrite(&size, sizeof size, 1, stdout); }

void skip(int32_t bytes) {
  while (bytes-- > 0) getchar();
}

void run(int32_t calls, bool made_up) {
  // heap buffers of the exact size, so that the sanitiser sees the first byte beyond
  int8_t* input = new int8_t[plan.input_size()];
  int8_t* output = new int8_t[plan.output_size()];
  uint32_t random = 1;
  put(made_up ? 0 : calls * plan.output_size());
  plan.reset();
  for (int32_t call = 0; call < calls; ++call) {
    for (int32_t i = 0; made_up && i < plan.input_size(); ++i)
      input[i] = int8_t((random = random * 1664525 + 1013904223) >> 24);
    if (!made_up) get(input, plan.input_size());
    plan.invoke(input, output);
    if (!made_up) fwrite(output, 1, plan.output_size(), stdout);
  }
  delete[] input;
  delete[] output;
}

}  // namespace

int main() {
  int32_t head[3];
  while (get(head, sizeof head)) {
    const size_t size = size_t(head[0]);
    if (size > Plan::kCapacity || !get(plan.bytes(), size)) return 1;
    if (const char* trouble = plan.load(size)) {
      skip(head[2]);
      put(-int32_t(strlen(trouble)));
      fputs(trouble, stdout);
    } else {
      run(head[1] < 0 ? -head[1] : head[1], head[1] < 0);
    }
  }
}

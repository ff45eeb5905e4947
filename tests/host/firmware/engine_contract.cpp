// What holds for every engine; built once with each.
#include <string.h>

#include "../../firmware/check.h"
#include "engine.h"

using namespace tinygesture;

namespace {

int8_t step(int8_t sample) {
  int8_t probabilities[3] = {0, 0, 99};
  engine()->invoke(&sample, probabilities);
  CHECK(probabilities[1] == int8_t(-probabilities[0]));
  CHECK(probabilities[2] == 99);  // nothing behind its own
  return probabilities[0];
}

void it_is_one_engine_with_a_name() {
  CHECK(engine() == engine());
  CHECK(strcmp(engine()->name(), ENGINE) == 0);
  CHECK(engine()->trouble() == nullptr);
}

void it_begins_as_after_a_reset() { CHECK(step(5) == 5); }

void state_goes_on_from_step_to_step() {
  engine()->reset();
  CHECK(step(5) == 5);
  CHECK(step(3) == 8);
  CHECK(step(-10) == -2);
}

void reset_forgets() {
  engine()->reset();
  step(5);
  engine()->reset();
  CHECK(step(7) == 7);
}

}  // namespace

int main() {
  RUN(it_is_one_engine_with_a_name);
  RUN(it_begins_as_after_a_reset);
  RUN(state_goes_on_from_step_to_step);
  RUN(reset_forgets);
  return check::finish();
}

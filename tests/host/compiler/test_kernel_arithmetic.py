"""Where kernels compute otherwise than TensorFlow Lite Micro, and mean the same."""

import subprocess
from pathlib import Path

from harness import KERNELS, LANGUAGE, WARNINGS

_PROGRAM = r"""
#include <stdio.h>
#include "elementwise.h"
#include "reduction.cpp"
using namespace tinygesture::kernels;

static uint32_t random_bits() {
  static uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return static_cast<uint32_t>(state >> 32);
}

// gemmlowp's one_over_one_plus_x_for_x_in_0_1, twice it, in 64 bits
static int64_t twice_estimate(int64_t half_denominator) {
  const auto product = [](int64_t a, int64_t b) { return (a * b + (1 << 30)) >> 31; };
  int64_t estimate = 1515870810 + product(half_denominator, -1010580540);
  for (int step = 0; step < 3; ++step) {
    estimate += product(estimate, (1 << 29) - product(half_denominator, estimate)) * 4;
  }
  return estimate * 2;
}

int main() {
  // smaller sums are these with zeros behind
  for (uint32_t sum = 1u << 27; sum < 1u << 28; ++sum) {
    const int64_t expected = twice_estimate(int64_t{sum} << 3);
    const Reciprocal found = reciprocal(sum);
    if (found.fraction != (expected > INT32_MAX ? INT32_MAX : expected)) return 1;
    if (found.bits_over_unit != 8) return 2;
  }
  for (int i = 0; i < 5000000; ++i) {
    const int32_t shift = 1 + random_bits() % 23;
    const int32_t multiplier = random_bits() >> (1 + random_bits() % 4);
    const int32_t zero_point = static_cast<int8_t>(random_bits());
    int32_t value = static_cast<int32_t>(random_bits()) >> (14 + random_bits() % 18);
    if (i % 2) {  // next to a tie
      value = (2 * (value % 256) + 1) * (int64_t{1} << (shift + 30)) / (multiplier | 1);
      value = value % (1 << 17) + random_bits() % 3 - 1;
    }
    const int32_t offset = (2 * zero_point + 1) * (1 << (shift - 1));
    const int32_t expected = scaled(value, {multiplier, -shift}) + zero_point;
    if (raised(value, multiplier, offset) >> shift != expected) return 3;
    const ScaledProduct layer = {1, 0, 0, multiplier | 1 << 30, offset, shift, -128, 127};
    const int32_t product = scaled(value, {layer.multiplier, -shift}) + zero_point;
    if (unshifted(layer, value, 1) >> shift != product) return 4;
  }
  return 0;
}
"""


def test_every_reciprocal_and_many_scaled_values(tmp_path: Path) -> None:
    source, program = tmp_path / "main.cpp", tmp_path / "main"
    source.write_text(_PROGRAM)
    build = ["g++", "-O2", *LANGUAGE, *WARNINGS, f"-I{KERNELS}"]
    subprocess.run([*build, source, "-o", program], check=True)
    assert subprocess.run([program]).returncode == 0

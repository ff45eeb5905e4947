// What the functions of dsp.h and paired_words.h give for some words: once as this machine computes them,
// and in written_out.cpp as they are written out for every other machine.
#pragma once
#include "paired.h"

constexpr int kWords = 4;
constexpr int kResults = 32;

namespace {

inline int compute(const uint32_t (&words)[kWords], uint32_t* results) {
  using namespace tinygesture::kernels;
  const uint32_t a = words[0], b = words[1];
  const int32_t c = static_cast<int32_t>(words[2]), d = static_cast<int32_t>(words[3]);
  const int32_t shift = 1 + static_cast<int32_t>(a % 31);
  uint32_t* result = results;
  *result++ = smlad(a, b, c);
  *result++ = sxtb16(a);
  *result++ = sxtb16_odd(a);
  *result++ = sxtab16(a, b);
  *result++ = sxtab16_odd(a, b);
  *result++ = larger_bytes(a, b);
  *result++ = ssub16(a, b);
  *result++ = smmla(c, d, static_cast<int32_t>(a));
  *result++ = smmlar(c, d, static_cast<int32_t>(a));
  *result++ = smmulr(c, d);
  *result++ = ssat8(c);
  *result++ = ssat8(c % 300);
  *result++ = ssat8_of_shifted(c, shift);
  *result++ = ssat8_of_shifted(c, 20);

  int8_t inputs[sizeof(words)];
  memcpy(inputs, words, sizeof(words));
  uint32_t prepared[8];
  prepare(inputs, 15, prepared);
  for (uint32_t word : prepared) *result++ = word;

  PairedSums sums = {c, d}, next_sums = {d, c};
  const uint32_t *weights = words, *next_weights = words + 2, *row = prepared, *next_row = row + 2;
  multiply_2x1(weights, row, sums);
  multiply_4x1(next_weights, weights, row, sums, next_sums);
  row = prepared + 4;
  weights = words;
  multiply_2x2(weights, row, next_row, sums, next_sums);
  *result++ = sums.first;
  *result++ = sums.second;
  *result++ = next_sums.first;
  *result++ = next_sums.second;
  *result++ = static_cast<uint32_t>(weights - words);
  *result++ = static_cast<uint32_t>(row - prepared);
  *result++ = static_cast<uint32_t>(next_row - prepared);
  return static_cast<int>(result - results);
}

}  // namespace

int written_out(const uint32_t (&words)[kWords], uint32_t* results);

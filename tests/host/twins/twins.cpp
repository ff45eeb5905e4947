// The firmware's libraries behind a plain C interface, so that Python can compare its twins.
#include "contract.h"
#include "detector.h"
#include "frame.h"

using namespace tinygesture;

extern "C" {

// restarted[n], count[n]: what push() returned and how many canonical samples followed it;
// out: those samples, t_us and six counts each. Returns the resampler's gaps.
uint32_t twin_resample(const uint32_t* t_us, const int16_t* counts, int n, uint8_t* restarted,
                       uint8_t* produced, uint32_t* out_t_us, int16_t* out_counts) {
  Resampler resampler;
  for (int i = 0; i < n; ++i) {
    Sample sample = {t_us[i], {}};
    for (int c = 0; c < kChannels; ++c) sample.counts[c] = counts[i * kChannels + c];
    restarted[i] = resampler.push(sample);
    produced[i] = 0;
    Sample canonical;
    while (resampler.next(&canonical)) {
      ++produced[i];
      *out_t_us++ = canonical.t_us;
      for (int16_t count : canonical.counts) *out_counts++ = count;
    }
  }
  return resampler.gaps();
}

void twin_quantise(const int32_t* multipliers, uint8_t shift, const int16_t* counts, int n,
                   int8_t* out) {
  Quantisation quantisation = {{}, shift};
  for (int c = 0; c < kChannels; ++c) quantisation.multipliers[c] = multipliers[c];
  for (int i = 0; i < n; ++i) quantisation.quantise(counts + i * kChannels, out + i * kChannels);
}

size_t twin_encode(const uint8_t* payload, size_t size, uint8_t* out) {
  return encode_frame(payload, size, out);
}

// Payloads one after the other in `out`, their sizes in `sizes`; returns how many.
int twin_decode(const uint8_t* stream, size_t size, uint8_t* out, size_t* sizes, uint32_t* errors) {
  FrameDecoder decoder;
  int count = 0;
  for (size_t i = 0; i < size; ++i) {
    if (!decoder.push(stream[i])) continue;
    sizes[count++] = decoder.size();
    for (size_t k = 0; k < decoder.size(); ++k) *out++ = decoder.payload()[k];
  }
  *errors = decoder.errors();
  return count;
}

// config: smoothing, minimum, refractory, background, doubt, thresholds (16). events: step, label, confidence,
// start, end each. Returns how many.
int twin_detect(const uint16_t* config, uint8_t labels, uint16_t hop, const int8_t* probabilities,
                int steps, uint32_t* events) {
  DetectorConfig detector_config = {config[0], config[1], config[2], config[3], {}, uint8_t(config[4])};
  for (uint8_t i = 0; i < labels; ++i) detector_config.thresholds[i] = uint8_t(config[5 + i]);
  Detector detector(detector_config, labels, hop);
  int count = 0;
  for (int i = 0; i < steps; ++i) {
    Event event;
    if (!detector.push(probabilities + i * labels, uint32_t(i) * hop * 10000, &event)) continue;
    const uint32_t row[] = {uint32_t(i), event.label, event.confidence, event.start_us,
                            event.end_us};
    for (uint32_t value : row) *events++ = value;
    ++count;
  }
  return count;
}

}  // extern "C"

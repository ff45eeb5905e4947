#include "console.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "version.h"

namespace tinygesture {

namespace {

constexpr uint32_t kStatusEveryUs = 10000000;

// "-0.123" for -123 thousandths.
struct Thousandths {
  char text[16];
  explicit Thousandths(int32_t value) {
    const int32_t magnitude = value < 0 ? -value : value;
    snprintf(text, sizeof text, "%s%ld.%03ld", value < 0 ? "-" : "", long(magnitude / 1000),
             long(magnitude % 1000));
  }
};

int32_t rounded_quotient(int32_t numerator, int32_t denominator) {
  const int32_t half = numerator < 0 ? -denominator / 2 : denominator / 2;
  return (numerator + half) / denominator;
}

Thousandths acceleration(int16_t count) {  // g: 4/32768 per count
  return Thousandths(rounded_quotient(int32_t(count) * 1000, 8192));
}

Thousandths angular_rate(int16_t count) {  // degrees per second: 2000/32768 per count
  return Thousandths(rounded_quotient(int32_t(count) * 31250, 512));
}

}  // namespace

void Console::print(const char* format, ...) {
  char text[200];
  va_list arguments;
  va_start(arguments, format);
  const int size = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (size <= 0) return;
  transmit_.put(reinterpret_cast<const uint8_t*>(text),
                size_t(size) < sizeof text ? size_t(size) : sizeof text - 1);
}

void Console::reset() {
  length_ = 0;
  csv_ = false;
}

void Console::receive(char c) {
  if (c != '\n' && c != '\r') {
    if (length_ < sizeof line_ - 1) line_[length_++] = c;
    return;
  }
  line_[length_] = '\0';
  if (strcmp(line_, "?") == 0) help();
  if (strcmp(line_, "csv") == 0) {
    csv_ = !csv_;
    if (csv_) print("aX,aY,aZ,gX,gY,gZ\r\n");
  }
  length_ = 0;
}

void Console::tick(uint32_t now_us) {
  if (now_us - last_status_us_ < kStatusEveryUs) return;
  if (!csv_) status();
}

void Console::status() {
  last_status_us_ = board_.micros();
  print("tinygesture %s on %s, IMU %s at %lu Hz, %lu samples dropped, ", kFirmwareVersion,
        board_.name(), imu_.name(), static_cast<unsigned long>(imu_.odr_millihertz() / 1000),
        static_cast<unsigned long>(imu_.ring().dropped()));
  if (model_ == nullptr)
    print("no model: record gestures with capture\r\n");
  else
    print("model %s (%s), %u labels\r\n", model_->name, model_->architecture,
          model_->label_count);
  if (imu_.trouble() != nullptr) trouble(imu_.trouble());
  if (engine_.trouble() != nullptr) trouble(engine_.trouble());
}

void Console::help() {
  status();
  print("csv + newline: start or stop the lines aX,aY,aZ,gX,gY,gZ (g, degrees per second)\r\n");
  print("?   + newline: this help\r\n");
}

void Console::event(const Event& event) {
  const unsigned hundredths = (event.confidence * 100u + 128) / 256;
  if (!csv_)
    print("%s %u.%02u\r\n", model_->labels[event.label], hundredths / 100, hundredths % 100);
}

void Console::sample(const Sample& sample) {
  if (!csv_) return;
  const int16_t* c = sample.counts;
  print("%s,%s,%s,%s,%s,%s\r\n", acceleration(c[0]).text, acceleration(c[1]).text,
        acceleration(c[2]).text, angular_rate(c[3]).text, angular_rate(c[4]).text,
        angular_rate(c[5]).text);
}

void Console::trouble(const char* sentence) { print("trouble: %s\r\n", sentence); }

}  // namespace tinygesture

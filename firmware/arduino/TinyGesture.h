// Gestures of your own on an Arduino Nano 33 BLE Sense, Rev1 or Rev2.
//
//   TinyGesture.on("circle", on_circle);   // void on_circle(const Gesture& gesture)
//   TinyGesture.begin();                   // in setup()
//   TinyGesture.loop();                    // in loop()
#pragma once
#include "tinygesture/recogniser.h"

using tinygesture::Gesture;

extern tinygesture::Recogniser& TinyGesture;

// Instead of TinyGesture: the whole firmware, which streams to `tinygesture watch` and `capture`
// and, to a serial terminal, tells each gesture in a line. It keeps the serial port for itself.
class TinyGestureStreamer {
 public:
  void begin();
  void loop();
};

extern TinyGestureStreamer TinyGestureStream;

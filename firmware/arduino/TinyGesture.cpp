#include "TinyGesture.h"

#include "tinygesture/app.h"
#include "tinygesture/edges.h"

using namespace tinygesture;

namespace {

Recogniser& recogniser() {
  static Recogniser one(imu(), *model(), *engine());
  return one;
}

App& app() {
  static App one(board(), imu(), model(), engine());
  return one;
}

}  // namespace

Recogniser& TinyGesture = recogniser();
TinyGestureStreamer TinyGestureStream;

void TinyGestureStreamer::begin() { app().setup(); }

void TinyGestureStreamer::loop() { app().loop(); }

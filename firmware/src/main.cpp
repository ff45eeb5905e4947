// tinygesture: streams the IMU, recognises gestures, tells the host or whoever reads the port.
#include "app.h"
#include "edges.h"

static tinygesture::App app(tinygesture::board(), tinygesture::imu());

void setup() { app.setup(); }

void loop() { app.loop(); }

// tinygesture: streams the IMU, recognises gestures, tells the host or whoever reads the port.
#include "app.h"
#include "edges.h"

using namespace tinygesture;

static App app(board(), imu(), model(), engine());

void setup() { app.setup(); }

void loop() { app.loop(); }

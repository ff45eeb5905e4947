// What each folder of firmware/boards defines for the sketch.
#pragma once
#include "board.h"
#include "imu.h"

namespace tinygesture {

Board& board();
Imu& imu();

}  // namespace tinygesture

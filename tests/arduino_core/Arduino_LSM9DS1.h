#pragma once
#include <Arduino.h>

class LSM9DS1Class {
 public:
  int begin();
};

extern LSM9DS1Class IMU_LSM9DS1;
#define IMU IMU_LSM9DS1

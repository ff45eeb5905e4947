#pragma once
#include <Arduino.h>

enum CfgBoshSensor_t { BOSCH_ACCELEROMETER_ONLY };

class BoschSensorClass {
 public:
  int begin(CfgBoshSensor_t sensors);
};

extern BoschSensorClass IMU_BMI270_BMM150;
#define IMU IMU_BMI270_BMM150

#pragma once
#include <Arduino.h>

class TwoWire {
 public:
  void begin();
  void setClock(uint32_t hz);
  void beginTransmission(uint8_t device);
  uint8_t endTransmission(bool stop = true);
  size_t requestFrom(uint8_t device, size_t size);
  size_t write(uint8_t value);
  int read();
};

extern TwoWire Wire1;

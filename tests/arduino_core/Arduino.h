// Arduino's core for the Nano 33 BLE, as far as our sources name it: declarations for compiling only.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { LEDR = 22, LEDG = 23, LEDB = 24 };
enum PinName : int {};

unsigned long micros();
void delay(unsigned long ms);
PinName digitalPinToPinName(int pin);

namespace arduino {

class USBSerial {
 public:
  void begin(unsigned long baud);
  explicit operator bool();
  int available();
  int read();
  bool connected();
  void send_nb(uint8_t* data, uint32_t size, uint32_t* actual, bool now);
  size_t print(const char* text);
  size_t println(const char* text);
  size_t println(double number);
};

}  // namespace arduino

extern arduino::USBSerial _SerialUSB;
#define Serial _SerialUSB

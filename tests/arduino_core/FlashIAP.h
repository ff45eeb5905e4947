// As much of mbed's driver for the flash as the firmware uses.
#pragma once
#include <stdint.h>

#define FLASHIAP_APP_ROM_END_ADDR 0x40000u

namespace mbed {
struct FlashIAP {
  int init();
  int read(void* buffer, uint32_t address, uint32_t size);
  int program(const void* buffer, uint32_t address, uint32_t size);
  int erase(uint32_t address, uint32_t size);
  uint32_t get_sector_size(uint32_t address) const;
  uint32_t get_flash_start() const;
  uint32_t get_flash_size() const;
};
}  // namespace mbed

// CRC-32 as in Ethernet and zip: the check value of "123456789" is 0xCBF43926.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tinygesture {

inline uint32_t crc32(const void* data, size_t size) {
  const uint8_t* bytes = static_cast<const uint8_t*>(data);
  uint32_t crc = 0xFFFFFFFF;
  for (size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320 & (0u - (crc & 1)));
  }
  return ~crc;
}

}  // namespace tinygesture

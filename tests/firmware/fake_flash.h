// Flash whose power is lost after a number of words or pages: erasing sets all bits, writing clears
// some, and a word is written once. A page that was being erased holds anything.
#pragma once
#include <string.h>

#include "store.h"

struct FakeFlash : public tinygesture::Store {
  static constexpr uint32_t kPage = 256;
  static constexpr uint32_t kSlot = 4 * kPage;

  uint8_t bytes[2 * kSlot];
  bool written[2 * kSlot / 4];
  uint32_t power = UINT32_MAX;  // operations until it is lost
  bool misused = false;

  FakeFlash() {
    memset(bytes, 0xFF, sizeof bytes);
    memset(written, 0, sizeof written);
  }

  uint32_t page_size() const override { return kPage; }
  uint32_t slot_size() const override { return kSlot; }

  bool read(uint32_t at, void* out, uint32_t size) override {
    misused = misused || at + size > sizeof bytes;
    if (misused || power == 0) return false;
    memcpy(out, bytes + at, size);
    return true;
  }

  bool erase(uint32_t page_at) override {
    misused = misused || page_at % kPage != 0 || page_at + kPage > sizeof bytes;
    if (misused || power == 0) return false;
    const bool whole = --power > 0;
    memset(bytes + page_at, whole ? 0xFF : 0xA5, kPage);
    memset(written + page_at / 4, whole ? 0 : 1, kPage / 4);
    return whole;
  }

  bool write(uint32_t at, const void* data, uint32_t size) override {
    misused = misused || at % 4 != 0 || size % 4 != 0 || at + size > sizeof bytes;
    for (uint32_t i = 0; i < size && !misused; i += 4) {
      if (power == 0) return false;
      --power;
      misused = misused || written[(at + i) / 4];
      written[(at + i) / 4] = true;
      memcpy(bytes + at + i, static_cast<const uint8_t*>(data) + i, 4);
    }
    return !misused && power > 0;
  }
};

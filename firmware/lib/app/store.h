// A board's memory for a model that it keeps while it is switched off: two slots of flash pages.
#pragma once
#include <stdint.h>

namespace tinygesture {

// Addresses are 0..2 * slot_size(). Nothing waits for longer than the erasing of one page.
class Store {
 public:
  virtual uint32_t page_size() const = 0;  // what is erased at once
  virtual uint32_t slot_size() const = 0;  // a multiple of it

  // All false: it failed.
  virtual bool read(uint32_t at, void* out, uint32_t size) = 0;
  virtual bool erase(uint32_t page_at) = 0;
  // Whole words, each of them once after its page was erased.
  virtual bool write(uint32_t at, const void* data, uint32_t size) = 0;

 protected:
  ~Store() = default;
};

}  // namespace tinygesture

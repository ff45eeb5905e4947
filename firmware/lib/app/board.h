// The edges of a board: its clock, its serial port, what it shows. Everything else is the same
// on all boards. docs/add-a-board.md tells how to write one.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "messages.h"
#include "store.h"

namespace tinygesture {

class Board {
 public:
  virtual const char* name() const = 0;
  virtual uint32_t micros() = 0;  // wraps at 32 bits

  // Serial. Neither waits: they move as many bytes as can be moved now.
  virtual size_t read(uint8_t* out, size_t capacity) = 0;
  virtual size_t write(const uint8_t* data, size_t size) = 0;

  // What the person holding the board should see (an LED where there is one).
  virtual void show_cue(Cue cue, const char* label) = 0;
  virtual void show_gesture(uint8_t label) = 0;
  virtual void show_trouble(bool trouble) = 0;

  virtual void idle() = 0;  // nothing to do: rest up to a few milliseconds

  virtual Store* store() { return nullptr; }  // nullptr: it keeps no model

  // 0 where it is not measured.
  virtual uint32_t stack_high_water() const = 0;  // bytes
  virtual uint32_t free_ram() const = 0;          // bytes that nothing has used yet
  virtual uint32_t asleep_us() const = 0;         // the processor, since power-up; wraps

 protected:
  ~Board() = default;
};

}  // namespace tinygesture

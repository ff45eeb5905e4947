#pragma once
#include <stdint.h>

#include <chrono>

enum osPriority_t { osPriorityAboveNormal = 32 };

namespace mbed {

class DigitalOut {
 public:
  DigitalOut(PinName pin, int value);
  DigitalOut& operator=(int value);
};

template <typename Argument>
struct Callback {
  void (*function)(Argument*);
  Argument* argument;
};

template <typename Argument>
Callback<Argument> callback(void (*function)(Argument*), Argument* argument) {
  return {function, argument};
}

}  // namespace mbed

namespace rtos {

class Thread {
 public:
  enum State { Deleted };
  Thread(osPriority_t priority, uint32_t stack_size, unsigned char* stack, const char* name);
  State get_state() const;
  template <typename Argument>
  void start(mbed::Callback<Argument>) {}
};

namespace ThisThread {
void sleep_for(std::chrono::milliseconds time);
}

}  // namespace rtos

struct mbed_stats_stack_t {
  uint32_t max_size;
};
void mbed_stats_stack_get(mbed_stats_stack_t* stats);

struct mbed_stats_heap_t {
  uint32_t current_size, reserved_size;
};
void mbed_stats_heap_get(mbed_stats_heap_t* stats);

struct mbed_stats_cpu_t {
  uint64_t idle_time;  // microseconds
};
void mbed_stats_cpu_get(mbed_stats_cpu_t* stats);

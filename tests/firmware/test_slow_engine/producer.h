// Something that calls produce_sample() at 200 Hz while loop() is busy: an interrupt or a thread.
#pragma once
#include <stdint.h>

void produce_sample();

#ifdef __arm__

static volatile uint32_t& reg(uint32_t address) {
  return *reinterpret_cast<volatile uint32_t*>(address);
}

static volatile bool producing = false;
static volatile uint32_t ticks = 0;

extern "C" void SysTick_Handler() {
  ticks = ticks + 1;
  if (producing) produce_sample();
}

inline void start_producing() {
  producing = true;
  reg(0xE000E014) = 25000000 / 200 - 1;
  reg(0xE000E018) = 0;
  reg(0xE000E010) = 7;
}

inline void stop_producing() { producing = false; }

inline void busy_for_samples(uint32_t count) {
  const uint32_t begin = ticks;
  while (ticks - begin < count) {
  }
}

#else

#include <pthread.h>
#include <unistd.h>

#include <atomic>

static std::atomic<bool> producing{false};
static std::atomic<uint32_t> ticks{0};
static pthread_t producer;

static void* produce(void*) {
  while (producing) {
    usleep(5000);
    produce_sample();
    ++ticks;
  }
  return nullptr;
}

inline void start_producing() {
  producing = true;
  pthread_create(&producer, nullptr, produce, nullptr);
}

inline void stop_producing() {
  producing = false;
  pthread_join(producer, nullptr);
}

inline void busy_for_samples(uint32_t count) {
  const uint32_t begin = ticks;
  while (ticks - begin < count) usleep(1000);
}

#endif

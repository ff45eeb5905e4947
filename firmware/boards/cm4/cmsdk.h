// The peripherals of mps2-an386 that the board uses: Arm CMSDK UARTs and timer, SysTick, NVIC.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tinygesture {

constexpr uint32_t kClockHz = 25000000;
enum Interrupt : uint8_t { kUart0Receive = 0, kUart1Receive = 2 };

inline volatile uint32_t& reg(uint32_t address) {
  return *reinterpret_cast<volatile uint32_t*>(address);
}

inline void enable_interrupt(Interrupt number) { reg(0xE000E100) = 1u << number; }
inline void mask_interrupts() { __asm volatile("cpsid i" ::: "memory"); }
inline void unmask_interrupts() { __asm volatile("cpsie i" ::: "memory"); }
inline void wait_for_interrupt() { __asm volatile("dsb\n wfi" ::: "memory"); }

class Uart {
 public:
  explicit constexpr Uart(uint32_t base) : base_(base) {}

  void start() const {
    reg(base_ + 16) = 16;         // BAUDDIV, its least value
    reg(base_ + 8) = 1 | 2 | 8;   // CTRL: transmit, receive, receive interrupt
  }
  bool has_byte() const { return reg(base_ + 4) & 2; }  // STATE: receive buffer full
  uint8_t take_byte() const { return uint8_t(reg(base_)); }
  void clear_receive_interrupt() const { reg(base_ + 12) = 2; }

  size_t write(const uint8_t* data, size_t size) const {
    size_t count = 0;
    while (count < size && !(reg(base_ + 4) & 1)) reg(base_) = data[count++];
    return count;
  }

 private:
  uint32_t base_;
};

inline Uart uart0() { return Uart(0x40004000); }
inline Uart uart1() { return Uart(0x40005000); }

// Timer 0 counts down from 2^32 - 1 at kClockHz.
inline void start_timer() {
  reg(0x40000000) = 0;
  reg(0x40000004) = reg(0x40000008) = 0xFFFFFFFF;
  reg(0x40000000) = 1;
}

// Microseconds since start_timer, wrapping at 32 bits; to be called at least every 170 s.
inline uint32_t timer_micros() {
  constexpr uint32_t kTicksPerUs = kClockHz / 1000000;
  static uint32_t last_ticks = 0;
  static uint32_t remainder = 0;
  static uint32_t micros = 0;
  const uint32_t ticks = 0xFFFFFFFF - reg(0x40000004);
  remainder += ticks - last_ticks;
  last_ticks = ticks;
  micros += remainder / kTicksPerUs;
  remainder %= kTicksPerUs;
  return micros;
}

// SysTick wakes the core every 5 ms.
inline void start_tick() {
  reg(0xE000E014) = kClockHz / 200 - 1;
  reg(0xE000E018) = 0;
  reg(0xE000E010) = 7;
}

}  // namespace tinygesture

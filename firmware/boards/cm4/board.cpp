// The emulated Cortex-M4F (QEMU mps2-an386): UART0 is the serial port, UART1 the IMU's feed.
#include "../virtual_board.h"
#include "../virtual_store.h"
#include "cmsdk.h"
#include "edges.h"
#include "semihosting.h"

void setup();
void loop();

extern "C" uint32_t stack_high_water();
extern "C" uint32_t free_ram();

namespace tinygesture {

namespace {

class FeedUart : public FeedPort {
 public:
  bool connected() const override { return true; }
  void wait() override { wait_for_interrupt(); }
  void send(const uint8_t* data, size_t size) override {
    for (size_t i = 0; i < size;) i += uart1().write(data + i, size - i);
  }
};

FeedUart feed;
FedImu fed_imu(feed);

// Bytes of UART0 between its interrupt and loop(). When it is full, the byte left in the UART holds
// the sender back until read() makes room and fetches it.
class ReceiveRing {
 public:
  static constexpr uint32_t kCapacity = 1024;

  // The flag is cleared first: a byte that comes meanwhile raises it again.
  void fetch() {
    uart0().clear_receive_interrupt();
    while (head_ - tail_ < kCapacity && uart0().has_byte()) {
      bytes_[head_ % kCapacity] = uart0().take_byte();
      head_ = head_ + 1;
    }
  }

  size_t read(uint8_t* out, size_t capacity) {
    size_t count = 0;
    while (count < capacity && tail_ != head_) {
      out[count++] = bytes_[tail_ % kCapacity];
      tail_ = tail_ + 1;
    }
    mask_interrupts();
    fetch();
    unmask_interrupts();
    return count;
  }

  bool empty() const { return head_ == tail_; }

 private:
  volatile uint8_t bytes_[kCapacity];
  volatile uint32_t head_ = 0;
  volatile uint32_t tail_ = 0;
};

ReceiveRing received;

// The file that the emulator's command line for the program names.
class SemihostedStore : public VirtualStore {
 public:
  bool read(uint32_t at, void* out, uint32_t size) override {
    HostFile file(path(), HostFile::kRead);
    return file.seek(at) && file.read(out, size);
  }

  bool write(uint32_t at, const void* data, uint32_t size) override {
    if (!HostFile(path(), HostFile::kRead).is_open()) HostFile(path(), HostFile::kCreate);
    HostFile file(path(), HostFile::kUpdate);
    return file.seek(at) && file.write(data, size);
  }

 private:
  const char* path() {
    if (path_[0] == 0) HostFile::command_line(path_, sizeof path_);
    return path_;
  }

  char path_[512] = {};
};

SemihostedStore semihosted_store;

class Cm4Board : public VirtualBoard {
 public:
  using VirtualBoard::VirtualBoard;
  const char* name() const override { return "cm4"; }
  uint32_t micros() override { return timer_micros(); }
  size_t read(uint8_t* out, size_t capacity) override { return received.read(out, capacity); }
  size_t write(const uint8_t* data, size_t size) override { return uart0().write(data, size); }

  void idle() override {
    const uint32_t begin = micros();
    mask_interrupts();
    if (received.empty() && fed_imu.ring().size() == 0) wait_for_interrupt();
    unmask_interrupts();
    asleep_us_ += micros() - begin;
  }

  Store* store() override { return &semihosted_store; }
  uint32_t stack_high_water() const override { return ::stack_high_water(); }
  uint32_t free_ram() const override { return ::free_ram(); }
  uint32_t asleep_us() const override { return asleep_us_; }

 private:
  uint32_t asleep_us_ = 0;
};

}  // namespace

Board& board() {
  static Cm4Board cm4(feed);
  return cm4;
}

Imu& imu() { return fed_imu; }

}  // namespace tinygesture

extern "C" void UART0_RX_Handler() { tinygesture::received.fetch(); }

extern "C" void UART1_RX_Handler() {
  using namespace tinygesture;
  uart1().clear_receive_interrupt();
  while (uart1().has_byte()) fed_imu.receive(uart1().take_byte());
}

int main() {
  using namespace tinygesture;
  start_timer();
  start_tick();
  uart0().start();
  uart1().start();
  enable_interrupt(kUart0Receive);
  enable_interrupt(kUart1Receive);
  setup();
  for (;;) loop();
}

// The edges of the real board, as far as they need no board: its serial port and its light.
#include <string.h>

#include "../../../firmware/boards/nano33ble/flash_store.h"
#include "../../../firmware/boards/nano33ble/usb_serial.h"
#include "../check.h"
#include "app.h"
#include "lights.h"
#include "transmit_queue.h"

using namespace tinygesture;

namespace {

// The core's USBSerial as far as its behaviour is known. Its waiting write() is never called.
struct FakeUsb {
  bool open = true;
  bool host_reads = true;
  uint8_t sent[8192];
  size_t sent_size = 0;
  bool under_way = false;  // a packet that the host has not fetched yet
  uint8_t incoming[64];
  size_t incoming_size = 0, incoming_at = 0;

  bool connected() { return open; }
  void write(const uint8_t*, size_t) {
    for (;;) {  // no test survives this
    }
  }
  void send_nb(uint8_t* data, uint32_t size, uint32_t* actual, bool) {
    *actual = 0;
    if (under_way && host_reads) under_way = false;
    if (!open || under_way) return;
    *actual = size < 64 ? size : 64;
    memcpy(sent + sent_size, data, *actual);
    sent_size += *actual;
    under_way = true;
  }
  int available() { return int(incoming_size - incoming_at); }
  int read() { return incoming[incoming_at++]; }
};

FakeUsb usb;
UsbSerial<FakeUsb> serial(usb);

struct QueueBoard : public Board {
  const char* name() const override { return "usb"; }
  uint32_t micros() override { return 0; }
  size_t read(uint8_t* out, size_t capacity) override { return serial.read(out, capacity); }
  size_t write(const uint8_t* data, size_t size) override { return serial.write(data, size); }
  void show_cue(Cue, const char*) override {}
  void show_gesture(uint8_t) override {}
  void show_trouble(bool) override {}
  void idle() override {}
  uint32_t stack_high_water() const override { return 0; }
  uint32_t free_ram() const override { return 0; }
  uint32_t asleep_us() const override { return 0; }
};

QueueBoard board;
uint8_t text[200];

void everything_arrives_in_order() {
  usb = FakeUsb();
  TransmitQueue queue;
  for (size_t i = 0; i < sizeof text; ++i) text[i] = uint8_t(i);
  for (int i = 0; i < 10; ++i) CHECK(queue.put(text, sizeof text));
  for (int i = 0; i < 100; ++i) queue.flush(board);
  CHECK(usb.sent_size == 10 * sizeof text);
  for (size_t i = 0; i < usb.sent_size; ++i) CHECK(usb.sent[i] == text[i % sizeof text]);
}

void a_host_that_does_not_read_is_not_waited_for() {
  usb = FakeUsb();
  usb.host_reads = false;
  TransmitQueue queue;
  int kept = 0;
  for (int i = 0; i < 100; ++i) {
    kept += queue.put(text, sizeof text) ? 1 : 0;
    queue.flush(board);
  }
  CHECK(usb.sent_size <= 64);
  CHECK(queue.dropped() == uint32_t(100 - kept));
  usb.host_reads = true;
  for (int i = 0; i < 200; ++i) queue.flush(board);
  CHECK(usb.sent_size == size_t(kept) * sizeof text);  // whole frames, those that found room
}

void a_closed_port_takes_everything_and_keeps_nothing() {
  usb = FakeUsb();
  usb.open = false;
  TransmitQueue queue;
  for (int i = 0; i < 1000; ++i) {
    CHECK(queue.put(text, sizeof text));
    queue.flush(board);
  }
  CHECK(usb.sent_size == 0 && queue.dropped() == 0);
}

void what_the_host_says_is_read_as_far_as_there_is_room() {
  usb = FakeUsb();
  memcpy(usb.incoming, "hello", 5);
  usb.incoming_size = 5;
  uint8_t out[4];
  CHECK(serial.read(out, sizeof out) == 4 && memcmp(out, "hell", 4) == 0);
  CHECK(serial.read(out, sizeof out) == 1 && out[0] == 'o');
  CHECK(serial.read(out, sizeof out) == 0);
}

bool same(Colour a, Colour b) { return a.red == b.red && a.green == b.green && a.blue == b.blue; }

void the_light_tells_what_matters_most() {
  Lights lights;
  CHECK(lights.at(0).blue && same(lights.at(1000000), kDark));
  lights.gesture(1, 5000000);
  CHECK(same(lights.at(5100000), Lights::colour_of(1)));
  CHECK(same(lights.at(5600000), kDark));
  lights.gesture(1, 0xFFFFFF00u);  // across the end of the clock
  CHECK(same(lights.at(100), Lights::colour_of(1)));
  lights.cue(Cue::kReady);
  CHECK(same(lights.at(200), {true, true, false}));
  lights.cue(Cue::kGo);
  CHECK(same(lights.at(200), {false, true, false}));
  lights.trouble(true);
  CHECK(same(lights.at(0), {true, false, false}) && same(lights.at(250000), kDark));
}

// The nRF52840's flash as its driver shows it, of which only the end is memory here.
struct FakeDriver {
  static constexpr uint32_t kEnd = 0x100000, kHeld = 0x12000;
  uint8_t bytes[kHeld];

  int init() { return 0; }
  uint32_t get_flash_start() const { return 0; }
  uint32_t get_flash_size() const { return kEnd; }
  uint32_t get_sector_size(uint32_t) const { return 4096; }
  int read(void* out, uint32_t address, uint32_t size) {
    memcpy(out, bytes + address - (kEnd - kHeld), size);
    return 0;
  }
  int program(const void* data, uint32_t address, uint32_t size) {
    memcpy(bytes + address - (kEnd - kHeld), data, size);
    return 0;
  }
  int erase(uint32_t address, uint32_t size) {
    memset(bytes + address - (kEnd - kHeld), 0xFF, size);
    return address % size == 0 ? 0 : -1;
  }
};

void the_store_is_the_end_of_the_flash_above_the_sketch() {
  static FlashStore<FakeDriver> store;
  CHECK(!store.begin(FakeDriver::kEnd - FakeDriver::kHeld + 1));
  CHECK(store.begin(FakeDriver::kEnd - FakeDriver::kHeld));
  CHECK(2 * store.slot_size() == FakeDriver::kHeld);
  CHECK(store.slot_size() % store.page_size() == 0);
  const uint32_t last = 2 * store.slot_size() - 4, word = 0x12345678;
  uint32_t found = 0;
  CHECK(store.erase(2 * store.slot_size() - store.page_size()));
  CHECK(store.write(last, &word, sizeof word) && store.read(last, &found, sizeof found));
  CHECK(found == word);
}

}  // namespace

int main() {
  RUN(the_store_is_the_end_of_the_flash_above_the_sketch);
  RUN(everything_arrives_in_order);
  RUN(a_host_that_does_not_read_is_not_waited_for);
  RUN(a_closed_port_takes_everything_and_keeps_nothing);
  RUN(what_the_host_says_is_read_as_far_as_there_is_room);
  RUN(the_light_tells_what_matters_most);
  return check::finish();
}

// The board's USB serial port without its waiting. Usb is the core's USBSerial: its write() waits
// for ever while the host has the port open and does not read; its send_nb() takes what fits into
// the one packet that is under way, which may be nothing.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace tinygesture {

template <typename Usb>
class UsbSerial {
 public:
  explicit UsbSerial(Usb& usb) : usb_(usb) {}

  size_t read(uint8_t* out, size_t capacity) {
    size_t count = 0;
    while (count < capacity && usb_.available() > 0) out[count++] = uint8_t(usb_.read());
    return count;
  }

  // What is said to a closed port is gone: whoever opens it wants to know what is, not what was.
  size_t write(const uint8_t* data, size_t size) {
    if (!usb_.connected()) return size;
    uint8_t packet[kPacket];
    const uint32_t wanted = uint32_t(size < kPacket ? size : kPacket);
    for (uint32_t i = 0; i < wanted; ++i) packet[i] = data[i];
    uint32_t taken = 0;
    usb_.send_nb(packet, wanted, &taken, true);
    return taken;
  }

 private:
  // One byte less than a full packet: a host may hold a full one back until the next comes.
  static constexpr size_t kPacket = 63;

  Usb& usb_;
};

}  // namespace tinygesture

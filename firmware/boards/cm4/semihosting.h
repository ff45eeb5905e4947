// Files of the computer that the emulator runs on. Source: Arm, Semihosting for AArch32 and AArch64.
#pragma once
#include <stdint.h>
#include <string.h>

extern "C" int semihosting(int operation, const void* argument);

namespace tinygesture {

class HostFile {
 public:
  enum Mode : uint32_t { kRead = 1, kUpdate = 3, kCreate = 7 };

  HostFile(const char* path, Mode mode) {
    const uint32_t block[] = {word(path), mode, uint32_t(strlen(path))};
    handle_ = *path ? semihosting(kOpen, block) : -1;
  }
  ~HostFile() {
    if (is_open()) semihosting(kClose, &handle_);
  }
  bool is_open() const { return handle_ >= 0; }
  bool seek(uint32_t at) { return call(kSeek, at); }
  bool read(void* out, uint32_t size) { return call(kReadFile, word(out), size); }
  bool write(const void* data, uint32_t size) { return call(kWriteFile, word(data), size); }

  // What the emulator was given for the program, cut to capacity - 1.
  static void command_line(char* out, uint32_t capacity) {
    uint32_t block[] = {word(out), capacity - 1};
    memset(out, 0, capacity);
    if (semihosting(kCommandLine, block) != 0) out[0] = 0;
  }

 private:
  enum Operation { kOpen = 1, kClose = 2, kWriteFile = 5, kReadFile = 6, kSeek = 10, kCommandLine = 21 };

  static uint32_t word(const void* pointer) { return uint32_t(reinterpret_cast<uintptr_t>(pointer)); }
  bool call(Operation operation, uint32_t first, uint32_t second = 0) {
    const uint32_t block[] = {uint32_t(handle_), first, second};
    return is_open() && semihosting(operation, block) == 0;
  }

  int handle_;
};

}  // namespace tinygesture

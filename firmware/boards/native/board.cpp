// The host process as a board: serial and feed are file descriptors given on the command line, and
// after them the file for a kept model. Without them serial is standard input and output, nothing
// feeds the IMU, and nothing can be kept.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../virtual_board.h"
#include "../virtual_store.h"
#include "edges.h"

void setup();
void loop();

namespace tinygesture {

namespace {

int serial_in = STDIN_FILENO;
int serial_out = STDOUT_FILENO;
int feed_fd = -1;
const char* store_path = "";

bool ready(int fd, short events, int timeout_ms) {
  pollfd waiting = {fd, events, 0};
  return poll(&waiting, 1, timeout_ms) > 0;
}

class FileStore : public VirtualStore {
 public:
  bool read(uint32_t at, void* out, uint32_t size) override {
    const int file = open(store_path, O_RDONLY);
    const bool done = file >= 0 && pread(file, out, size, at) == ssize_t(size);
    if (file >= 0) close(file);
    return done;
  }

  bool write(uint32_t at, const void* data, uint32_t size) override {
    const int file = open(store_path, O_WRONLY | O_CREAT, 0666);
    const bool done = file >= 0 && pwrite(file, data, size, at) == ssize_t(size);
    if (file >= 0) close(file);
    return done;
  }
};

FileStore file_store;

class FeedSocket : public FeedPort {
 public:
  bool connected() const override { return feed_fd >= 0; }
  void wait() override { usleep(1000); }
  void send(const uint8_t* data, size_t size) override {
    while (size > 0) {
      const ssize_t sent = ::write(feed_fd, data, size);
      if (sent <= 0) return;
      data += sent;
      size -= size_t(sent);
    }
  }
};

class NativeBoard : public VirtualBoard {
 public:
  using VirtualBoard::VirtualBoard;
  const char* name() const override { return "native"; }

  uint32_t micros() override {
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return uint32_t(now.tv_sec * 1000000ull + uint64_t(now.tv_nsec) / 1000);
  }

  // The board lives as long as its serial port is open.
  size_t read(uint8_t* out, size_t capacity) override {
    if (!ready(serial_in, POLLIN, 0)) return 0;
    const ssize_t count = ::read(serial_in, out, capacity);
    if (count <= 0) exit(0);
    return size_t(count);
  }

  size_t write(const uint8_t* data, size_t size) override {
    if (!ready(serial_out, POLLOUT, 0)) return 0;
    const ssize_t count = ::write(serial_out, data, size < 512 ? size : 512);
    return count > 0 ? size_t(count) : 0;
  }

  void idle() override {
    const uint32_t begin = micros();
    ready(serial_in, POLLIN, 1);
    asleep_us_ += micros() - begin;
  }

  Store* store() override { return &file_store; }
  uint32_t stack_high_water() const override { return 0; }
  uint32_t free_ram() const override { return 0; }
  uint32_t asleep_us() const override { return asleep_us_; }

 private:
  uint32_t asleep_us_ = 0;
};

FeedSocket feed;
FedImu fed_imu(feed);

void* receive_feed(void*) {
  uint8_t bytes[512];
  for (;;) {
    const ssize_t count = ::read(feed_fd, bytes, sizeof bytes);
    if (count <= 0) return nullptr;
    for (ssize_t i = 0; i < count; ++i) fed_imu.receive(bytes[i]);
  }
}

}  // namespace

Board& board() {
  static NativeBoard native(feed);
  return native;
}

Imu& imu() { return fed_imu; }

}  // namespace tinygesture

int main(int argc, char** argv) {
  using namespace tinygesture;
  signal(SIGPIPE, SIG_IGN);
  if (argc == 4) {
    store_path = argv[3];
    serial_in = serial_out = atoi(argv[1]);
    feed_fd = atoi(argv[2]);
    fcntl(serial_in, F_SETFL, O_NONBLOCK);
    pthread_t producer;
    if (pthread_create(&producer, nullptr, receive_feed, nullptr) != 0) return 1;
  }
  setup();
  for (;;) loop();
}

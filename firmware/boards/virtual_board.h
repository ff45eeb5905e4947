// What the two virtual boards share: the person holding them sits at the other end of the feed.
#pragma once
#include "board.h"
#include "fed_imu.h"

namespace tinygesture {

class VirtualBoard : public Board {
 public:
  explicit VirtualBoard(FeedPort& feed) : feed_(feed) {}

  void show_cue(Cue cue, const char* label) override {
    if (!feed_.connected()) return;
    Writer message(Message::kCue);
    message.u8(uint8_t(cue));
    message.text(label);
    uint8_t frame[kMaxEncoded];
    feed_.send(frame, encode_frame(message.data(), message.size(), frame));
  }

  void show_gesture(uint8_t) override {}
  void show_trouble(bool) override {}

 protected:
  FeedPort& feed_;
};

}  // namespace tinygesture

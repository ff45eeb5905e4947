// What a board's RGB light shows, as a function of what happened and of the clock.
#pragma once
#include <stdint.h>

#include "messages.h"

namespace tinygesture {

struct Colour {
  bool red, green, blue;
};

constexpr Colour kDark = {false, false, false};

class Lights {
 public:
  void cue(Cue cue) { cue_ = cue; }
  void trouble(bool trouble) { trouble_ = trouble; }
  void gesture(uint8_t label, uint32_t now_us) {
    label_ = label;
    gesture_us_ = now_us;
    shows_gesture_ = true;
  }

  // Trouble blinks red, twice a second. "Get ready" is yellow, "go" green. A gesture lights the
  // colour of its label for half a second. Otherwise a short blue blink every two seconds: alive.
  Colour at(uint32_t now_us) {
    if (trouble_) return {now_us / 250000 % 2 == 0, false, false};
    if (cue_ == Cue::kReady) return {true, true, false};
    if (cue_ == Cue::kGo) return {false, true, false};
    if (shows_gesture_ && now_us - gesture_us_ < kGestureUs) return colour_of(label_);
    shows_gesture_ = false;
    return {false, false, now_us % kAliveEveryUs < kAliveUs};
  }

  static Colour colour_of(uint8_t label) {
    constexpr Colour kColours[] = {{false, true, false}, {true, false, true}, {false, true, true},
                                   {true, true, false},  {false, false, true}, {true, true, true}};
    return kColours[label % (sizeof kColours / sizeof kColours[0])];
  }

 private:
  static constexpr uint32_t kGestureUs = 500000;
  static constexpr uint32_t kAliveEveryUs = 2000000;
  static constexpr uint32_t kAliveUs = 30000;

  Cue cue_ = Cue::kNone;
  bool trouble_ = false;
  bool shows_gesture_ = false;
  uint8_t label_ = 0;
  uint32_t gesture_us_ = 0;
};

}  // namespace tinygesture

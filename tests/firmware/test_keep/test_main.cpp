// What is kept, when the power is lost at any moment.
#include "../check.h"
#include "../fake_flash.h"
#include "app.h"
#include "keeper.h"

using namespace tinygesture;

namespace {

constexpr uint8_t kBase[8] = {1, 2, 3, 4, 5, 6, 7, 8};
constexpr uint8_t kOtherBase[8] = {};

struct Content {
  uint8_t bytes[600];
  explicit Content(uint8_t seed) {
    for (uint32_t i = 0; i < sizeof bytes; ++i) bytes[i] = uint8_t(seed + i * 7);
  }
};

FakeFlash flash;

bool keep(Keeper& keeper, const Content& content) {
  keeper.keep(content.bytes, sizeof content.bytes);
  while (keeper.busy()) keeper.step();
  return !keeper.failed();
}

// Whether the newest, after the board was switched off and on, is this one.
bool kept(const Content& content, int age = 0) {
  flash.power = UINT32_MAX;
  Content found(0);
  return Keeper(&flash, kBase).read(age, found.bytes, sizeof found.bytes) == sizeof found.bytes &&
         memcmp(found.bytes, content.bytes, sizeof found.bytes) == 0;
}

bool empty() {
  flash.power = UINT32_MAX;
  Content found(0);
  return Keeper(&flash, kBase).read(0, found.bytes, sizeof found.bytes) == 0;
}

void the_newest_is_kept_and_the_one_before() {
  flash = FakeFlash();
  CHECK(empty());
  for (uint8_t i = 1; i < 8; ++i) {
    Keeper keeper(&flash, kBase);
    CHECK(keep(keeper, Content(i)));
    CHECK(kept(Content(i)));
    CHECK(i == 1 || kept(Content(uint8_t(i - 1)), 1));
  }
  CHECK(!flash.misused);
}

void power_lost_at_any_moment_leaves_the_old_or_the_new() {
  const Content before(1), old(2), fresh(3);
  int left_old = 0;
  for (uint32_t power = 1;; ++power) {
    flash = FakeFlash();
    Keeper keeper(&flash, kBase);
    keep(keeper, before);
    keep(keeper, old);
    flash.power = power;
    const bool done = keep(keeper, fresh);
    CHECK(!flash.misused);
    if (done) break;
    const bool whole = kept(fresh);
    CHECK(whole || kept(old));
    left_old += !whole;
    Keeper again(&flash, kBase);  // and the next attempt succeeds
    CHECK(keep(again, fresh));
    CHECK(kept(fresh));
  }
  CHECK(left_old > 150);  // words of the record
}

void power_lost_while_forgetting_leaves_the_newest_or_nothing() {
  const Content old(1), newest(2);
  for (uint32_t power = 1; power < 4; ++power) {
    flash = FakeFlash();
    Keeper keeper(&flash, kBase);
    keep(keeper, old);
    keep(keeper, newest);
    flash.power = power;
    keeper.forget();
    while (keeper.busy()) keeper.step();
    CHECK(keeper.failed() == (power < 3));
    CHECK(power == 1 ? kept(newest) : empty());
  }
}

void what_was_kept_beside_another_model_does_not_count() {
  flash = FakeFlash();
  Keeper keeper(&flash, kBase);
  keep(keeper, Content(1));
  Content found(0);
  Keeper other(&flash, kOtherBase);
  CHECK(other.read(0, found.bytes, sizeof found.bytes) == 0);
  CHECK(keep(other, Content(2)));
}

void what_does_not_fit_or_does_not_stay_is_told() {
  flash = FakeFlash();
  static uint8_t large[FakeFlash::kSlot] = {};
  Keeper keeper(&flash, kBase);
  keeper.keep(large, sizeof large);
  CHECK(!keeper.busy() && keeper.failed());
  CHECK(keep(keeper, Content(1)));
  Content found(0);
  CHECK(keeper.read(0, found.bytes, 100) == 0);
  Keeper none(nullptr, kBase);
  CHECK(!none.works() && none.read(0, found.bytes, sizeof found.bytes) == 0);
}

}  // namespace

int main() {
  RUN(the_newest_is_kept_and_the_one_before);
  RUN(power_lost_at_any_moment_leaves_the_old_or_the_new);
  RUN(power_lost_while_forgetting_leaves_the_newest_or_nothing);
  RUN(what_was_kept_beside_another_model_does_not_count);
  RUN(what_does_not_fit_or_does_not_stay_is_told);
  return check::finish();
}

// Keeps a plan in a board's Store, so that whenever the power is lost, the plan of before or the
// new one is there, whole. A record is written to the slot that does not hold the newest one; its
// header, which makes it count, comes last.
#pragma once
#include <stdint.h>

#include "store.h"

namespace tinygesture {

class Keeper {
 public:
  // store: nullptr where the board keeps nothing. base: the id of the model that was built in; what
  // was kept beside another one does not count.
  Keeper(Store* store, const uint8_t base[8]);

  bool works() const { return store_ != nullptr; }

  // Copies a kept plan, the newest (age 0) or the one before (age 1). Returns its bytes; 0: none.
  uint32_t read(int age, void* out, uint32_t capacity);

  // Begin to keep a plan, whose bytes stay as they are meanwhile; or to forget all plans. step()
  // does it piece by piece, until it is no longer busy().
  void keep(const void* plan, uint32_t size);
  void forget();
  void stop() { job_ = Job::kNone; }
  bool busy() const { return job_ != Job::kNone; }
  void step();
  bool failed() const { return failed_; }  // the last job

 private:
  enum class Job : uint8_t { kNone, kErase, kWrite, kSeal, kForgetOlder, kForgetNewest };
  struct Header {
    uint32_t magic;
    uint32_t sequence;  // the newest is the highest, modulo 2^32
    uint32_t size;
    uint8_t base[8];
    uint32_t crc;  // of what is above
  };

  bool header_of(uint8_t slot, Header* header);
  int newest();  // -1: none
  bool do_step();

  Store* const store_;
  uint8_t base_[8];
  Job job_ = Job::kNone;
  bool failed_ = false;
  uint8_t slot_ = 0;
  uint32_t at_ = 0;  // within the slot, or of the plan
  const uint8_t* plan_ = nullptr;
  Header header_ = {};
};

}  // namespace tinygesture

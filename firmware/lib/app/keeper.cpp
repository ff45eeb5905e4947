#include "keeper.h"

#include <string.h>

#include "crc32.h"

namespace tinygesture {

namespace {

constexpr uint32_t kMagic = 0x4B4C5054;  // "TPLK"
constexpr uint32_t kPlanAt = 32;         // in a slot, behind the header
constexpr uint32_t kPiece = 256;         // bytes written in one step
constexpr size_t kSealed = 20;           // bytes of the header that its CRC is of

}  // namespace

Keeper::Keeper(Store* store, const uint8_t base[8]) : store_(store) {
  memcpy(base_, base, sizeof base_);
}

bool Keeper::header_of(uint8_t slot, Header* header) {
  return store_ != nullptr && store_->read(slot * store_->slot_size(), header, sizeof *header) &&
         header->magic == kMagic && header->crc == crc32(header, kSealed) &&
         header->size <= store_->slot_size() - kPlanAt &&
         memcmp(header->base, base_, sizeof base_) == 0;
}

int Keeper::newest() {
  Header headers[2];
  const bool first = header_of(0, &headers[0]), second = header_of(1, &headers[1]);
  if (first && second) return int32_t(headers[1].sequence - headers[0].sequence) > 0 ? 1 : 0;
  return first ? 0 : second ? 1 : -1;
}

uint32_t Keeper::read(int age, void* out, uint32_t capacity) {
  const int found = newest();
  if (found < 0) return 0;
  const uint8_t slot = uint8_t(age == 0 ? found : 1 - found);
  Header header;
  if (!header_of(slot, &header) || header.size > capacity) return 0;
  return store_->read(slot * store_->slot_size() + kPlanAt, out, header.size) ? header.size : 0;
}

void Keeper::keep(const void* plan, uint32_t size) {
  Header before = {};
  const int found = newest();
  if (found >= 0) header_of(uint8_t(found), &before);
  slot_ = found == 0 ? 1 : 0;
  plan_ = static_cast<const uint8_t*>(plan);
  header_ = {kMagic, before.sequence + 1, size, {}, 0};
  memcpy(header_.base, base_, sizeof base_);
  header_.crc = crc32(&header_, kSealed);
  at_ = 0;
  failed_ = size > store_->slot_size() - kPlanAt;
  job_ = failed_ ? Job::kNone : Job::kErase;
}

void Keeper::forget() {
  slot_ = newest() == 0 ? 1 : 0;
  failed_ = false;
  job_ = Job::kForgetOlder;
}

void Keeper::step() {
  if (do_step()) return;
  failed_ = true;
  job_ = Job::kNone;
}

bool Keeper::do_step() {
  const uint32_t slot_at = slot_ * store_->slot_size();
  switch (job_) {
    case Job::kNone: return true;
    case Job::kErase: {
      if (!store_->erase(slot_at + at_)) return false;
      at_ += store_->page_size();
      if (at_ < kPlanAt + header_.size) return true;
      at_ = 0;
      job_ = Job::kWrite;
      return true;
    }
    case Job::kWrite: {
      const uint32_t left = header_.size - at_;
      const uint32_t size = left < kPiece ? left : kPiece;
      uint8_t written[kPiece];
      if (!store_->write(slot_at + kPlanAt + at_, plan_ + at_, size)) return false;
      if (!store_->read(slot_at + kPlanAt + at_, written, size)) return false;
      if (memcmp(written, plan_ + at_, size) != 0) return false;
      at_ += size;
      if (at_ == header_.size) job_ = Job::kSeal;
      return true;
    }
    case Job::kSeal: {
      job_ = Job::kNone;
      Header written;
      return store_->write(slot_at, &header_, sizeof header_) && header_of(slot_, &written) &&
             written.sequence == header_.sequence;
    }
    case Job::kForgetOlder: {
      slot_ = uint8_t(1 - slot_);
      job_ = Job::kForgetNewest;
      return store_->erase(slot_at);
    }
    case Job::kForgetNewest: {
      job_ = Job::kNone;
      return store_->erase(slot_at);
    }
  }
  return false;
}

}  // namespace tinygesture

#include "shared/ingest/recent_ids.h"

#include <bit>
#include <cstdlib>
#include <new>
#include <random>
#include <utility>

namespace logctl::ingest {
namespace {

std::uint64_t random_seed() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

}  // namespace

RecentIds::Table::Table(std::size_t places) : places_(places) { clear(); }

void RecentIds::Table::Free::operator()(Fingerprint* memory) const { std::free(memory); }

void RecentIds::Table::clear() {
  // Fresh zeros from the system, not ours written over.
  memory_.reset();
  memory_.reset(static_cast<Fingerprint*>(std::calloc(places_, sizeof(Fingerprint))));
  if (!memory_) throw std::bad_alloc();
}

Fingerprint& RecentIds::Table::place(const Fingerprint& wanted) const {
  std::size_t at = wanted.low & (places_ - 1);
  while (memory_[at] != Fingerprint{} && memory_[at] != wanted) at = (at + 1) & (places_ - 1);
  return memory_[at];
}

RecentIds::RecentIds(std::size_t size)
    : size_(size),
      seed_(random_seed()),
      newer_(std::bit_ceil(2 * size)),
      older_(std::bit_ceil(2 * size)) {}

Fingerprint RecentIds::identity(const LogRecord& record) const {
  scratch_.assign(record.tenant);
  scratch_ += '\0';
  scratch_ += record.event_id;
  scratch_ += '\0';
  if (!record.dedup_by_id) {
    const std::int64_t micros = to_micros(record.timestamp);
    scratch_.append(reinterpret_cast<const char*>(&micros), sizeof(micros));
  }
  Fingerprint result = fingerprint(scratch_, seed_);
  if (result == Fingerprint{}) result.low = 1;
  return result;
}

bool RecentIds::contains(const LogRecord& record) const {
  if (record.id_assigned) return false;
  const Fingerprint wanted = identity(record);
  return newer_.has(wanted) || older_.has(wanted);
}

bool RecentIds::insert(const LogRecord& record) {
  if (record.id_assigned) return true;
  const Fingerprint wanted = identity(record);
  Fingerprint& place = newer_.place(wanted);
  if (place == wanted || older_.has(wanted)) return false;
  place = wanted;
  if (++count_ >= size_) {
    std::swap(newer_, older_);
    newer_.clear();
    count_ = 0;
  }
  return true;
}

void RecentIds::clear() {
  newer_.clear();
  older_.clear();
  count_ = 0;
}

}  // namespace logctl::ingest

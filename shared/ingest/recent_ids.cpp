#include "shared/ingest/recent_ids.h"

#include <algorithm>
#include <array>
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

void RecentIds::Table::fetch(const Fingerprint& wanted) const {
  __builtin_prefetch(&memory_[wanted.low & (places_ - 1)]);
}

RecentIds::RecentIds(std::size_t size, microseconds window)
    : size_(size),
      window_(window),
      seed_(random_seed()),
      newer_{Table(std::bit_ceil(2 * size))},
      older_{Table(std::bit_ceil(2 * size))} {}

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

bool RecentIds::is_over(const Generation& generation, SteadyTime now) const {
  return generation.count > 0 && now - generation.began >= window_;
}

bool RecentIds::has(const Generation& generation, const Fingerprint& wanted, SteadyTime now) const {
  return generation.count > 0 && !is_over(generation, now) && generation.table.has(wanted);
}

bool RecentIds::contains(const LogRecord& record, SteadyTime now) const {
  if (record.id_assigned) return false;
  const Fingerprint wanted = identity(record);
  return has(newer_, wanted, now) || has(older_, wanted, now);
}

bool RecentIds::insert(const Fingerprint& wanted, SteadyTime now) {
  if (is_over(newer_, now)) clear();
  if (newer_.count > 0 && now - newer_.began >= window_ / 2) turn(now);
  Fingerprint& place = newer_.table.place(wanted);
  if (place == wanted || has(older_, wanted, now)) return false;
  place = wanted;
  if (newer_.count++ == 0) newer_.began = now;
  if (newer_.count >= size_) turn(now);
  return true;
}

std::size_t RecentIds::drop_known(std::vector<LogRecord>& records, SteadyTime now) {
  // The tables are larger than the processor's caches, and every place is a random one: waiting for
  // many of them together takes hardly longer than for one.
  std::array<Fingerprint, 64> wanted;
  auto kept = records.begin();
  for (auto block = records.begin(); block != records.end();) {
    const std::size_t size =
        std::min(wanted.size(), static_cast<std::size_t>(records.end() - block));
    for (std::size_t i = 0; i < size; ++i) {
      wanted[i] = identity(block[i]);
      newer_.table.fetch(wanted[i]);
      older_.table.fetch(wanted[i]);
    }
    for (std::size_t i = 0; i < size; ++i, ++block) {
      if (!block->id_assigned && !insert(wanted[i], now)) continue;
      if (kept != block) *kept = std::move(*block);
      ++kept;
    }
  }
  const auto dropped = static_cast<std::size_t>(records.end() - kept);
  records.erase(kept, records.end());
  return dropped;
}

void RecentIds::turn(SteadyTime now) {
  std::swap(newer_, older_);
  newer_.table.clear();
  newer_.count = 0;
  newer_.began = now;
}

void RecentIds::clear() {
  newer_.table.clear();
  older_.table.clear();
  newer_.count = older_.count = 0;
}

}  // namespace logctl::ingest

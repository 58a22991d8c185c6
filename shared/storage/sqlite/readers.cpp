#include "shared/storage/sqlite/readers.h"

#include "shared/storage/sqlite/day_gate.h"
#include "shared/storage/sqlite/day_writer.h"

#include <fmt/format.h>

#include <iterator>

namespace logctl::storage::sqlite {
namespace {

// Readers only wait while another process recovers the write-ahead log after a crash.
constexpr milliseconds kBusyTimeout = seconds(5);

}  // namespace

Readers::Lease::~Lease() {
  if (!entry_.empty()) readers_->give_back(std::move(entry_));
}

std::list<Readers::Entry> Readers::take(Day day, const FileIdentity& identity) {
  std::list<Entry> stale;  // closed after the lock is released
  std::list<Entry> found;
  const Lock lock(mutex_);
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    const auto next = std::next(entry);
    if (entry->day == day) {
      const bool same = entry->identity == identity;
      if (same && found.empty()) {
        found.splice(found.begin(), idle_, entry);
      } else if (!same) {
        stale.splice(stale.begin(), idle_, entry);
      }
    }
    entry = next;
  }
  return found;
}

void Readers::give_back(std::list<Entry> entry) noexcept {
  std::list<Entry> surplus;
  const Lock lock(mutex_);
  idle_.splice(idle_.begin(), entry);
  if (idle_.size() > max_idle_) surplus.splice(surplus.begin(), idle_, std::prev(idle_.end()));
}

void Readers::close_removed() {
  std::list<Entry> stale;  // closed after the lock is released
  const Lock lock(mutex_);
  for (auto entry = idle_.begin(); entry != idle_.end();) {
    const auto next = std::next(entry);
    if (identity_of(directory_.day_file(entry->day)) != entry->identity) {
      stale.splice(stale.begin(), idle_, entry);
    }
    entry = next;
  }
}

std::optional<Readers::Lease> Readers::open(Day day, Deadline deadline) {
  const std::filesystem::path file = directory_.day_file(day);
  const auto identity = identity_of(file);
  if (!identity) return std::nullopt;
  std::list<Entry> entry = take(day, *identity);
  if (entry.empty()) {
    std::int64_t version = 0;
    {
      const DayGate opening(directory_.logs(), Sharing::shared);
      const auto now = identity_of(file);
      if (!now) return std::nullopt;  // removed in the meantime
      try {
        entry.push_back(Entry{day, *now, Connection(file, Mode::read_only, kBusyTimeout)});
        version = entry.front().connection.scalar("PRAGMA user_version");  // opens the log too
      } catch (const Error& error) {
        if (!identity_of(file)) return std::nullopt;
        throw;
      }
    }
    if (version == 0) return std::nullopt;  // its writer has not made the tables yet
    if (version > newest_day_version()) {
      throw Error(ErrorCode::drift,
                  fmt::format("sqlite '{}': the file has schema version {}, this binary knows "
                              "versions up to {}",
                              file.string(), version, newest_day_version()),
                  "install a newer logctl");
    }
  }
  entry.front().connection.set_deadline(deadline);
  return Lease(*this, std::move(entry));
}

}  // namespace logctl::storage::sqlite

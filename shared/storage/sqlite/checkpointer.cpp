#include "shared/storage/sqlite/checkpointer.h"

#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/day_gate.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// Moved into the file at once: less often means fewer rewrites of the pages that transactions
// share, more often a smaller log.
constexpr int kPages = 4096;
constexpr int kMostPages = 4 * kPages;
// So many are moved in the time of a commit or two.
constexpr int kFewPages = 64;
constexpr int kMostPasses = 4;
constexpr milliseconds kPatience = seconds(5);

// Moves what is in the log just now, except what a query still needs. Returns how many pages of the
// log have been moved altogether; negative when another process is at it.
int move_pages(Connection& connection) {
  Statement checkpoint = connection.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  const bool done = checkpoint.step() && checkpoint.integer(0) == 0;
  return done ? static_cast<int>(checkpoint.integer(2)) : -1;
}

}  // namespace

Checkpointer::Checkpointer(const Directory& directory, Mutex& writing)
    : directory_(directory), writing_(writing), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Checkpointer::grown(Day day, int log_pages) {
  if (log_pages < kPages) return;
  {
    const Lock lock(mutex_);
    grown_[day] = log_pages;
  }
  changed_.notify_all();
}

void Checkpointer::wait_for_room() {
  mutex_.lock();
  const std::uint64_t round = rounds_;
  const auto full = [this] {
    return std::any_of(grown_.begin(), grown_.end(),
                       [](const auto& day) { return day.second >= kMostPages; });
  };
  while (full() && rounds_ == round && !stopping_) changed_.wait(mutex_);
  mutex_.unlock();
}

void Checkpointer::run() {
  mutex_.lock();
  while (true) {
    while (grown_.empty() && !stopping_) changed_.wait(mutex_);
    if (stopping_) break;
    const Day day = grown_.begin()->first;
    mutex_.unlock();
    try {
      move_log(day);
    } catch (const Error&) {
      // The file is gone or cannot be written: who appends next will say so.
    }
    mutex_.lock();
    grown_.erase(day);
    ++rounds_;
    changed_.notify_all();
  }
  mutex_.unlock();
}

void Checkpointer::move_log(Day day) {
  std::optional<DayGate> opening(std::in_place, directory_.logs(), Sharing::shared);
  Connection connection(directory_.day_file(day), Mode::read_write, kPatience);
  connection.scalar("PRAGMA user_version");  // opens the log, which a checkpoint alone does not
  opening.reset();
  int moved = 0;
  for (int i = 0; i < kMostPasses; ++i) {
    const int before = std::exchange(moved, move_pages(connection));
    if (moved < before + kFewPages) break;
  }
  const Lock lock(writing_);
  move_pages(connection);
}

}  // namespace logctl::storage::sqlite

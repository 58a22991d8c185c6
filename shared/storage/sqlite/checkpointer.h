// Moves the write-ahead logs of the days being written into their files, beside the commits.
//
// A thread of its own: the log of a day that has grown is moved while records go on being appended,
// except for its last pages, for which the writers' mutex is held, so that the next commit begins
// the log anew. Thread-safe.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/sqlite/directory.h"

#include <cstdint>
#include <map>
#include <thread>

namespace logctl::storage::sqlite {

class Checkpointer {
 public:
  // `writing` is held by everybody who writes to day files. Both must outlive it.
  Checkpointer(const Directory& directory, Mutex& writing);
  ~Checkpointer();

  // After a commit: the log of that day has so many pages.
  void grown(Day day, int log_pages);
  // Waits for one round of work when a log is longer than it should ever be. Not while holding
  // `writing`.
  void wait_for_room();

 private:
  void run();
  void move_log(Day day);

  const Directory& directory_;
  Mutex& writing_;
  Mutex mutex_;
  Condition changed_;
  std::map<Day, int> grown_ GUARDED_BY(mutex_);  // days to work on, with their pages
  std::uint64_t rounds_ GUARDED_BY(mutex_) = 0;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // the last member: it uses the others
};

}  // namespace logctl::storage::sqlite

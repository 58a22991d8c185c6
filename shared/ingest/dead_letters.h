// The daemon's dead letters: takes refused records and brings them to disk beside the ingest.
//
// Thread-safe. Lives as long as everything that adds to it; the observer and the clock outlive it.
// The configuration (`rejects.*`) bounds what is kept; memory holds at most kQueueBytes.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/config/config.h"
#include "shared/ingest/dead_letter.h"
#include "shared/ingest/dead_letter_files.h"
#include "shared/metrics/observer.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <thread>

namespace logctl::ingest {

// Where the dead letters of this configuration lie.
std::filesystem::path dead_letter_directory(const config::Config& config);

class DeadLetters {
 public:
  static constexpr std::size_t kQueueBytes = 8 * 1024 * 1024;

  // Makes nothing on disk before the first letter.
  DeadLetters(const config::Config& config, const Clock& clock, metrics::Observer& observer);
  ~DeadLetters();  // stops
  DeadLetters(const DeadLetters&) = delete;

  // Takes `rejects.*` of a new configuration.
  void configure(const config::Config& config);

  // False with `rejects.enabled: false`: then letters are neither made nor taken.
  bool enabled() const { return enabled_; }
  std::uint64_t max_raw_bytes() const { return max_raw_bytes_; }

  // Takes the letter to disk within a moment. Never waits for the disk and never throws: letters
  // for which there is no room, or which the disk does not take, are counted and told. The id is
  // assigned here, and the time unless the letter has one.
  void add(DeadLetter letter);
  // Returns when the letters are on disk. Throws Error{io} or Error{locked} when they may not be.
  void keep(std::span<const DeadLetter> letters);
  // Returns when everything that was added before is on disk or counted as not kept.
  void sync();

  // Writes what was added, then takes no more. Idempotent.
  void stop();

 private:
  void run();
  std::string line_of(DeadLetter letter) const;
  // To disk, with the books.
  void write(std::string_view lines, std::uint64_t letters);
  // Counts; told once until letters are kept again.
  void count_lost(std::uint64_t letters, std::string_view why);

  std::atomic<bool> enabled_;
  std::atomic<std::uint64_t> max_raw_bytes_;
  std::atomic<std::uint64_t> file_bytes_;
  std::atomic<std::uint64_t> max_bytes_;
  const DeadLetterFiles files_;
  const Clock& clock_;
  metrics::Observer& observer_;
  std::atomic<bool> losing_ = false;

  Mutex mutex_;
  Condition changed_;
  std::string waiting_ GUARDED_BY(mutex_);  // lines
  std::uint64_t letters_ GUARDED_BY(mutex_) = 0;
  std::uint64_t added_ GUARDED_BY(mutex_) = 0;    // letters, ever
  std::uint64_t settled_ GUARDED_BY(mutex_) = 0;  // of these, on disk or lost
  bool hurry_ GUARDED_BY(mutex_) = false;         // somebody waits
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::thread writer_;
};

}  // namespace logctl::ingest

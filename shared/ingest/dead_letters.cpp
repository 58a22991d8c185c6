#include "shared/ingest/dead_letters.h"

#include "shared/base/error.h"
#include "shared/base/ids.h"
#include "shared/config/target.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace logctl::ingest {
namespace {

// Letters that come within this time share one fsync, so that a client that sends nothing but bad
// records takes no more than a few a second from the store.
constexpr auto kGather = milliseconds(200);

}  // namespace

std::filesystem::path dead_letter_directory(const config::Config& config) {
  return config::home_directory(config) / "rejects";
}

DeadLetters::DeadLetters(const config::Config& config, const Clock& clock,
                         metrics::Observer& observer)
    : enabled_(config.rejects.enabled),
      max_raw_bytes_(config.rejects.max_raw_bytes),
      file_bytes_(config.rejects.file_bytes),
      max_bytes_(config.rejects.max_bytes),
      files_(dead_letter_directory(config)),
      clock_(clock),
      observer_(observer),
      writer_([this] { run(); }) {}

DeadLetters::~DeadLetters() { stop(); }

void DeadLetters::configure(const config::Config& config) {
  max_raw_bytes_ = config.rejects.max_raw_bytes;
  file_bytes_ = config.rejects.file_bytes;
  max_bytes_ = config.rejects.max_bytes;
  enabled_ = config.rejects.enabled;
}

std::string DeadLetters::line_of(DeadLetter letter) const {
  const Timestamp now = clock_.now();
  letter.id = uuid_v7(now);
  if (letter.at == Timestamp{}) letter.at = now;
  std::string line;
  append_line(line, letter);
  return line;
}

void DeadLetters::add(DeadLetter letter) {
  if (!enabled_) return;
  const std::string line = line_of(std::move(letter));
  bool taken = false;
  bool wake = false;
  {
    Lock lock(mutex_);
    taken = !stopped_ && (waiting_.empty() || waiting_.size() + line.size() <= kQueueBytes);
    if (taken) {
      waiting_ += line;
      ++letters_;
      ++added_;
      wake = letters_ == 1 || waiting_.size() >= kQueueBytes / 2;
    }
  }
  if (wake) changed_.notify_all();
  if (!taken) count_lost(1, "they come faster than the disk takes them");
}

void DeadLetters::keep(std::span<const DeadLetter> letters) {
  if (!enabled_ || letters.empty()) return;
  std::string lines;
  for (const DeadLetter& letter : letters) lines += line_of(letter);
  write(lines, letters.size());
}

void DeadLetters::sync() {
  mutex_.lock();
  const std::uint64_t mine = added_;
  hurry_ = settled_ < mine;
  changed_.notify_all();
  while (settled_ < mine) changed_.wait(mutex_);
  mutex_.unlock();
}

void DeadLetters::stop() {
  {
    Lock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  if (writer_.joinable()) writer_.join();
}

void DeadLetters::run() {
  using SteadyClock = std::chrono::steady_clock;
  mutex_.lock();
  while (true) {
    while (letters_ == 0 && !stopped_) changed_.wait(mutex_);
    if (letters_ == 0) break;
    const auto deadline = SteadyClock::now() + kGather;
    bool in_time = true;
    while (in_time && !stopped_ && !hurry_ && waiting_.size() < kQueueBytes / 2) {
      in_time = changed_.wait_until(mutex_, deadline) == std::cv_status::no_timeout;
    }
    const std::string lines = std::exchange(waiting_, {});
    const std::uint64_t letters = std::exchange(letters_, 0);
    hurry_ = false;
    mutex_.unlock();
    try {
      write(lines, letters);
    } catch (const std::exception& error) {
      count_lost(letters, error.what());
    }
    mutex_.lock();
    settled_ += letters;
    changed_.notify_all();
  }
  mutex_.unlock();
}

void DeadLetters::write(std::string_view lines, std::uint64_t letters) {
  const auto removed = files_.append(lines, {file_bytes_, max_bytes_});
  losing_ = false;
  metrics::DeadLettersChanged change{.kept = letters};
  for (const DeadLetterFiles::Removed& one : removed) {
    change.removed += one.letters;
    observer_.emit(
        metrics::Notice{metrics::Notice::Severity::warn, "dead letters removed",
                        fmt::format("{} in '{}', the oldest, to stay within rejects.max_bytes",
                                    one.letters, one.file.string())});
  }
  observer_.emit(change);
}

void DeadLetters::count_lost(std::uint64_t letters, std::string_view why) {
  observer_.emit(metrics::DeadLettersChanged{.not_kept = letters});
  if (losing_.exchange(true)) return;
  observer_.emit(metrics::Notice{metrics::Notice::Severity::error, "dead letters are not kept",
                                 std::string(why)});
}

}  // namespace logctl::ingest

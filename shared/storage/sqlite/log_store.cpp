#include "shared/storage/sqlite/log_store.h"

#include "shared/base/time_text.h"
#include "shared/storage/sqlite/examine.h"
#include "shared/storage/sqlite/rollup_upkeep.h"
#include "shared/storage/sqlite/rollup_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <map>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace logctl::storage::sqlite {
namespace {

constexpr std::chrono::days kOneDay(1);

// With less space than this a commit is about to fail.
constexpr std::uintmax_t kLeastSpace = 1 << 20;
// A day that took records a moment ago will take more: counting it again would be for nothing.
constexpr microseconds kQuietFor = seconds(120);
// How long another process may hold a file's write lock before its records are answered as failed.
constexpr milliseconds kPatience = seconds(5);

struct DayGroup {
  Day day;
  std::vector<std::uint32_t> positions;
};

// In the order in which the days first appear, so that of records equal by id the first is stored.
std::vector<DayGroup> group_by_day(std::span<const LogRecord* const> records) {
  std::vector<DayGroup> groups;
  std::map<Day, std::size_t> group_of;
  std::size_t current = 0;
  for (std::uint32_t position = 0; position < records.size(); ++position) {
    const Day day = day_of(records[position]->timestamp);
    if (groups.empty() || groups[current].day != day) {
      const auto [known, is_new] = group_of.try_emplace(day, groups.size());
      if (is_new) groups.push_back({day, {}});
      current = known->second;
    }
    groups[current].positions.push_back(position);
  }
  return groups;
}

// Rows go into the tree fastest in the order of its key. Records that are recognised by their id
// alone must keep their order.
void sort_for_insert(std::span<const LogRecord* const> records,
                     std::vector<std::uint32_t>& positions) {
  const auto by_id = [&](std::uint32_t p) { return records[p]->dedup_by_id; };
  const auto earlier = [&](std::uint32_t a, std::uint32_t b) {
    const LogRecord& x = *records[a];
    const LogRecord& y = *records[b];
    return x.timestamp != y.timestamp ? x.timestamp < y.timestamp : x.event_id < y.event_id;
  };
  if (std::any_of(positions.begin(), positions.end(), by_id)) return;
  if (std::is_sorted(positions.begin(), positions.end(), earlier)) return;
  std::stable_sort(positions.begin(), positions.end(), earlier);
}

// Looks for ids of records without a time in the files of other days.
class OtherDays {
 public:
  OtherDays(const Directory& directory, Readers& readers, Day own, Timestamp now,
            Timestamp cutoff) {
    const Day first = std::min(day_of(cutoff), own - std::chrono::days(1));
    const Day last = std::max(day_of(now), own + std::chrono::days(1));
    for (const Day day : directory.days()) {
      if (day < first || day > last || day == own) continue;
      auto reader = readers.open(day, Deadline::max());
      if (reader) leases_.push_back(std::move(*reader));
    }
    for (Readers::Lease& lease : leases_) {
      finds_.push_back(lease->prepare(
          "SELECT 1 FROM recent_ids WHERE event_id = ?1 AND tenant = ?2 AND seen_at > ?3"));
      finds_.back().bind(3, to_micros(cutoff));
    }
  }

  bool hold(const LogRecord& record) {
    for (Statement& find : finds_) {
      find.bind(1, record.event_id);
      find.bind(2, record.tenant);
      const bool found = find.step();
      find.reset();
      if (found) return true;
    }
    return false;
  }

 private:
  std::vector<Readers::Lease> leases_;
  std::vector<Statement> finds_;  // ended before the leases
};

bool has_log(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file.string() + "-wal", none);
  return !none && size > 0;
}

// Another one after every change to the day.
std::string stamp_of(const std::filesystem::path& file) {
  std::string stamp;
  for (const std::filesystem::path& part : {file, std::filesystem::path(file.string() + "-wal")}) {
    std::error_code none;
    const auto time = std::filesystem::last_write_time(part, none);
    if (none) continue;
    stamp += fmt::format("{} {};", time.time_since_epoch().count(),
                         std::filesystem::file_size(part, none));
  }
  return stamp;
}

void fail(AppendResult& result, std::span<const std::uint32_t> positions, Day day,
          const Error& error) {
  for (const std::uint32_t position : positions) result.outcomes[position] = Outcome::failed;
  if (!result.failure.empty()) return;
  result.failure = fmt::format("{}: {}; trying again {}", format_day(day), error.message(),
                               info(error.code()).retryable ? "may help" : "will not help");
}

}  // namespace

SqliteLogStore::SqliteLogStore(const Directory& directory, const config::Config& config,
                               const Clock& clock, Access access,
                               std::shared_ptr<WriteLoad> writers)
    : directory_(directory),
      clock_(clock),
      access_(access),
      open_days_(std::max<std::size_t>(config.storage.sqlite_open_days, 1)),
      cache_bytes_(config.storage.sqlite_cache_bytes),
      dedup_window_(config.ingest.dedup_window),
      query_timeout_(config.database.statement_timeout),
      write_load_(std::move(writers)),
      days_(directory_),
      readers_(directory_, open_days_),
      index_search_(directory_, 2 * open_days_),
      accounts_(directory_, readers_, access) {
  if (access_ == Access::read_write) checkpointer_.emplace(directory_, mutex_);
}

void SqliteLogStore::require_writable() const {
  if (access_ == Access::read_write) return;
  throw Error(ErrorCode::storage,
              fmt::format("sqlite '{}': opened for reading only", directory_.root().string()));
}

AppendResult SqliteLogStore::append(std::span<const LogRecord* const> records,
                                    const Origin& origin) {
  require_writable();
  if (origin.move) {
    throw Error(ErrorCode::internal, "the embedded store keeps no positions of sources");
  }
  AppendResult result;
  result.outcomes.resize(records.size(), Outcome::failed);
  if (records.empty()) {
    count(origin.source, origin.counts);
    result.counted = true;
    return result;
  }
  std::vector<DayGroup> groups = group_by_day(records);
  checkpointer_->wait_for_room();
  Origin share = origin;  // the first day that is committed takes the counts along
  const Lock lock(mutex_);
  const WriteLoad::Writing writing(*write_load_);
  for (DayGroup& group : groups) {
    sort_for_insert(records, group.positions);
    try {
      append_day(group.day, records, group.positions, share, result);
      share.counts = {};
      result.counted = true;
    } catch (const Error& error) {
      close_writer(group.day);
      fail(result, group.positions, group.day, error);
    }
  }
  return result;
}

void SqliteLogStore::count(std::string_view source, std::span<const Count> counts) {
  require_writable();
  if (!counts.empty()) accounts_.add(source, counts);
}

void SqliteLogStore::append_day(Day day, std::span<const LogRecord* const> records,
                                std::span<const std::uint32_t> positions, const Origin& origin,
                                AppendResult& result) {
  const Timestamp now = clock_.now();
  std::optional<OtherDays> others;
  DayWriter::RecentIds recent;
  recent.now = now;
  recent.cutoff = now - dedup_window_;
  recent.elsewhere = [&](const LogRecord& record) {
    if (!others) others.emplace(directory_, readers_, day, now, recent.cutoff);
    return others->hold(record);
  };
  constexpr int kAttempts = 3;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    DayWriter& writer = writer_for(day);
    if (writer.append(records, positions, recent, origin, result)) {
      checkpointer_->grown(day, writer.log_pages());
      if (others) forgotten_.erase(day);
      return;
    }
    close_writer(day);
  }
  throw Error(ErrorCode::unavailable,
              fmt::format("sqlite '{}': the file is removed again and again",
                          directory_.day_file(day).string()));
}

DayWriter& SqliteLogStore::writer_for(Day day) {
  const auto found = std::find_if(writers_.begin(), writers_.end(),
                                  [day](const DayWriter& writer) { return writer.day() == day; });
  if (found != writers_.end()) {
    writers_.splice(writers_.begin(), writers_, found);
    return writers_.front();
  }
  if (writers_.size() >= open_days_) writers_.pop_back();
  writers_.emplace_front(directory_, day, kPatience);
  share_cache();
  return writers_.front();
}

void SqliteLogStore::close_writer(Day day) {
  std::erase_if(writers_, [day](const DayWriter& writer) { return writer.day() == day; });
  share_cache();
}

void SqliteLogStore::share_cache() {
  for (DayWriter& writer : writers_) writer.set_cache_bytes(cache_bytes_ / writers_.size());
}

Search SqliteLogStore::search_now() {
  const bool unlimited = query_timeout_ == microseconds(0);
  return {days_, readers_, index_search_, *write_load_,
          unlimited ? Deadline::max() : std::chrono::steady_clock::now() + query_timeout_};
}

Page SqliteLogStore::search(const query::Query& query) { return search_now().page(query); }

std::uint64_t SqliteLogStore::count(const query::Query& query) { return search_now().count(query); }

std::optional<Page> SqliteLogStore::find(const query::View& view, const RecordKey& key) {
  return search_now().find(view, key);
}

Statistics SqliteLogStore::statistics(const query::View& view, Timestamp now) {
  return search_now().statistics(view, now);
}

std::uint64_t SqliteLogStore::total_rows() { return search_now().total_rows(); }

// Closed days are brought to rest: no ids to remember, nothing in the write-ahead log. A day that
// fails costs no other day its upkeep; the first error is thrown at the end.
void SqliteLogStore::maintain(Timestamp now) {
  readers_.close_removed();
  if (access_ == Access::read_only) return;
  const Timestamp seen_before = now - dedup_window_;
  std::exception_ptr first_error;
  for (const Day day : directory_.days()) {
    if (day >= day_of(now)) break;
    const Lock lock(mutex_);  // day by day, so that appending goes on in between
    try {
      maintain_day(day, seen_before);
    } catch (...) {
      close_writer(day);  // a checkpoint that failed leaves it without patience
      if (!first_error) first_error = std::current_exception();
    }
  }
  try {
    keep_up_rollups(now);
  } catch (...) {
    if (!first_error) first_error = std::current_exception();
  }
  if (first_error) std::rethrow_exception(first_error);
}

// Reading the day does not hold up its writers; putting the counts in place is quick.
void SqliteLogStore::keep_up_rollups(Timestamp now) {
  for (const Day day : directory_.days()) {
    const bool closed = day < day_of(now);
    // A day that has closed is looked at once more.
    const std::string stamp = stamp_of(directory_.day_file(day)) + (closed ? "closed" : "");
    if (const auto known = exact_.find(day); known != exact_.end() && known->second == stamp) {
      continue;
    }
    std::optional<Recount> counted;
    bool dense = false;
    {
      auto reader = readers_.open(day, Deadline::max());
      if (!reader) continue;
      counted = recount(**reader, now - kQuietFor);
      dense = !counted && is_dense(**reader);
      if (!counted && !dense && kept_counts(**reader).grain == Grain::minutes) {
        exact_[day] = stamp;
      }
    }
    if (counted) {
      const Lock lock(mutex_);
      writer_for(day).put_rollups(*counted);
    } else if (dense) {
      make_coarse(day, now);
    }
    if (closed) add_up_rollups(day);
  }
}

void SqliteLogStore::add_up_rollups(Day day) {
  const auto identity = identity_of(directory_.day_file(day));
  auto reader = readers_.open(day, Deadline::max());
  if (!identity || !reader) return;
  const std::optional<DaySums> sums = add_up(**reader, day);
  if (!sums) return;
  const Lock lock(mutex_);
  DayWriter& writer = writer_for(day);
  writer.put_sums(*identity, **reader, *sums);
  writer.checkpoint();
  close_writer(day);
}

// Hour by hour, so that appending goes on in between.
void SqliteLogStore::make_coarse(Day day, Timestamp now) {
  {
    const Lock lock(mutex_);
    writer_for(day).begin_coarse_rollups(now);
  }
  for (Timestamp hour = day; hour < day + kOneDay; hour += std::chrono::hours(1)) {
    const Lock lock(mutex_);
    writer_for(day).merge_rollups(hour);
  }
}

void SqliteLogStore::maintain_day(Day day, Timestamp seen_before) {
  bool has_old_ids = false;
  if (Timestamp(day + kOneDay) <= seen_before && !forgotten_.contains(day)) {
    if (auto reader = readers_.open(day, Deadline::max())) {
      has_old_ids = (*reader)->scalar("SELECT EXISTS (SELECT 1 FROM recent_ids)") != 0;
    }
    if (!has_old_ids) forgotten_.insert(day);
  }
  if (!has_old_ids && !has_log(directory_.day_file(day))) return;
  DayWriter& writer = writer_for(day);
  if (has_old_ids) writer.forget_ids(seen_before);
  writer.checkpoint();
  close_writer(day);
}

std::vector<Symptom> SqliteLogStore::examine(Timestamp /*now*/) {
  return sqlite::examine(directory_);
}

void SqliteLogStore::ping() {
  const int wanted = access_ == Access::read_only ? R_OK | X_OK : R_OK | W_OK | X_OK;
  if (::access(directory_.logs().c_str(), wanted) != 0) {
    throw Error(ErrorCode::unavailable,
                fmt::format("sqlite '{}': {}", directory_.logs().string(), errno_text(errno)));
  }
  if (access_ == Access::read_only) return;
  std::error_code failed;
  const auto space = std::filesystem::space(directory_.logs(), failed);
  if (!failed && space.available < kLeastSpace) {
    throw Error(ErrorCode::unavailable,
                fmt::format("sqlite '{}': the disk is full", directory_.logs().string()));
  }
}

}  // namespace logctl::storage::sqlite

#include "shared/ingest/drain_group.h"

#include "shared/base/error.h"
#include "shared/storage/books.h"

#include <algorithm>
#include <utility>

namespace logctl::ingest {

void DrainGroup::clear() {
  entries_.clear();
  records_.clear();
  memory_.clear();
  days_.clear();
  bytes_ = 0;
}

bool DrainGroup::add(const spool::Frame& frame, std::size_t most_days) {
  auto memory = std::make_unique_for_overwrite<char[]>(frame.payload.size());
  std::ranges::copy(frame.payload, memory.get());
  Entry entry;
  entry.payload = {memory.get(), frame.payload.size()};
  entry.first = records_.size();
  entry.counts = frame.counts;
  entry.written_at = frame.written_at;
  if (frame.damaged) {
    entry.damaged = true;
    entry.problem = "damaged on the disk";
  } else {
    try {
      entry.batch = decode_spooled(entry.payload, records_);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::drift) throw;
      records_.resize(entry.first);
      entry.problem = error.message();
    }
  }
  std::set<std::chrono::sys_days> new_days;
  for (std::size_t i = entry.first; i < records_.size(); ++i) {
    const auto day = std::chrono::floor<std::chrono::days>(records_[i].timestamp);
    if (!days_.contains(day)) new_days.insert(day);
  }
  if (!entries_.empty() && days_.size() + new_days.size() > most_days) {
    records_.resize(entry.first);
    return false;
  }
  days_.merge(new_days);
  memory_.push_back(std::move(memory));
  bytes_ += frame.payload.size();
  end_ = frame.end;
  entries_.push_back(std::move(entry));
  return true;
}

std::vector<const LogRecord*> DrainGroup::pointers() const {
  std::vector<const LogRecord*> result;
  result.reserve(records_.size());
  for (const LogRecord& record : records_) result.push_back(&record);
  return result;
}

Sums DrainGroup::counts() const {
  Sums sums;
  for (const Entry& entry : entries_) {
    if (!entry.problem.empty()) {
      // Whose they are cannot be read any more.
      sums[{"default", storage::kReceived}] += entry.counts.received;
      const std::string_view lost = entry.damaged ? storage::kRejectedAsSpoolDamaged
                                                  : storage::rejected_as(Reason::malformed);
      sums[{"default", lost}] += entry.counts.received;
      continue;
    }
    const std::string tenant(entry.batch.tenant);
    if (entry.batch.duplicates > 0) {
      sums[{tenant, storage::kReceived}] += entry.batch.duplicates;
      sums[{tenant, storage::kDuplicate}] += entry.batch.duplicates;
    }
    for (const auto& [reason, count] : entry.batch.rejected) {
      sums[{tenant, storage::kReceived}] += count;
      sums[{tenant, storage::rejected_as(parse_reason(reason).value_or(Reason::malformed))}] +=
          count;
    }
  }
  return sums;
}

}  // namespace logctl::ingest

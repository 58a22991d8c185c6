// `logctl query --file`: files of JSON lines are read as `logctl ingest` reads them, and each
// record is matched in memory. Only the records that will be shown are kept.
#include "cli/commands/query_actions.h"
#include "cli/file_records.h"
#include "cli/records.h"
#include "shared/base/error.h"
#include "shared/query/match.h"
#include "shared/query/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kMostKept = 100'000;
constexpr std::size_t kMostKeptBytes = 256 * 1024 * 1024;

// A record with its text, beyond the life of its batch.
class Kept {
 public:
  explicit Kept(const LogRecord& record) : record_(record) {
    constexpr std::array kTexts = {
        &LogRecord::event_id, &LogRecord::tenant,     &LogRecord::service,
        &LogRecord::message,  &LogRecord::event_type, &LogRecord::event_name,
        &LogRecord::user_id,  &LogRecord::session_id, &LogRecord::app_version,
        &LogRecord::host,     &LogRecord::trace_id,   &LogRecord::span_id,
        &LogRecord::priority, &LogRecord::properties, &LogRecord::device_info};
    std::size_t size = 0;
    for (const auto text : kTexts) size += (record.*text).size();
    text_ = std::make_unique_for_overwrite<char[]>(size);
    bytes_ = sizeof(Kept) + size;
    char* to = text_.get();
    for (const auto text : kTexts) {
      const std::string_view from = record.*text;
      std::copy(from.begin(), from.end(), to);
      record_.*text = {to, from.size()};
      to += from.size();
    }
  }
  const LogRecord& record() const { return record_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::unique_ptr<char[]> text_;
  LogRecord record_;
  std::size_t bytes_ = 0;
};

// The first `limit` records in the asked order, of all that were offered.
class Best {
 public:
  explicit Best(const query::Query& query, std::size_t limit)
      : sort_(query.sort), order_(query.order), limit_(limit) {}

  void offer(const LogRecord& record) {
    const auto before = [this](const Kept& a, const Kept& b) {
      return query::comes_before(a.record(), b.record(), sort_, order_);
    };
    if (kept_.size() == limit_) {
      if (!query::comes_before(record, kept_.front().record(), sort_, order_)) return;
      std::pop_heap(kept_.begin(), kept_.end(), before);
      bytes_ -= kept_.back().bytes();
      kept_.pop_back();
    }
    kept_.emplace_back(record);
    bytes_ += kept_.back().bytes();
    std::push_heap(kept_.begin(), kept_.end(), before);
    if (bytes_ > kMostKeptBytes) {
      throw Error(ErrorCode::usage, "the records to show are over 256 MiB",
                  "ask for fewer with --limit, or for all in the order of the file with --limit 0");
    }
  }
  std::vector<Kept> take() {
    std::sort_heap(kept_.begin(), kept_.end(), [this](const Kept& a, const Kept& b) {
      return query::comes_before(a.record(), b.record(), sort_, order_);
    });
    return std::move(kept_);
  }

 private:
  const query::Field sort_;
  const query::Order order_;
  const std::size_t limit_;
  std::vector<Kept> kept_;  // a heap, its front comes last
  std::size_t bytes_ = 0;
};

}  // namespace

int query_files(Context& context, const QueryOptions& options, query::Query query) {
  if (options.limit > kMostKept) {
    throw Error(ErrorCode::usage,
                fmt::format("--limit: expected at most {} together with --file, found {}",
                            kMostKept, options.limit),
                "--limit 0 brings all, in the order of the file");
  }
  if (options.limit == 0 && (options.sort_given || options.ascending)) {
    throw Error(ErrorCode::usage,
                "--limit 0 brings the records of a file in its own order, without --sort and "
                "--ascending");
  }
  const query::Matcher matcher(query);
  RecordPrinter printer(context.out());
  Best best(query, options.limit);
  std::uint64_t found = 0;
  const BadLines bad = read_file_records(context, options.files, options.flags.tenant,
                                         [&](const std::vector<LogRecord>& records) {
                                           for (const LogRecord& record : records) {
                                             if (!matcher.matches(record)) continue;
                                             ++found;
                                             if (options.limit > 0) {
                                               best.offer(record);
                                             } else {
                                               printer.add(record);
                                             }
                                           }
                                           // Lines of a pipe that is followed are not kept back.
                                           if (options.limit == 0) context.out().flush();
                                         });
  for (const Kept& kept : best.take()) printer.add(kept.record());
  printer.end();
  Output& out = context.out();
  if (options.limit > 0 && found > options.limit && out.format() == OutputFormat::table) {
    out.note(fmt::format("{} shown of {}; --limit 0 brings all", options.limit, found));
  }
  tell_bad_lines(bad, out);
  return 0;
}

}  // namespace logctl::cli

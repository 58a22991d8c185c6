// `logctl query --file`: files of JSON lines are read as `logctl ingest` reads them, and each
// record is matched in memory. Only the records that will be shown are kept.
#include "cli/commands/query_actions.h"
#include "cli/file_patterns.h"
#include "cli/records.h"
#include "shared/base/error.h"
#include "shared/ingest/line_reader.h"
#include "shared/ingest/parser.h"
#include "shared/ingest/rules.h"
#include "shared/query/match.h"
#include "shared/query/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kMostKept = 100'000;
constexpr std::size_t kMostKeptBytes = 256 * 1024 * 1024;
constexpr std::size_t kPieceBytes = 1024 * 1024;

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

// What could not be read as a record.
struct BadLines {
  std::uint64_t count = 0;
  std::string first;
};

// As for `ingest`, but whatever its age: nothing is taken in here.
std::shared_ptr<const ingest::Rules> rules_for(const config::Config& config) {
  ingest::Rules rules(config);
  rules.max_age = microseconds(0);
  rules.max_future = microseconds(std::numeric_limits<std::int64_t>::max());
  return std::make_shared<const ingest::Rules>(std::move(rules));
}

template <typename Take>
void read_file(const std::string& file, const std::string& tenant, ingest::Parser& parser,
               BadLines& bad, Take take) {
  const std::string shown = file == "-" ? "standard input" : file;
  const auto note = [&](std::uint64_t line, std::string_view field, std::string_view message) {
    if (++bad.count == 1) {
      bad.first =
          fmt::format("{}:{}: {}{}{}", shown, line, field, field.empty() ? "" : ": ", message);
    }
  };
  ingest::LineReader reader(file,
                            {kPieceBytes, parser.rules().max_record_bytes, ingest::body_padding()});
  ingest::LinePiece piece;
  while (reader.next(piece)) {
    if (piece.overlong) {
      note(piece.first_line + 1, {},
           fmt::format("found a line of {} bytes, at most {} are allowed", piece.overlong->bytes,
                       parser.rules().max_record_bytes));
      continue;
    }
    const ingest::LinePlace place{file, piece.begin};
    const Batch batch = parser.parse_lines(std::move(piece.text), tenant, 0, &place);
    for (const Rejection& rejection : batch.rejections) {
      note(piece.first_line + rejection.index + 1, rejection.field, rejection.message);
    }
    for (const LogRecord& record : batch.records) take(record);
  }
}

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
  ingest::Parser parser(rules_for(*context.config()), context.clock());
  RecordPrinter printer(context.out());
  Best best(query, options.limit);
  BadLines bad;
  std::uint64_t found = 0;
  for (const std::string& file : expand_files(options.files)) {
    read_file(file, options.flags.tenant, parser, bad, [&](const LogRecord& record) {
      if (!matcher.matches(record)) return;
      ++found;
      if (options.limit > 0) {
        best.offer(record);
      } else {
        printer.add(record);
      }
    });
  }
  for (const Kept& kept : best.take()) printer.add(kept.record());
  printer.end();
  Output& out = context.out();
  if (options.limit > 0 && found > options.limit && out.format() == OutputFormat::table) {
    out.note(fmt::format("{} shown of {}; --limit 0 brings all", options.limit, found));
  }
  if (bad.count > 0) {
    out.flush();
    out.note(fmt::format("{} line{} could not be read as records; the first: {}", bad.count,
                         bad.count == 1 ? "" : "s", bad.first));
  }
  return 0;
}

}  // namespace logctl::cli

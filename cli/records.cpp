#include "cli/records.h"

#include "shared/base/time_text.h"
#include "shared/query/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kPageRecords = 500;

Value text(std::string_view value) { return value.empty() ? Value() : Value(value); }
Value json_text(std::string_view value) {
  return value.empty() ? Value() : Value::json(std::string(value));
}

// Writes records one after the other in the asked format. JSON has the shape of the HTTP answers.
class Writer {
 public:
  explicit Writer(Output& out) : out_(out) {}

  void begin() {
    if (out_.format() == OutputFormat::json) {
      out_.raw("[");
    } else if (out_.format() == OutputFormat::csv) {
      out_.begin_table(
          {"timestamp",       "level",        "service",     "event_type",  "event_name", "message",
           "user_id",         "session_id",   "app_version", "host",        "trace_id",   "span_id",
           "sequence_number", "priority",     "properties",  "device_info", "event_id",   "id",
           "created_at",      "processed_at", "tenant"});
    } else if (out_.format() != OutputFormat::jsonl) {
      out_.begin_table({"timestamp", "level", "source", "message"},
                       std::vector<std::string_view>());
    }
  }

  void add(const LogRecord& record) {
    switch (out_.format()) {
      case OutputFormat::json:
      case OutputFormat::jsonl:
        add_json(record);
        break;
      case OutputFormat::csv:
        out_.add_row(all_columns(record));
        break;
      case OutputFormat::automatic:
      case OutputFormat::table:
      case OutputFormat::plain:
        out_.add_row(short_columns(record));
        break;
    }
    first_ = false;
  }

  void between_pages() {
    if (out_.format() != OutputFormat::table) return;
    end();
    begin();
  }

  void end() {
    if (out_.format() == OutputFormat::json) {
      out_.raw(first_ ? "]\n" : "\n]\n");
    } else if (out_.format() != OutputFormat::jsonl) {
      out_.end_table();
    }
  }

 private:
  void add_json(const LogRecord& record) {
    line_.clear();
    const bool array = out_.format() == OutputFormat::json;
    if (array) line_ = first_ ? "\n" : ",\n";
    query::append_record(line_, record);
    if (!array) line_ += '\n';
    out_.raw(line_);
  }

  // An event without service and message shows what it has in their place.
  static Row short_columns(const LogRecord& record) {
    std::string message(record.message.empty() ? record.event_name : record.message);
    if (record.message.empty() && record.properties.size() > 2) {
      message += ' ';
      message += record.properties;
    }
    // Exact, whatever the other tables do: it is what one looks for in a log.
    return {format_rfc3339(record.timestamp), text(level_name(record.level)),
            text(record.service.empty() ? record.event_type : record.service), text(message)};
  }

  static Row all_columns(const LogRecord& record) {
    return {record.timestamp,
            text(level_name(record.level)),
            text(record.service),
            text(record.event_type),
            text(record.event_name),
            text(record.message),
            text(record.user_id),
            text(record.session_id),
            text(record.app_version),
            text(record.host),
            text(record.trace_id),
            text(record.span_id),
            record.sequence_number,
            text(record.priority),
            json_text(record.properties),
            json_text(record.device_info),
            text(record.event_id),
            format_record_id(record.timestamp, record.event_id),
            record.received_at,
            record.processed_at,
            text(record.tenant)};
  }

  Output& out_;
  std::string line_;
  bool first_ = true;
};

}  // namespace

struct RecordPrinter::State {
  Writer writer;
  bool begun = false;
};

RecordPrinter::RecordPrinter(Output& out) : state_(new State{Writer(out)}) {}
RecordPrinter::~RecordPrinter() = default;

void RecordPrinter::begin() {
  if (!state_->begun) state_->writer.begin();
  state_->begun = true;
}

void RecordPrinter::add(const LogRecord& record) {
  begin();
  state_->writer.add(record);
}

void RecordPrinter::end() {
  begin();
  state_->writer.end();
}

void RecordPrinter::between_pages() {
  if (state_->begun) state_->writer.between_pages();
}

void note_more(std::uint64_t limit, Output& out) {
  out.note(fmt::format("{} shown, more match; --limit 0 brings all", limit));
}

void print_records(storage::LogStore& store, query::Query query, std::uint64_t limit, Output& out) {
  const bool by_time = query.sort == query::Field::timestamp;
  const std::uint64_t page_records = by_time ? kPageRecords : kMostSortedRecords;
  std::uint64_t left = limit == 0 ? std::numeric_limits<std::uint64_t>::max() : limit;
  Writer writer(out);
  bool begun = false;
  bool more = true;
  while (more && left > 0) {
    query.limit = static_cast<std::uint32_t>(std::min(left, page_records));
    const storage::Page page = store.search(query);
    // Nothing is written before the first search has shown that the store can answer.
    if (!begun) {
      writer.begin();
      begun = true;
    } else if (!page.batch.records.empty()) {
      writer.between_pages();
    }
    for (const LogRecord& record : page.batch.records) writer.add(record);
    left -= std::min<std::uint64_t>(left, page.batch.records.size());
    query.after = page.next;
    more = by_time && page.next.has_value();
  }
  writer.end();
  if (more) note_more(limit, out);
}

}  // namespace logctl::cli

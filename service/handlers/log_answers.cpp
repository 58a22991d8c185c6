#include "service/handlers/log_answers.h"

#include "service/handlers/aggregator_record.h"
#include "shared/base/json_writer.h"
#include "shared/query/record_json.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::handlers {
namespace {

constexpr std::size_t kTypicalRecordBytes = 700;

// Change66 answers null for a list without rows; our keyset pages are always a list.
void write_records(JsonWriter& writer, const storage::Page& page, bool keyset) {
  if (page.batch.records.empty() && !keyset) {
    writer.null();
    return;
  }
  writer.begin_array();
  for (const LogRecord& record : page.batch.records) query::write_record(writer, record);
  writer.end_array();
}

// Rows sorted by anything but time have no place to go on from.
std::optional<std::string> next_cursor(const query::FilterRequest& request,
                                       const storage::Page& page) {
  if (!page.next || request.query.sort != query::Field::timestamp) return std::nullopt;
  return query::format_cursor(*page.next);
}

void write_cursor(JsonWriter& writer, const std::optional<std::string>& cursor) {
  if (cursor) writer.field("next_cursor", *cursor);
}

std::string body_for(const storage::Page& page) {
  std::string body;
  body.reserve(256 + page.batch.records.size() * kTypicalRecordBytes);
  return body;
}

std::string_view plural(std::size_t count) { return count == 1 ? "" : "s"; }

}  // namespace

http::Response recent_answer(const query::FilterRequest& request, const storage::Page& page) {
  const std::size_t count = page.batch.records.size();
  std::string body = body_for(page);
  JsonWriter writer(body);
  writer.begin_object().field("success", true);
  writer.field("message", fmt::format("Retrieved {} recent log{}", count, plural(count)));
  writer.key("data");
  write_records(writer, page, request.keyset);
  write_cursor(writer, next_cursor(request, page));
  writer.end_object();
  return http::json(200, std::move(body));
}

http::Response filter_answer(const query::FilterRequest& request, const storage::Page& page,
                             const storage::Total& counted) {
  const std::uint64_t total = counted.count;
  const std::size_t count = page.batch.records.size();
  const std::uint64_t pages = (total + request.page_size - 1) / request.page_size;
  const std::optional<std::string> cursor = next_cursor(request, page);
  std::string body = body_for(page);
  JsonWriter writer(body);
  writer.begin_object().field("success", true);
  if (request.keyset) {
    writer.field("message", fmt::format("Retrieved {} log{}", count, plural(count)));
  } else {
    const std::string_view about = counted.exact ? "" : "about ";
    writer.field("message", fmt::format("Retrieved {} log{} (page {} of {}{}, {}{} in total)", count,
                                        plural(count), request.page, about, pages, about, total));
  }
  writer.key("data").begin_object().key("logs");
  write_records(writer, page, request.keyset);
  if (!request.keyset) writer.field("total_count", total).field("page", request.page);
  writer.field("page_size", request.page_size);
  if (!request.keyset) writer.field("total_pages", pages);
  if (!counted.exact) writer.field("total_is_estimate", true);
  // Also here, where this call keeps the rest of its paging.
  write_cursor(writer, cursor);
  writer.end_object();
  write_cursor(writer, cursor);
  writer.end_object();
  return http::json(200, std::move(body));
}

http::Response record_answer(const LogRecord& record) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().field("success", true).key("data");
  query::write_record(writer, record);
  writer.end_object();
  return http::json(200, std::move(body));
}

http::Response context_answer(const storage::RecordContext& context) {
  const std::vector<const LogRecord*> records = storage::in_order(context);
  std::string body;
  body.reserve(256 + records.size() * kTypicalRecordBytes);
  JsonWriter writer(body);
  writer.begin_object().field("success", true).key("data").begin_object();
  writer.field("index", context.before.batch.records.size());
  writer.key("logs").begin_array();
  for (const LogRecord* record : records) query::write_record(writer, *record);
  writer.end_array().end_object().end_object();
  return http::json(200, std::move(body));
}

http::Response patterns_answer(const storage::Patterns& patterns) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().field("success", true).key("data").begin_object();
  writer.key("patterns").begin_array();
  for (const storage::Pattern& pattern : patterns.list) {
    writer.begin_object().field("pattern", pattern.text).field("count", pattern.count);
    writer.field("first", pattern.first).field("last", pattern.last);
    writer.field("example", pattern.example).field("id", pattern.id).end_object();
  }
  writer.end_array();
  writer.field("distinct", patterns.distinct).field("rows", patterns.rows);
  writer.field("uncounted", patterns.uncounted).field("cut", patterns.cut);
  writer.end_object().end_object();
  return http::json(200, std::move(body));
}

http::Response statistics_answer(const storage::Statistics& statistics, double average_latency_ms,
                                 double error_rate_percent) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().field("success", true).field("message", "Metrics retrieved");
  writer.key("data").begin_object();
  writer.field("total_logs", statistics.total_logs)
      .field("logs_last_hour", statistics.logs_last_hour)
      .field("logs_last_day", statistics.logs_last_day)
      .field("average_latency_ms", average_latency_ms)
      .field("error_rate_percent", error_rate_percent)
      .field("active_sessions", statistics.active_sessions);
  writer.key("top_event_types").begin_array();
  for (const storage::EventTypeCount& row : statistics.top_event_types) {
    writer.begin_object()
        .field("event_type", row.event_type)
        .field("count", row.count)
        .end_object();
  }
  writer.end_array().end_object().end_object();
  return http::json(200, std::move(body));
}

http::Response list_answer(const query::FilterRequest& request, const storage::Page& page) {
  std::string body = body_for(page);
  JsonWriter writer(body);
  writer.begin_object().field("success", true);
  writer.key("data").begin_array();
  for (const LogRecord& record : page.batch.records) write_aggregator_record(writer, record);
  writer.end_array();
  writer.key("meta").begin_object();
  writer.field("limit", request.query.limit).field("offset", request.query.offset).end_object();
  write_cursor(writer, next_cursor(request, page));
  writer.end_object();
  return http::json(200, std::move(body));
}

http::Response parameter_error_answer(const query::ParameterError& error) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().field("error", error.name()).field("message", error.message());
  writer.key("details").begin_array();
  writer.begin_object()
      .field("field", error.parameter())
      .field("message", error.problem())
      .end_object();
  writer.end_array().end_object();
  return http::json(info(error.code()).http_status, std::move(body));
}

}  // namespace logctl::handlers

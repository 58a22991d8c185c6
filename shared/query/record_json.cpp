#include "shared/query/record_json.h"

namespace logctl::query {
namespace {

void nullable(JsonWriter& writer, std::string_view name, std::string_view value) {
  writer.key(name);
  value.empty() ? writer.null() : writer.value(value);
}

void optional(JsonWriter& writer, std::string_view name, std::string_view value) {
  if (!value.empty()) writer.field(name, value);
}

void object(JsonWriter& writer, std::string_view name, std::string_view json) {
  writer.key(name).raw(json.empty() ? "{}" : json);
}

}  // namespace

void write_record(JsonWriter& writer, const LogRecord& record) {
  writer.begin_object();
  writer.field("id", format_record_id(record.timestamp, record.event_id));
  writer.field("event_id", record.event_id);
  writer.field("timestamp", record.timestamp);
  nullable(writer, "event_type", record.event_type);
  nullable(writer, "event_name", record.event_name);
  object(writer, "properties", record.properties);
  nullable(writer, "user_id", record.user_id);
  nullable(writer, "session_id", record.session_id);
  nullable(writer, "app_version", record.app_version);
  object(writer, "device_info", record.device_info);
  writer.key("sequence_number");
  record.sequence_number ? writer.value(*record.sequence_number) : writer.null();
  nullable(writer, "priority", record.priority);
  writer.field("created_at", record.received_at);
  writer.key("processed_at");
  record.processed_at ? writer.value(*record.processed_at) : writer.null();
  optional(writer, "service", record.service);
  optional(writer, "level", level_name(record.level));
  optional(writer, "message", record.message);
  optional(writer, "host", record.host);
  optional(writer, "trace_id", record.trace_id);
  optional(writer, "span_id", record.span_id);
  optional(writer, "tenant", record.tenant);
  writer.end_object();
}

void append_record(std::string& out, const LogRecord& record) {
  JsonWriter writer(out);
  write_record(writer, record);
}

}  // namespace logctl::query

#include "shared/storage/sqlite/rows.h"

#include "shared/storage/page_limit.h"

#include <array>
#include <variant>

namespace logctl::storage::sqlite {

const std::string_view kInsertRecord =
    "INSERT INTO logs (timestamp, event_id, tenant, received_at, processed_at, service, level, "
    "message, event_type, event_name, user_id, session_id, app_version, host, trace_id, span_id, "
    "sequence_number, priority, properties, device_info) "
    "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20) "
    "ON CONFLICT DO NOTHING";

void bind_record(Statement& insert, const LogRecord& record) {
  insert.bind(1, to_micros(record.timestamp));
  insert.bind(2, record.event_id);
  insert.bind(3, record.tenant);
  insert.bind(4, to_micros(record.received_at));
  insert.bind_optional(5, record.processed_at);
  insert.bind_optional(6, record.service);
  insert.bind_optional(7, level_name(record.level));
  insert.bind_optional(8, record.message);
  insert.bind_optional(9, record.event_type);
  insert.bind_optional(10, record.event_name);
  insert.bind_optional(11, record.user_id);
  insert.bind_optional(12, record.session_id);
  insert.bind_optional(13, record.app_version);
  insert.bind_optional(14, record.host);
  insert.bind_optional(15, record.trace_id);
  insert.bind_optional(16, record.span_id);
  insert.bind_optional(17, record.sequence_number);
  insert.bind(18, record.priority);
  insert.bind_optional(19, record.properties);
  insert.bind_optional(20, record.device_info);
}

void bind_values(Statement& statement, const query::Sql& sql) {
  int index = 0;
  for (const query::SqlValue& value : sql.values) {
    ++index;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement.bind(index, *number);
    } else {
      statement.bind(index, std::get<std::string>(value));
    }
  }
}

RowsRead read_rows(Statement& select, Batch& batch) {
  RowsRead read;
  const auto text = [&](int column) { return batch.arena->copy(select.text(column)); };
  while (select.step()) {
    if (batch.arena->allocated() >= kMostPageBytes) {
      read.cut = true;
      break;
    }
    LogRecord record;
    record.timestamp = from_micros(select.integer(0));
    record.event_id = text(1);
    record.tenant = text(2);
    record.received_at = from_micros(select.integer(3));
    record.service = text(4);
    record.level = parse_level(select.text(5)).value_or(Level::none);
    record.message = text(6);
    record.event_type = text(7);
    record.event_name = text(8);
    record.user_id = text(9);
    record.session_id = text(10);
    record.app_version = text(11);
    record.host = text(12);
    record.trace_id = text(13);
    record.span_id = text(14);
    if (!select.is_null(15)) record.sequence_number = select.integer(15);
    record.priority = text(16);
    record.properties = text(17);
    record.device_info = text(18);
    record.processed_at = select.time(19);
    batch.records.push_back(record);
    ++read.count;
  }
  select.reset();
  return read;
}

}  // namespace logctl::storage::sqlite

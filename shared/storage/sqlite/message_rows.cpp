#include "shared/storage/sqlite/message_rows.h"

namespace logctl::storage::sqlite {

Message read_message(const Statement& row) {
  Message message;
  message.id = row.text(0);
  message.stream = row.text(1);
  message.type = row.text(2);
  message.position = row.integer(3);
  message.global_position = row.integer(4);
  message.data = row.text(5);
  message.metadata = row.text(6);
  message.time = message_time(row.integer(7));
  return message;
}

NamespaceFigures read_namespace(const Statement& row) {
  NamespaceFigures figures;
  figures.id = row.text(0);
  figures.token_hash = row.text(1);
  figures.description = row.text(2);
  figures.metadata = row.text(3);
  figures.created_at = from_micros(row.integer(4));
  figures.messages = row.integer(5);
  figures.streams = row.integer(6);
  figures.last_global_position = row.integer(7);
  if (!row.is_null(8)) figures.last_activity = message_time(row.integer(8));
  figures.history = row.integer(9);
  return figures;
}

std::optional<std::int64_t> optional_integer(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.integer(column));
}

}  // namespace logctl::storage::sqlite

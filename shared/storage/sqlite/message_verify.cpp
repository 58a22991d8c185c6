// MessageReader::verify: everything of one namespace, read at one moment. The write-ahead log keeps
// what is written meanwhile, so it grows until this ends.
#include "shared/storage/message_audit.h"
#include "shared/storage/sqlite/message_reader.h"
#include "shared/storage/sqlite/message_rows.h"
#include "shared/storage/sqlite/moment.h"

#include <fmt/format.h>

namespace logctl::storage::sqlite {

MessageAudit MessageReader::verify(std::string_view name_space, const MessageStore::Progress& at) {
  const Moment moment(connection_);
  const std::int64_t ns = space_of(name_space);
  MessageAuditor audit(at);
  {
    // What a message points to and is not there is left out here, and missed by the counters.
    Statement row = connection_.prepare(fmt::format(
        "SELECT {}, c.name, m.correlation FROM messages AS m CROSS JOIN message_streams AS s ON "
        "s.stream = m.stream CROSS JOIN message_categories AS c ON c.category = m.category "
        "WHERE m.ns = ?1 ORDER BY m.global_position",
        kMessageColumns));
    row.bind(1, ns);
    while (row.step()) audit.message(read_message(row), row.text(8), row.text(9));
  }
  {
    Statement row = connection_.prepare(
        "SELECT name, version, last_activity, group_hash FROM message_streams WHERE ns = ?1");
    row.bind(1, ns);
    while (row.step()) {
      audit.stream({std::string(row.text(0)), row.integer(1), message_time(row.integer(2))},
                   optional_integer(row, 3));
    }
  }
  {
    Statement row =
        connection_.prepare("SELECT name, streams, messages FROM message_categories WHERE ns = ?1");
    row.bind(1, ns);
    while (row.step()) {
      audit.category({std::string(row.text(0)), row.integer(1), row.integer(2)});
    }
  }
  return audit.finish(*namespace_figures(name_space));
}

}  // namespace logctl::storage::sqlite

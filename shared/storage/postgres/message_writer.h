// Writes messages to PostgreSQL: decides (message_plan.h) and stores in one transaction, and tries
// again when the connection is lost or the commit is in doubt. What has arrived after all is found
// by the messages' ids.
//
// Thread-safe; each call takes one of the connections. Live writes have their own: neither an
// import nor the removal of a namespace keeps them waiting.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/message_store.h"
#include "shared/storage/postgres/message_transaction.h"
#include "shared/storage/postgres/writers.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

class MessageWriter {
 public:
  struct Settings {
    Writers::Settings writers;             // of live writes
    std::size_t most_bulk = 1;             // connections for everything else
    microseconds retry_for = seconds(10);  // one call gives up after this
  };
  explicit MessageWriter(const Settings& settings);

  std::vector<WriteResult> write(std::span<const MessageWrite> writes, MessageTime now);
  std::size_t import(std::string_view name_space, std::span<const Message> messages,
                     bool skip_same);
  // The messages that it had; nothing when there is no such namespace. They are left for sweep().
  std::optional<std::int64_t> clear(std::string_view name_space);
  std::optional<std::int64_t> remove(std::string_view name_space);
  // Deletes up to so many rows of what was left, when there is a connection for it just now. False
  // when nothing is left, or another process is at it.
  bool sweep(std::int64_t rows);

 private:
  struct Attempt;
  template <typename Work>
  auto until_done(Writers& writers, Work work);
  std::vector<WriteResult> try_write(Writers::Lease& writer, std::span<const MessageWrite> writes,
                                     MessageTime now, Attempt& attempt);
  std::optional<std::int64_t> try_take_away(Writers::Lease& writer, std::string_view name_space,
                                            bool successor, Attempt& attempt);
  std::size_t try_import(Writers::Lease& writer, std::string_view name_space,
                         std::span<const Message> messages, bool skip_same, Attempt& attempt);

  const Settings settings_;
  Writers live_;
  Writers bulk_;
};

}  // namespace logctl::storage::postgres

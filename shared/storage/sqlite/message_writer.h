// Adds messages to meta.sqlite, with the counters of their streams, categories and namespaces.
//
// Each call is one transaction on a connection that is lent; one thread. Statements are prepared
// once: the tables have to be there.
#pragma once

#include "shared/storage/message_plan.h"
#include "shared/storage/message_store.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class MessageWriter {
 public:
  // The connection must outlive it.
  explicit MessageWriter(Connection& connection);

  // See MessageStore.
  std::vector<WriteResult> write(std::span<const MessageWrite> writes, MessageTime now);
  std::size_t import(std::string_view name_space, std::span<const Message> messages,
                     bool skip_same);

 private:
  struct Space {
    std::int64_t ns = 0;
    std::int64_t last_global_position = 0;
  };
  struct Stream {
    std::int64_t stream = 0;  // 0: it has no row yet
    std::int64_t category = 0;
    std::int64_t version = -1;
    std::int64_t last_activity = 0;
    bool is_new = false;  // its row is of this transaction
    std::int64_t added = 0;
  };
  struct Category {
    std::int64_t streams = 0;
    std::int64_t messages = 0;
  };
  // What a transaction does to one namespace.
  struct Changes {
    Space space;
    std::map<std::string, Stream, std::less<>> streams;  // those that were looked at
    std::map<std::int64_t, Category> categories;         // what is added to them
    std::int64_t messages = 0;
    std::int64_t streams_added = 0;
    std::int64_t last_activity = 0;
  };
  struct NewMessage {
    std::string_view stream, id, type, data, metadata;
    std::int64_t position = 0;
    std::int64_t global_position = 0;
    std::int64_t time = 0;
  };

  std::optional<Space> find_space(std::string_view name);
  std::optional<Message> find_message(std::int64_t ns, std::string_view id);
  Stream& find_stream(Changes& changes, std::string_view name);
  std::int64_t category_of_new(Changes& changes, std::string_view stream);
  std::vector<WriteResult> write_group(const Space& space,
                                       std::span<const MessageWrite* const> group, MessageTime now);
  // False when the id or one of the positions is taken: nothing is changed then.
  bool add(Changes& changes, const NewMessage& message);
  void store_changes(const Changes& changes);
  [[noreturn]] void refuse(const Changes& changes, const Message& message);

  Connection& connection_;
  Statement find_space_;
  Statement find_message_;
  Statement find_stream_;
  Statement find_category_;
  Statement last_stream_;
  Statement taken_position_;
  Statement taken_global_position_;
  Statement add_category_;
  Statement add_stream_;
  Statement add_message_;
  Statement change_stream_;
  Statement change_category_;
  Statement change_space_;
  std::int64_t next_stream_ = 0;  // of the transaction; 0: not looked up
};

}  // namespace logctl::storage::sqlite

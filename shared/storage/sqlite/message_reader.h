// Reads messages from meta.sqlite on a connection of its own, each call at one moment.
//
// One thread. Statements are prepared once: the tables have to be there. See MessageStore for what
// the methods mean.
#pragma once

#include "shared/storage/message_store.h"
#include "shared/storage/sqlite/connection.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class MessageReader {
 public:
  explicit MessageReader(Connection connection);

  MessagePage read_stream(const StreamRead& read);
  MessagePage read_category(const CategoryRead& read);
  std::optional<Message> last(std::string_view name_space, std::string_view stream,
                              std::string_view type);
  std::optional<std::int64_t> version(std::string_view name_space, std::string_view stream);
  std::vector<Poke> pokes(std::string_view name_space, std::int64_t global_position,
                          std::size_t limit);
  std::vector<StreamFigures> streams(std::string_view name_space, std::string_view prefix,
                                     std::string_view after, std::size_t limit);
  std::vector<CategoryFigures> categories(std::string_view name_space);
  std::optional<NamespaceFigures> namespace_figures(std::string_view id);
  std::vector<NamespaceFigures> namespaces();
  MessageAudit verify(std::string_view name_space, const MessageStore::Progress& at);

 private:
  // Throws Error{not_found}.
  std::int64_t space_of(std::string_view name);
  // The number of a stream or category.
  std::optional<std::int64_t> number_of(Statement& statement, std::int64_t ns,
                                        std::string_view name);

  Connection connection_;
  Statement find_space_;
  Statement find_stream_;
  Statement find_category_;
  Statement first_position_;
  Statement read_stream_;
  Statement read_stream_backwards_;
  Statement read_category_;
  Statement read_all_;
  Statement read_pokes_;
  Statement version_;
  Statement space_figures_;
};

}  // namespace logctl::storage::sqlite

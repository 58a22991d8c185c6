// Questions about messages in PostgreSQL, each one statement of one moment. Thread-safe through the
// pool.
//
// A namespace's row, a stream's and a category's are found inside the statement. Whether the
// namespace is there comes with the answer, which has one row at least.
#pragma once

#include "shared/storage/message_store.h"
#include "shared/storage/postgres/pool.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

class MessageReads {
 public:
  explicit MessageReads(std::shared_ptr<Pool> pool);

  MessagePage stream(const StreamRead& read);
  MessagePage category(const CategoryRead& read);
  std::optional<Message> last(std::string_view name_space, std::string_view stream,
                              std::string_view type);
  std::optional<std::int64_t> version(std::string_view name_space, std::string_view stream);
  std::vector<Poke> pokes(std::string_view name_space, std::int64_t global_position,
                          std::size_t limit);
  std::vector<StreamFigures> streams(std::string_view name_space, std::string_view prefix,
                                     std::string_view after, std::size_t limit);
  std::vector<CategoryFigures> categories(std::string_view name_space);

 private:
  using TakeRow = std::function<void(const pqxx::row&)>;
  // Runs `sql`, whose first column is the namespace's number, and its second one null in a row
  // that stands for nothing. Throws Error{not_found} when there is no such namespace.
  void each(std::string_view what, std::string_view name_space, const std::string& sql,
            const std::vector<Value>& values, const TakeRow& take);
  MessagePage page(std::string_view what, std::string_view name_space, const std::string& sql,
                   const std::vector<Value>& values, std::size_t limit);
  // The first position behind those that one page looks at; nothing when there is none.
  std::optional<std::int64_t> horizon(const CategoryRead& read, const std::string& condition,
                                      const std::vector<Value>& values);

  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres

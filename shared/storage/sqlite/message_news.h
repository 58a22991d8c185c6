// Tells of new messages by looking, a few times a second, whether any other connection has changed
// meta.sqlite, and only then at the namespaces. One thread.
#pragma once

#include "shared/storage/message_store.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace logctl::storage::sqlite {

class SqliteMessageNews final : public MessageNews {
 public:
  // `connection` is used by nobody else.
  explicit SqliteMessageNews(Connection connection);
  std::vector<std::string> next(microseconds wait) override;
  const std::vector<std::string>& changed() const override { return changed_; }

 private:
  // A namespace that was cleared, or deleted and made again, is another one.
  struct Head {
    std::int64_t ns = 0;
    std::int64_t created_at = 0;
    std::int64_t last_global_position = 0;
    std::string token_hash;
    bool is_same_space(const Head& other) const {
      return ns == other.ns && created_at == other.created_at && token_hash == other.token_hash;
    }
  };
  using Heads = std::map<std::string, Head>;

  std::int64_t data_version();
  Heads read_heads();
  std::vector<std::string> look();

  Connection connection_;
  Statement data_version_;
  Statement heads_statement_;
  std::int64_t seen_ = 0;
  Heads heads_;
  std::vector<std::string> changed_;
};

}  // namespace logctl::storage::sqlite

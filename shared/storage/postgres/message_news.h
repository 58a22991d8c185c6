// Hears which namespaces have new messages, by whichever process: each transaction that stores some
// notifies with the namespace's id, and so does each that gives one another token or takes its
// messages away. A connection of its own.
#pragma once

#include "shared/storage/message_store.h"
#include "shared/storage/postgres/connection.h"

#include <string>
#include <vector>

namespace logctl::storage::postgres {

class PostgresMessageNews final : public MessageNews {
 public:
  // Connects and listens. Throws ServerError.
  explicit PostgresMessageNews(const std::string& conninfo);
  std::vector<std::string> next(microseconds wait) override;
  const std::vector<std::string>& changed() const override { return changed_; }

 private:
  Connection connection_;
  std::vector<std::string> changed_;
};

}  // namespace logctl::storage::postgres

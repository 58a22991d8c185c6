// Hears which namespaces have new messages, by whichever process: each transaction that stores some
// notifies with the namespace's id. A connection of its own.
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

 private:
  Connection connection_;
};

}  // namespace logctl::storage::postgres

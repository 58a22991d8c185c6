#include "service/tail/publishing_store.h"

namespace logctl::tail {

storage::AppendResult PublishingStore::append(std::span<const LogRecord* const> records,
                                              const storage::Origin& origin) {
  storage::AppendResult result = store_.append(records, origin);
  if (!hub_.listening()) return result;
  std::vector<const LogRecord*> stored;
  stored.reserve(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (result.outcomes[i] == Outcome::stored) stored.push_back(records[i]);
  }
  hub_.publish(origin.source, stored);
  return result;
}

}  // namespace logctl::tail

// Proves that a namespace is whole: each message for itself and against the one before it, and what
// the store keeps beside the messages against the messages. Content that was changed into other
// content of the right form shows only as another digest. The same for every backend, which reads
// everything at one moment and hands it over. One thread; memory grows with the streams, not with
// the messages.
//
//   MessageAuditor audit(at);
//   audit.message(...);   // each, in global order
//   audit.stream(...);    // each
//   audit.category(...);  // each
//   return audit.finish(figures);
#pragma once

#include "shared/base/hash.h"
#include "shared/storage/message_store.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace logctl::storage {

class MessageAuditor {
 public:
  // `at` must live as long as this.
  explicit MessageAuditor(const MessageStore::Progress& at) : at_(at) {}

  // `category`, `correlation`: what the store has noted of it, for finding it.
  void message(const Message& message, std::string_view category, std::string_view correlation);
  void stream(const StreamFigures& figures, std::optional<std::int64_t> group_hash);
  void category(const CategoryFigures& figures);
  MessageAudit finish(const NamespaceFigures& figures);

 private:
  struct Stream {
    std::int64_t version = -1;
    MessageTime last_activity{};
    bool noted = false;  // the store has a row for it
  };
  struct Category {
    std::int64_t streams = 0;
    std::int64_t messages = 0;
    bool noted = false;
  };
  void problem(std::string words);
  void check_form(const Message& message);
  void digest(const Message& message);

  const MessageStore::Progress& at_;
  MessageAudit audit_;
  Sha256 sum_;
  std::string text_;  // of the digest, not yet summed
  std::int64_t last_global_position_ = 0;
  std::optional<MessageTime> last_activity_;
  std::unordered_map<std::string, Stream> streams_;
  std::map<std::string, Category, std::less<>> categories_;
};

}  // namespace logctl::storage

#include "service/messages/default_namespace.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/messages/token.h"

#include <optional>

namespace logctl::messages {
namespace {

using metrics::Notice;

constexpr const char* kDefault = "default";

}  // namespace

void ensure_default_namespace(storage::MessageStore& store, const std::string& token,
                              metrics::Observer& observer, const Clock& clock) {
  if (!token.empty() && namespace_of(token) != kDefault) {
    throw Error(ErrorCode::config,
                "messages.token: found a text that is no token of the namespace 'default'",
                "expected ns_ZGVmYXVsdA_ and 64 hex digits in lower case; empty makes one");
  }
  std::optional<storage::Namespace> there = store.find_namespace(kDefault);
  if (!there) {
    const std::string used = token.empty() ? make_token(kDefault) : token;
    storage::Namespace row;
    row.id = kDefault;
    row.token_hash = sha256_hex(used);
    row.created_at = clock.now();
    if (store.create_namespace(row)) {
      observer.emit(Notice{Notice::Severity::info, "namespace default made",
                           token.empty() ? "its token, shown this once: " + used
                                         : "with the token of messages.token"});
      return;
    }
    // Another daemon was faster.
    there = store.find_namespace(kDefault);
  }
  if (!there) return;
  // The first write through the functions of message-db makes the namespace without a token.
  if (there->token_hash.empty()) {
    if (!token.empty()) {
      static_cast<void>(store.set_token(kDefault, sha256_hex(token)));
      return;
    }
    observer.emit(Notice{Notice::Severity::warn, "namespace default has no token",
                         "it was made by a write through the message-db functions: "
                         "`logctl namespaces rotate-token default` gives it one"});
    return;
  }
  if (token.empty() || there->token_hash == sha256_hex(token)) return;
  observer.emit(Notice{Notice::Severity::error,
                       "messages.token does not open the namespace default",
                       "it was made with another token, which stays in force: configure that one, "
                       "or make a new one with `logctl namespaces rotate-token default`"});
}

void ensure_any_namespace(storage::MessageStore& store, std::string_view id, const Clock& clock) {
  storage::Namespace row;
  row.id = id;
  row.created_at = clock.now();
  static_cast<void>(store.create_namespace(row));
}

}  // namespace logctl::messages

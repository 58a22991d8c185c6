// The hashes of the namespaces' tokens, as of the last second.
//
// A hash is believed for half a second; then whoever comes first looks it up again, and for another
// half a second the others go on with the old one. So a rotated token, or one of a deleted
// namespace, ends within a second in every daemon, and one look-up a second serves all requests of
// a namespace. Only namespaces that exist are kept: made-up ones take no memory. Thread-safe.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/message_store.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::messages {

// What is known of a token without asking the store.
enum class Known {
  valid,    // its namespace had it within the last second
  aging,    // its namespace had it, but that was some time ago: look it up
  other,    // its namespace had another one: it may be newer than that
  nothing,  // its namespace was not seen yet
};

class Tokens {
 public:
  explicit Tokens(storage::MessageStore& store) : store_(store) {}  // outlives it

  Known known(std::string_view name_space, std::string_view token_hash);
  // The hash of its token now. Blocks on the store. Nothing: there is no such namespace.
  std::optional<std::string> look_up(std::string_view name_space);
  // What this daemon itself has made or removed.
  void remember(std::string_view name_space, std::string_view token_hash);
  void forget(std::string_view name_space);

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Entry {
    std::string token_hash;
    Instant looked_up;
    Instant next_look;  // grows when somebody goes to look
  };
  void sweep(Instant now) REQUIRES_LOCK(mutex_);

  storage::MessageStore& store_;
  Mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_ GUARDED_BY(mutex_);
};

}  // namespace logctl::messages

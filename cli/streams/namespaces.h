// Namespaces of the store itself, or of a daemon over HTTP.
//
// One thread. Throws Error: not_found for a namespace that does not exist, conflict for one that
// does, unauthorized and forbidden for the key, unavailable when the store or the daemon is away.
#pragma once

#include "cli/context.h"
#include "shared/storage/message_store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace logctl::cli {

struct NewNamespace {
  std::string id;
  std::string description;
  std::string metadata;  // a JSON object or empty
  std::string token;     // empty: one is made
};

struct NamespaceToken {
  std::string token;
  Timestamp created_at{};
};

class Namespaces {
 public:
  virtual ~Namespaces() = default;
  virtual NamespaceToken create(const NewNamespace& row) = 0;
  // Newest first. A daemon's have no figures but the messages.
  virtual std::vector<storage::NamespaceFigures> list() = 0;
  virtual storage::NamespaceFigures info(const std::string& id) = 0;
  virtual std::int64_t remove(const std::string& id) = 0;  // the messages that went with it
  virtual NamespaceToken rotate_token(const std::string& id) = 0;
};

// `url` empty: the store; with `make_store` it is made when there is none.
std::unique_ptr<Namespaces> open_namespaces(Context& context, const std::string& url,
                                            bool make_store);
std::unique_ptr<Namespaces> open_store_namespaces(Context& context, bool make_store);
std::unique_ptr<Namespaces> open_remote_namespaces(Context& context, const std::string& url);

}  // namespace logctl::cli

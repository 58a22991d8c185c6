// Namespaces of the store itself.
#include "cli/streams/namespaces.h"
#include "cli/streams/source.h"
#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/messages/token.h"

#include <fmt/format.h>

namespace logctl::cli {
namespace {

class StoreNamespaces final : public Namespaces {
 public:
  StoreNamespaces(Context& context, bool make_store)
      : context_(context),
        store_(*(make_store ? context.migrated_backend() : context.existing_backend()).messages) {}

  NamespaceToken create(const NewNamespace& wanted) override {
    NamespaceToken made{wanted.token.empty() ? messages::make_token(wanted.id) : wanted.token,
                        context_.clock().now()};
    storage::Namespace row;
    row.id = wanted.id;
    row.token_hash = sha256_hex(made.token);
    row.description = wanted.description;
    row.metadata = wanted.metadata;
    row.created_at = made.created_at;
    if (!store_.create_namespace(row)) {
      throw Error(
          ErrorCode::conflict, fmt::format("namespace '{}' is there already", wanted.id),
          fmt::format("`logctl namespaces rotate-token {}` gives it another token", wanted.id));
    }
    return made;
  }

  std::vector<storage::NamespaceFigures> list() override { return store_.namespaces(); }

  storage::NamespaceFigures info(const std::string& id) override {
    auto figures = store_.namespace_figures(id);
    if (!figures) throw no_namespace(id);
    return std::move(*figures);
  }

  std::int64_t remove(const std::string& id) override {
    const auto messages = store_.delete_namespace(id);
    if (!messages) throw no_namespace(id);
    return *messages;
  }

  NamespaceToken rotate_token(const std::string& id) override {
    NamespaceToken made{messages::make_token(id), context_.clock().now()};
    if (!store_.set_token(id, sha256_hex(made.token))) throw no_namespace(id);
    return made;
  }

 private:
  Context& context_;
  storage::MessageStore& store_;
};

}  // namespace

std::unique_ptr<Namespaces> open_store_namespaces(Context& context, bool make_store) {
  return std::make_unique<StoreNamespaces>(context, make_store);
}

std::unique_ptr<Namespaces> open_namespaces(Context& context, const std::string& url,
                                            bool make_store) {
  if (url.empty()) return open_store_namespaces(context, make_store);
  return open_remote_namespaces(context, url);
}

}  // namespace logctl::cli

// The keys and messages in memory, which other tests stand on, held to the same promises as the
// real stores.
#include "shared/storage/memory/message_store.h"
#include "tests/conformance/empty_store.h"
#include "tests/support/fake_keys.h"

#include <utility>
#include <vector>

namespace logctl::test {
namespace {

// Remembers which steps it was given; there is no schema to change.
class NoSchema final : public storage::SchemaStore {
 public:
  std::string_view migration_set() const override { return "sqlite"; }
  std::vector<storage::LedgerRow> ledger() override { return rows_; }
  std::optional<storage::JournalRow> journal() override { return std::nullopt; }
  std::vector<storage::SchemaObject> objects() override { return {}; }
  std::vector<storage::SchemaObject> objects_of(std::span<const std::string_view>) override {
    return {};
  }
  std::optional<std::uint64_t> rows_of(std::string_view, std::uint64_t) override {
    return std::nullopt;
  }
  std::optional<storage::LockHolder> lock_holder() override { return std::nullopt; }
  std::unique_ptr<Lock> lock(microseconds) override { return std::make_unique<Held>(rows_); }

 private:
  class Held final : public Lock {
   public:
    explicit Held(std::vector<storage::LedgerRow>& rows) : rows_(rows) {}
    void apply(std::string_view, const storage::LedgerRow& row) override { rows_.push_back(row); }
    void revert(std::string_view, std::int64_t, std::string_view) override { rows_.pop_back(); }
    void execute(std::string_view) override {}
    void begin(const storage::JournalRow&) override {}
    void end(std::int64_t, const std::optional<storage::LedgerRow>& row) override {
      if (row) rows_.push_back(*row);
    }
    void record(std::span<const storage::LedgerRow> rows) override {
      rows_.assign(rows.begin(), rows.end());
    }

   private:
    std::vector<storage::LedgerRow>& rows_;
  };
  std::vector<storage::LedgerRow> rows_;
};

// Another instance of the same keys.
class SharedKeys final : public storage::KeyStore {
 public:
  explicit SharedKeys(std::shared_ptr<FakeKeys> keys) : keys_(std::move(keys)) {}
  void insert(const storage::KeyRow& key) override { keys_->insert(key); }
  std::vector<storage::KeyRow> list() override { return keys_->list(); }
  bool revoke(std::string_view id, Timestamp when) override { return keys_->revoke(id, when); }
  bool retire(std::string_view id, Timestamp ends, std::string_view by) override {
    return keys_->retire(id, ends, by);
  }
  bool set_limits(std::string_view id, const storage::KeyLimits& limits) override {
    return keys_->set_limits(id, limits);
  }
  std::size_t remove(std::span<const std::string> ids) override { return keys_->remove(ids); }
  void record_use(std::span<const storage::KeyUse> uses) override { keys_->record_use(uses); }
  std::string version() override { return keys_->version(); }

 private:
  const std::shared_ptr<FakeKeys> keys_;
};

}  // namespace

struct EmptyStore::Impl {
  std::shared_ptr<FakeKeys> keys = std::make_shared<FakeKeys>();
  std::shared_ptr<storage::memory::MessageData> messages = storage::memory::make_message_data();
};

EmptyStore::EmptyStore() : impl_(std::make_unique<Impl>()) {}
EmptyStore::~EmptyStore() = default;

void EmptyStore::execute(const std::string&) {}  // there are no records

storage::Backend EmptyStore::open(const config::Config&, const Clock&) {
  storage::Backend backend;
  backend.kind = "memory";
  backend.schema = std::make_unique<NoSchema>();
  backend.keys = std::make_unique<SharedKeys>(impl_->keys);
  backend.messages = storage::memory::open_messages(impl_->messages);
  backend.message_news = [data = impl_->messages] {
    return storage::memory::listen_to_messages(data);
  };
  return backend;
}

}  // namespace logctl::test

// A store of messages in memory that tests can hold, break and look at.
#pragma once

#include "shared/base/error.h"
#include "shared/base/mutex.h"
#include "shared/storage/memory/message_store.h"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace logctl::test {

// Thread-safe. Everything but what is overridden here goes to a store in memory.
class ScriptedMessages : public storage::MessageStore {
 public:
  ScriptedMessages() : data_(storage::memory::make_message_data()), inner_(open()) {}

  // Another store on the same messages: another daemon.
  std::unique_ptr<storage::MessageStore> open() const {
    return storage::memory::open_messages(data_);
  }
  std::unique_ptr<storage::MessageNews> listen() const {
    return storage::memory::listen_to_messages(data_);
  }
  void make_namespace(const std::string& id, const std::string& hash = "hash") {
    storage::Namespace row;
    row.id = id;
    row.token_hash = hash;
    inner_->create_namespace(row);
  }

  // While held, write() waits.
  void hold() {
    const Lock lock(mutex_);
    held_ = true;
  }
  void release() {
    {
      const Lock lock(mutex_);
      held_ = false;
    }
    changed_.notify_all();
  }
  void wait_for_writes(std::size_t calls) {
    mutex_.lock();
    while (sizes_.size() < calls) changed_.wait(mutex_);
    mutex_.unlock();
  }
  std::vector<std::size_t> write_sizes() const {
    const Lock lock(mutex_);
    return sizes_;
  }
  // Asked before every write; may throw.
  void set_trap(std::function<void(std::span<const storage::MessageWrite>)> trap) {
    const Lock lock(mutex_);
    trap_ = std::move(trap);
  }
  // Called after every read of pokes, before its caller has them.
  void set_after_pokes(std::function<void()> after) {
    const Lock lock(mutex_);
    after_pokes_ = std::move(after);
  }
  std::size_t poke_reads() const {
    const Lock lock(mutex_);
    return poke_reads_;
  }
  // Namespaces that another transaction holds: writes to them are answered `busy`.
  void set_busy(std::set<std::string, std::less<>> namespaces) {
    const Lock lock(mutex_);
    busy_ = std::move(namespaces);
  }
  std::size_t look_ups() const {
    const Lock lock(mutex_);
    return look_ups_;
  }

  std::vector<storage::WriteResult> write(std::span<const storage::MessageWrite> writes,
                                          storage::MessageTime now) override {
    std::function<void(std::span<const storage::MessageWrite>)> trap;
    std::set<std::string, std::less<>> busy;
    mutex_.lock();
    sizes_.push_back(writes.size());
    changed_.notify_all();
    while (held_) changed_.wait(mutex_);
    trap = trap_;
    busy = busy_;
    mutex_.unlock();
    if (trap) trap(writes);
    std::vector<storage::MessageWrite> free;
    for (const auto& write : writes) {
      if (!busy.contains(write.name_space)) free.push_back(write);
    }
    const std::vector<storage::WriteResult> answers = inner_->write(free, now);
    std::vector<storage::WriteResult> results;
    auto answer = answers.begin();
    for (const auto& write : writes) {
      const bool held = busy.contains(write.name_space);
      results.push_back(held ? storage::WriteResult{.kind = storage::WriteResult::Kind::busy}
                             : *answer++);
    }
    return results;
  }
  std::optional<storage::Namespace> find_namespace(std::string_view id) override {
    {
      const Lock lock(mutex_);
      ++look_ups_;
    }
    return inner_->find_namespace(id);
  }

  storage::MessagePage read_stream(const storage::StreamRead& read) override {
    return inner_->read_stream(read);
  }
  storage::MessagePage read_category(const storage::CategoryRead& read) override {
    return inner_->read_category(read);
  }
  std::optional<storage::Message> last(std::string_view ns, std::string_view stream,
                                       std::string_view type) override {
    return inner_->last(ns, stream, type);
  }
  std::optional<std::int64_t> version(std::string_view ns, std::string_view stream) override {
    return inner_->version(ns, stream);
  }
  std::vector<storage::Poke> pokes(std::string_view ns, std::int64_t from,
                                   std::size_t limit) override {
    std::vector<storage::Poke> found = inner_->pokes(ns, from, limit);
    std::function<void()> after;
    {
      const Lock lock(mutex_);
      ++poke_reads_;
      after = after_pokes_;
    }
    if (after) after();
    return found;
  }
  std::vector<storage::StreamFigures> streams(std::string_view ns, std::string_view prefix,
                                              std::string_view after, std::size_t limit) override {
    return inner_->streams(ns, prefix, after, limit);
  }
  std::vector<storage::CategoryFigures> categories(std::string_view ns) override {
    return inner_->categories(ns);
  }
  bool create_namespace(const storage::Namespace& row) override {
    return inner_->create_namespace(row);
  }
  std::optional<std::int64_t> delete_namespace(std::string_view id) override {
    return inner_->delete_namespace(id);
  }
  bool set_token(std::string_view id, std::string_view hash) override {
    return inner_->set_token(id, hash);
  }
  std::optional<storage::NamespaceFigures> namespace_figures(std::string_view id) override {
    return inner_->namespace_figures(id);
  }
  std::vector<storage::NamespaceFigures> namespaces() override { return inner_->namespaces(); }
  std::size_t import(std::string_view ns, std::span<const storage::Message> messages,
                     bool skip_same) override {
    return inner_->import(ns, messages, skip_same);
  }
  std::int64_t clear(std::string_view ns) override { return inner_->clear(ns); }
  storage::MessageAudit verify(std::string_view ns, const Progress& at) override {
    return inner_->verify(ns, at);
  }

 private:
  const std::shared_ptr<storage::memory::MessageData> data_;
  const std::unique_ptr<storage::MessageStore> inner_;
  mutable Mutex mutex_;
  Condition changed_;
  bool held_ GUARDED_BY(mutex_) = false;
  std::vector<std::size_t> sizes_ GUARDED_BY(mutex_);
  std::function<void(std::span<const storage::MessageWrite>)> trap_ GUARDED_BY(mutex_);
  std::function<void()> after_pokes_ GUARDED_BY(mutex_);
  std::size_t poke_reads_ GUARDED_BY(mutex_) = 0;
  std::set<std::string, std::less<>> busy_ GUARDED_BY(mutex_);
  std::size_t look_ups_ GUARDED_BY(mutex_) = 0;
};

}  // namespace logctl::test

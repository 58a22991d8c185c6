// A file system in memory that loses what was not synced when the power goes, and that fails the
// n-th operation on request. Thread-safe.
//
// After a power cut each 512-byte sector written since the file's last sync is there or not, by
// chance; of the creations, renames and removals since the directory's last sync the first few
// are. Real disks do no worse.
#pragma once

#include "shared/base/file_system.h"
#include "shared/base/mutex.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace logctl::test {

class FaultFileSystem final : public FileSystem {
 public:
  // Everything that changes something counts as one operation.
  std::size_t operations() const {
    Lock lock(mutex_);
    return operations_;
  }
  // The n-th operation from now on (0: the next) fails with `code`; a write has put down its first
  // half by then. With `from_then_on` all later ones fail as well: a read-only remount.
  void fail_at(std::size_t n, ErrorCode code, bool from_then_on = false) {
    Lock lock(mutex_);
    fail_from_ = operations_ + n;
    fail_code_ = code;
    fail_all_ = from_then_on;
  }
  // The n-th operation from now on and all later ones do not happen: the machine is dead.
  void die_at(std::size_t n) { fail_at(n, ErrorCode::internal, true); }
  void heal() {
    Lock lock(mutex_);
    fail_from_.reset();
  }
  void set_free_bytes(std::uint64_t bytes) {
    Lock lock(mutex_);
    free_bytes_ = bytes;
  }

  // Forgets what was not synced. Objects that are still open must not be used any more.
  void power_cut(std::uint32_t seed) {
    Lock lock(mutex_);
    std::mt19937 random(seed);
    const std::size_t kept = random() % (entry_changes_.size() + 1);
    entries_ = durable_entries_;
    for (std::size_t i = 0; i < kept; ++i) entry_changes_[i](entries_);
    entry_changes_.clear();
    durable_entries_ = entries_;
    for (const auto& [path, node] : entries_) node->lose_unsynced(random);
    fail_from_.reset();
    locked_.clear();
  }

  // Whether a power cut would leave all of the file's content.
  bool synced(const std::filesystem::path& path) const {
    Lock lock(mutex_);
    return entries_.at(path)->synced == entries_.at(path)->data;
  }

  // For looking at and damaging files behind everybody's back.
  std::string content(const std::filesystem::path& path) const {
    Lock lock(mutex_);
    return entries_.at(path)->data;
  }
  void put(const std::filesystem::path& path, std::string data) {
    Lock lock(mutex_);
    auto node = std::make_shared<Node>();
    node->data = node->synced = std::move(data);
    entries_[path] = durable_entries_[path] = node;
  }
  bool exists(const std::filesystem::path& path) const {
    Lock lock(mutex_);
    return entries_.contains(path);
  }

  std::unique_ptr<RandomFile> open_read(const std::filesystem::path& path) override {
    Lock lock(mutex_);
    return std::make_unique<OpenFile>(*this, find(path));
  }
  std::unique_ptr<RandomFile> open_read_write(const std::filesystem::path& path) override {
    return open_read(path);
  }
  std::unique_ptr<RandomFile> create(const std::filesystem::path& path, unsigned) override {
    Lock lock(mutex_);
    operation();
    if (!entries_.contains(path)) {
      change_entries([path, node = std::make_shared<Node>()](Entries& e) { e[path] = node; });
    }
    entries_[path]->resize(0);
    return std::make_unique<OpenFile>(*this, entries_[path]);
  }
  void rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
    Lock lock(mutex_);
    operation();
    (void)find(from);
    change_entries([from, to](Entries& e) {
      e[to] = e.at(from);
      e.erase(from);
    });
  }
  bool remove(const std::filesystem::path& path) override {
    Lock lock(mutex_);
    if (!entries_.contains(path)) return false;
    operation();
    change_entries([path](Entries& e) { e.erase(path); });
    return true;
  }
  std::vector<std::string> list(const std::filesystem::path& directory) override {
    Lock lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [path, node] : entries_) {
      if (path.parent_path() == directory) names.push_back(path.filename().string());
    }
    return names;
  }
  void make_directories(const std::filesystem::path&, unsigned) override {}
  void sync_directory(const std::filesystem::path& directory) override {
    Lock lock(mutex_);
    operation();
    (void)directory;  // the spool's subdirectory holds nothing that must not be lost
    durable_entries_ = entries_;
    entry_changes_.clear();
  }
  std::uint64_t free_bytes(const std::filesystem::path&) override {
    Lock lock(mutex_);
    return free_bytes_;
  }
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& path) override {
    Lock lock(mutex_);
    if (!locked_.insert(path).second) return nullptr;
    return std::make_unique<HeldLock>(*this, path);
  }

 private:
  struct Node {
    struct Write {
      std::uint64_t offset;
      std::string data;
    };
    std::string data;
    std::string synced;
    std::vector<Write> unsynced;

    void resize(std::uint64_t size) {
      data.resize(size);
      unsynced.clear();  // the simple case only: what was written before is not told apart
      if (synced.size() > size) pending_size = size;
    }
    void write(std::uint64_t offset, std::string_view bytes) {
      if (data.size() < offset + bytes.size()) data.resize(offset + bytes.size());
      data.replace(offset, bytes.size(), bytes);
      unsynced.push_back({offset, std::string(bytes)});
    }
    void sync() {
      synced = data;
      unsynced.clear();
      pending_size.reset();
    }
    void lose_unsynced(std::mt19937& random) {
      if (pending_size && random() % 2 == 0) synced.resize(*pending_size);
      for (const Write& write : unsynced) {
        for (std::size_t i = 0; i < write.data.size();) {
          const std::uint64_t at = write.offset + i;
          const std::size_t size = std::min<std::uint64_t>(512 - at % 512, write.data.size() - i);
          if (random() % 2 == 0) {
            if (synced.size() < at + size) synced.resize(at + size);
            synced.replace(at, size, write.data, i, size);
          }
          i += size;
        }
      }
      data = synced;
      unsynced.clear();
      pending_size.reset();
    }
    std::optional<std::uint64_t> pending_size;
  };
  using Entries = std::map<std::filesystem::path, std::shared_ptr<Node>>;

  class OpenFile final : public RandomFile {
   public:
    OpenFile(FaultFileSystem& files, std::shared_ptr<Node> node)
        : files_(files), node_(std::move(node)) {}
    std::size_t read_at(std::uint64_t offset, std::span<char> out) const override {
      Lock lock(files_.mutex_);
      if (offset >= node_->data.size()) return 0;
      return node_->data.copy(out.data(), out.size(), offset);
    }
    void write_at(std::uint64_t offset, std::span<const std::string_view> parts) override {
      std::string all;
      for (const std::string_view part : parts) all += part;
      Lock lock(files_.mutex_);
      try {
        files_.operation();
      } catch (const Error&) {
        // Of a write that fails, or during which the machine dies, half is there.
        if (files_.operations_ - 1 == files_.fail_from_) {
          node_->write(offset, std::string_view(all).substr(0, all.size() / 2));
        }
        throw;
      }
      node_->write(offset, all);
    }
    void allocate(std::uint64_t size) override {
      Lock lock(files_.mutex_);
      files_.operation();
      if (node_->data.size() < size) node_->data.resize(size);
    }
    void truncate(std::uint64_t size) override {
      Lock lock(files_.mutex_);
      files_.operation();
      node_->resize(size);
    }
    void sync() override {
      Lock lock(files_.mutex_);
      files_.operation();
      node_->sync();
    }
    std::uint64_t size() const override {
      Lock lock(files_.mutex_);
      return node_->data.size();
    }

   private:
    FaultFileSystem& files_;
    std::shared_ptr<Node> node_;
  };

  class HeldLock final : public FileLock {
   public:
    HeldLock(FaultFileSystem& files, std::filesystem::path path)
        : files_(files), path_(std::move(path)) {}
    ~HeldLock() override {
      Lock lock(files_.mutex_);
      files_.locked_.erase(path_);
    }

   private:
    FaultFileSystem& files_;
    std::filesystem::path path_;
  };

  void operation() REQUIRES_LOCK(mutex_) {
    const std::size_t n = operations_++;
    if (fail_from_ && (n == *fail_from_ || (fail_all_ && n > *fail_from_))) {
      throw Error(fail_code_, "injected fault");
    }
  }
  std::shared_ptr<Node> find(const std::filesystem::path& path) const REQUIRES_LOCK(mutex_) {
    const auto it = entries_.find(path);
    if (it == entries_.end()) throw Error(ErrorCode::not_found, "no file " + path.string());
    return it->second;
  }
  void change_entries(std::function<void(Entries&)> change) REQUIRES_LOCK(mutex_) {
    change(entries_);
    entry_changes_.push_back(std::move(change));
  }

  mutable Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);
  Entries durable_entries_ GUARDED_BY(mutex_);
  std::vector<std::function<void(Entries&)>> entry_changes_ GUARDED_BY(mutex_);
  std::set<std::filesystem::path> locked_ GUARDED_BY(mutex_);
  std::size_t operations_ GUARDED_BY(mutex_) = 0;
  std::optional<std::size_t> fail_from_ GUARDED_BY(mutex_);
  ErrorCode fail_code_ GUARDED_BY(mutex_) = ErrorCode::io;
  bool fail_all_ GUARDED_BY(mutex_) = false;
  std::uint64_t free_bytes_ GUARDED_BY(mutex_) = 1ULL << 40;
};

}  // namespace logctl::test

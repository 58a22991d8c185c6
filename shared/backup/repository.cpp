#include "shared/backup/repository.h"

#include "shared/backup/id.h"
#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/base/ownership.h"
#include "shared/base/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace logctl::backup {
namespace {

constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kSums = "manifest.sha256";
constexpr std::string_view kMac = "manifest.mac";
constexpr unsigned kDirectoryMode = 0750;
constexpr unsigned kFileMode = 0640;

void write_synced(const std::filesystem::path& path, std::string_view text) {
  File file = File::create(path, kFileMode);
  file.write_all(text);
  file.sync();
  file.close();
}

void remove_tree(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::remove_all(path, failed);
  if (failed) {
    throw Error(ErrorCode::io,
                fmt::format("remove '{}': {}", path.string(), errno_text(failed.value())));
  }
}

bool try_flock(const File& file, int mode) {
  if (::flock(file.fd(), mode | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw Error(ErrorCode::io, fmt::format("lock '{}': {}", file.path().string(), errno_text(errno)));
}

std::string sum_line(std::string_view text, std::string_view name) {
  return fmt::format("{}  {}\n", sha256_hex(text), name);
}

Error damaged(const std::string& id, std::string_view what) {
  return Error(ErrorCode::drift, fmt::format("backup {}: {}", id, what));
}

}  // namespace

Repository::Repository(std::filesystem::path directory, std::optional<Key> key)
    : directory_(std::move(directory)), key_(std::move(key)) {}

void Repository::create() const {
  FileSystem& files = real_file_system();
  std::error_code unknown;
  const bool there = std::filesystem::exists(directory_, unknown) || unknown;
  for (const char* name : {"days", "backups", "incoming"}) {
    files.make_directories(directory_ / name, kDirectoryMode);
  }
  if (!there) give_to_owner_of(directory_.parent_path(), directory_);
  // Readers only look for it: they may not be able to write here.
  File::open_append(directory_ / "reading.lock", kFileMode).close();
}

File Repository::lock(std::string_view purpose) const {
  const std::filesystem::path path = directory_ / "lock";
  File file = File::open_append(path, kFileMode);
  if (!try_flock(file, LOCK_EX)) {
    std::string holder = read_file(path);
    if (holder.empty()) holder = "another process";
    throw Error(ErrorCode::locked, fmt::format("'{}' is in use by {}", directory_.string(), holder),
                "wait for it to end, or end it");
  }
  file.truncate(0);
  file.write_all(fmt::format("process {} ({})", ::getpid(), purpose));
  return file;
}

File Repository::lock_for_reading() const {
  try {
    File file = File::open_read(directory_ / "reading.lock");
    if (try_flock(file, LOCK_SH)) return file;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return {};
    throw;
  }
  throw Error(ErrorCode::locked, fmt::format("'{}' is being pruned", directory_.string()),
              "try again in a moment");
}

File Repository::lock_against_readers() const {
  File file = File::open_append(directory_ / "reading.lock", kFileMode);
  if (try_flock(file, LOCK_EX)) return file;
  throw Error(ErrorCode::locked,
              fmt::format("'{}' is being read by a drill, a verification or a restore",
                          directory_.string()),
              "wait for it to end");
}

std::vector<std::string> Repository::ids() const {
  return real_file_system().list(directory_ / "backups");
}

std::optional<std::string> Repository::newest() const {
  const std::vector<std::string> all = ids();
  const auto found = std::find_if(all.rbegin(), all.rend(),
                                  [](const std::string& id) { return time_of_id(id).has_value(); });
  return found == all.rend() ? std::nullopt : std::optional(*found);
}

std::string Repository::resolve(const std::string& id) const {
  const std::vector<std::string> all = ids();
  if (id != "latest" && std::binary_search(all.begin(), all.end(), id)) return id;
  const std::optional<std::string> last = newest();
  if (!last) {
    throw Error(ErrorCode::not_found,
                fmt::format("there is no backup in '{}'", directory_.string()),
                "`logctl backup create` makes one; backup.dir says where");
  }
  if (id == "latest") return *last;
  throw Error(ErrorCode::not_found,
              fmt::format("there is no backup '{}' in '{}'", id, directory_.string()),
              fmt::format("the newest is {}; `logctl backup list` shows all", *last));
}

Manifest Repository::read(const std::string& id) const {
  const std::filesystem::path home = backup(id);
  const auto text_of = [&](std::string_view name) {
    try {
      return read_file(home / name);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      throw damaged(id, fmt::format("{} is missing", name));
    }
  };
  const std::string text = text_of(kManifest);
  const std::string sums = text_of(kSums);
  const bool has_mac = std::filesystem::exists(home / kMac);
  const std::string mac = has_mac ? text_of(kMac) : std::string();
  if (!sums.starts_with(sum_line(text, kManifest))) {
    throw damaged(id, fmt::format("{} and {} do not match", kManifest, kSums));
  }
  if (sums != sum_line(text, kManifest) + (has_mac ? sum_line(mac, kMac) : "")) {
    throw damaged(id, fmt::format("{} and {} do not match", kMac, kSums));
  }
  Manifest manifest;
  try {
    manifest = parse_manifest(text);
  } catch (const Error& error) {
    throw error.within(fmt::format("backup {}", id));
  }
  if (manifest.id != id) throw damaged(id, fmt::format("its manifest is that of {}", manifest.id));
  if (key_ && !manifest.key_id.empty() && key_->id() == manifest.key_id &&
      mac != key_->mac(text) + "\n") {
    throw damaged(id, fmt::format("{} was not written by the holder of the key", kManifest));
  }
  return manifest;
}

const Key* Repository::key_for(const Manifest& manifest) const {
  if (manifest.key_id.empty()) return nullptr;
  if (key_ && key_->id() == manifest.key_id) return &*key_;
  throw Error(
      ErrorCode::config,
      fmt::format("backup {} is encrypted with key {}, and {}", manifest.id, manifest.key_id,
                  key_ ? fmt::format("backup.key_file holds key {}", key_->id())
                       : std::string("no backup.key_file is set")),
      "set backup.key_file to the file that it was made with");
}

void Repository::commit(const Manifest& manifest) const {
  const std::filesystem::path home = incoming(manifest.id);
  const std::string text = to_json(manifest);
  std::string sums = sum_line(text, kManifest);
  write_synced(home / kManifest, text);
  if (key_) {
    const std::string mac = key_->mac(text) + "\n";
    write_synced(home / kMac, mac);
    sums += sum_line(mac, kMac);
  }
  write_synced(home / kSums, sums);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home)) {
    if (entry.is_directory()) sync_directory(entry.path());
  }
  sync_directory(home);
  sync_directory(days());
  real_file_system().rename(home, backup(manifest.id));
  sync_directory(directory_ / "backups");
  sync_directory(directory_ / "incoming");
}

void Repository::remove(const std::string& id) const {
  const std::filesystem::path dead = incoming(id + ".removed");
  real_file_system().rename(backup(id), dead);
  sync_directory(directory_ / "backups");
  remove_tree(dead);
}

std::vector<std::string> Repository::unused_days(const std::vector<Manifest>& kept) const {
  std::set<std::string> used;
  for (const Manifest& manifest : kept) {
    for (const FileEntry* file : manifest.all_files()) used.insert(file->path);
  }
  std::vector<std::string> unused;
  for (const std::string& name : real_file_system().list(days())) {
    if (!used.contains("days/" + name)) unused.push_back("days/" + name);
  }
  return unused;
}

Repository::Swept Repository::sweep() const {
  Swept swept;
  for (const std::string& name : real_file_system().list(directory_ / "incoming")) {
    remove_tree(incoming(name));
    swept.dead.push_back(name);
  }
  std::vector<Manifest> kept;
  for (const std::string& id : ids()) {
    try {
      kept.push_back(read(id));
    } catch (const Error& error) {
      swept.blocked_by = id;
      return swept;
    }
  }
  for (const std::string& name : unused_days(kept)) {
    std::error_code none;
    const auto size = std::filesystem::file_size(at(name), none);
    if (real_file_system().remove(at(name)) && !none) swept.bytes += size;
    swept.files.push_back(name);
  }
  return swept;
}

}  // namespace logctl::backup

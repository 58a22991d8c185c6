#include "shared/backup/sqlite_place.h"

#include "shared/backup/parallel.h"
#include "shared/backup/sqlite_cut.h"
#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/base/time_text.h"
#include "shared/storage/sqlite/open.h"
#include "shared/storage/sqlite/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace logctl::backup {
namespace {

using storage::sqlite::Connection;
using storage::sqlite::Day;
using storage::sqlite::Directory;
using storage::sqlite::Mode;

constexpr milliseconds kPatience = seconds(5);
constexpr std::string_view kMeta = "meta.sqlite";
constexpr std::string_view kRecords = "logs";
// Times of files are no finer than a tick of the kernel, or two seconds on some file systems.
constexpr std::chrono::seconds kCoarse(2);

std::chrono::nanoseconds nanoseconds_of(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

bool has_log(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file.string() + "-wal", none);
  return !none && size > 0;
}

// What changes whenever the file does; empty when changes may be in the write-ahead log.
std::string stamp_of(const std::filesystem::path& file) {
  struct stat info {};
  if (has_log(file) || ::stat(file.c_str(), &info) != 0) return {};
  return fmt::format("{}:{}:{}:{}", info.st_ino, info.st_size, nanoseconds_of(info.st_mtim).count(),
                     nanoseconds_of(info.st_ctim).count());
}

// Waits until a change of the file would give it another time than it has now.
void settle(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto until = std::max(nanoseconds_of(info.st_mtim), nanoseconds_of(info.st_ctim)) + kCoarse;
  if (until > now && until <= now + kCoarse) std::this_thread::sleep_for(until - now);
}

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

// Of every table but `logs`.
storage::ContentHash side_hash(Connection& connection) {
  storage::ContentHash sum;
  for (const std::string& table : storage::sqlite::table_names(connection)) {
    if (table == kRecords) continue;
    const auto columns = storage::sqlite::column_names(connection, table);
    sum.add(storage::sqlite::digest_table(connection, table, columns).hash);
  }
  return sum;
}

struct FoundDay {
  std::vector<std::string> columns;
  storage::TableDigest digest;
  storage::ContentHash side;
};

// `columns` none: those that the file has.
FoundDay read_day(const std::filesystem::path& file, std::vector<std::string> columns) {
  Connection connection(file, Mode::read_write, kPatience);
  FoundDay found;
  found.columns =
      columns.empty() ? storage::sqlite::column_names(connection, kRecords) : std::move(columns);
  // A file that was made in the moment of the copy has no table yet.
  if (found.columns.empty()) return found;
  found.digest = storage::sqlite::digest_table(connection, std::string(kRecords), found.columns);
  found.side = side_hash(connection);
  return found;
}

Error damaged_copy(const std::filesystem::path& file, const Error& error) {
  return error.within(fmt::format("read the copy of '{}'", file.string()));
}

}  // namespace

void SqlitePlace::save_meta(const Workshop& workshop, Manifest& manifest) const {
  const std::filesystem::path copy = workshop.scratch(std::string(kMeta));
  storage::sqlite::copy_database(directory_.meta_file(), copy);
  {
    Connection connection(copy, Mode::read_write, kPatience);
    for (const std::string& name : storage::sqlite::table_names(connection)) {
      const auto columns = storage::sqlite::column_names(connection, name);
      const auto digest = storage::sqlite::digest_table(connection, name, columns);
      manifest.tables.push_back({name, digest.rows, digest.hash, columns});
    }
    manifest.schema_version =
        connection.scalar("SELECT coalesce(max(version), 0) FROM schema_migrations");
    require_known_schema(manifest.schema_version, "sqlite");
    storage::sqlite::Statement version = connection.prepare("SELECT sqlite_version()");
    if (version.step()) manifest.server = fmt::format("SQLite {}", version.text(0));
  }
  manifest.files.push_back(workshop.pack_own_file(std::string(kMeta), copy));
}

Partition SqlitePlace::save_day(const Workshop& workshop, Day day) const {
  const std::filesystem::path file = directory_.day_file(day);
  const std::string name = format_day(day);
  const bool closed = is_closed(day, workshop.now());
  if (closed) settle(file);
  const std::string before = stamp_of(file);
  const std::filesystem::path copy = workshop.scratch(name + ".sqlite");
  storage::sqlite::copy_database(file, copy);

  Partition partition;
  partition.name = name;
  // Two passes over the private copy, side by side. Reading it as a database changes nothing in it.
  auto reading = std::async(std::launch::async, [&copy] { return read_day(copy, {}); });
  partition.file = closed ? workshop.pack_day(name, 0, content_of(copy))
                          : workshop.pack_own_file("days/" + name, copy);
  try {
    FoundDay found = reading.get();
    partition.columns = std::move(found.columns);
    partition.digest = found.digest;
    partition.side = found.side;
  } catch (const Error& error) {
    throw damaged_copy(file, error);
  }
  if (closed && !before.empty() && stamp_of(file) == before) partition.stamp = before;
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(copy.string() + suffix, ignored);
  }
  return partition;
}

std::vector<PlannedDay> SqlitePlace::plan(const EarlierBackups& earlier, Timestamp now) {
  std::vector<PlannedDay> days;
  for (const Day day : directory_.days()) {
    const std::filesystem::path file = directory_.day_file(day);
    PlannedDay& planned = days.emplace_back();
    planned.name = format_day(day);
    planned.bytes = size_of(file);
    if (is_closed(day, now)) planned.earlier = earlier.find(planned.name, stamp_of(file));
  }
  return days;
}

void SqlitePlace::save(const Workshop& workshop, Manifest& manifest) {
  if (!std::filesystem::exists(directory_.meta_file())) {
    throw Error(ErrorCode::not_found, fmt::format("there is no store in '{}'", shown()),
                "storage.data_dir or database.url says where it is");
  }
  std::vector<Day> changed;
  std::uint64_t bytes = 0;
  std::uint64_t largest = size_of(directory_.meta_file());
  for (const PlannedDay& day : plan(workshop.earlier(), workshop.now())) {
    if (day.earlier != nullptr) {
      manifest.partitions.push_back(*day.earlier);
      manifest.partitions.back().reused = true;
      continue;
    }
    changed.push_back(*parse_day(day.name));
    bytes += day.bytes;
    largest = std::max(largest, day.bytes);
  }
  workshop.require_space(bytes + size_of(directory_.meta_file()),
                         largest * workshop.settings().jobs);
  save_meta(workshop, manifest);

  std::vector<std::optional<Partition>> saved(changed.size());
  in_parallel(workshop.settings().jobs, changed.size(), [&] {
    return [&](std::size_t i) {
      try {
        saved[i] = save_day(workshop, changed[i]);
        workshop.note(fmt::format("{}: {} records", saved[i]->name, saved[i]->digest.rows));
      } catch (const Error& error) {
        // Retention was quicker. The copy of meta.sqlite is older, so it has no books of that day.
        if (error.code() != ErrorCode::not_found ||
            std::filesystem::exists(directory_.day_file(changed[i]))) {
          throw;
        }
      }
    };
  });
  for (auto& partition : saved) {
    if (partition) manifest.partitions.push_back(std::move(*partition));
  }
  workshop.clear_scratch();
}

std::string SqlitePlace::occupied(const Manifest&) {
  if (std::filesystem::exists(directory_.meta_file()) || !directory_.days().empty()) {
    return fmt::format("there is a store in '{}'", shown());
  }
  return {};
}

std::string SqlitePlace::aside(const Manifest& manifest) {
  std::filesystem::path aside = directory_.root() / ("before-" + manifest.id);
  for (int n = 2; std::filesystem::exists(aside); ++n) {
    aside = directory_.root() / fmt::format("before-{}.{}", manifest.id, n);
  }
  return aside.string();
}

std::string SqlitePlace::require_ready(const Manifest&, bool replaces) {
  const std::filesystem::path meta = directory_.meta_file();
  if (replaces && std::filesystem::exists(meta)) {
    try {
      storage::sqlite::require_unused(meta);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::locked) throw;
      throw Error(ErrorCode::conflict, fmt::format("'{}' is in use", meta.string()),
                  "stop the daemon and every other logctl first");
    }
  }
  const std::filesystem::path root = std::filesystem::absolute(directory_.root());
  std::filesystem::path there = root;
  while (there.has_relative_path() && !std::filesystem::exists(there)) there = there.parent_path();
  if (::access(there.c_str(), W_OK | X_OK) != 0) {
    throw Error(ErrorCode::io, fmt::format("write to '{}': {}", there.string(), errno_text(errno)),
                "run it as the user that the store belongs to");
  }
  return fmt::format("'{}' can be written to{}", there.string(),
                     replaces ? ", nobody uses the store" : "");
}

DiskNeed SqlitePlace::disk_need(const Manifest& manifest, const LoadSettings&) const {
  DiskNeed need;
  need.folder = directory_.root();
  for (const FileEntry* file : manifest.all_files()) need.bytes += file->raw_bytes;
  return need;
}

std::string SqlitePlace::set_aside(const Manifest& manifest) {
  require_ready(manifest, true);
  const std::filesystem::path aside = this->aside(manifest);
  FileSystem& files = real_file_system();
  files.make_directories(aside, 0750);
  // meta.sqlite goes first: without it there is no store here, whatever happens next.
  for (const std::string name : {"meta.sqlite", "meta.sqlite-wal", "meta.sqlite-shm", "logs"}) {
    if (std::filesystem::exists(directory_.root() / name)) {
      files.rename(directory_.root() / name, aside / name);
    }
  }
  sync_directory(aside);
  sync_directory(directory_.root());
  return aside.string();
}

std::filesystem::path SqlitePlace::file_of(const Manifest& manifest, const FileEntry& file) const {
  for (const Partition& partition : manifest.partitions) {
    if (&*partition.file != &file) continue;
    const auto day = parse_day(partition.name);
    if (!day) {
      throw Error(ErrorCode::drift, fmt::format("backup {}: partition '{}' is not a day",
                                                manifest.id, partition.name));
    }
    return directory_.day_file(*day);
  }
  return directory_.meta_file();
}

void SqlitePlace::load(const Repository& repository, const Manifest& manifest,
                       const LoadSettings& settings) {
  directory_.create();
  const Key* key = repository.key_for(manifest);
  const std::vector<const FileEntry*> files = manifest.all_files();
  // meta.sqlite last: until it is there, there is no store here.
  std::vector<const FileEntry*> days;
  for (const FileEntry* file : files) {
    if (file_of(manifest, *file) != directory_.meta_file()) days.push_back(file);
  }
  const auto place = [&](const FileEntry& file) {
    const std::filesystem::path target = file_of(manifest, file);
    storage::sqlite::create_file(target);
    unpack_to(repository.at(file.path), file, key, target);
  };
  in_parallel(settings.jobs, days.size(), [&] { return [&](std::size_t i) { place(*days[i]); }; });
  sync_directory(directory_.logs());
  for (const FileEntry* file : files) {
    if (file_of(manifest, *file) == directory_.meta_file()) place(*file);
  }
  sync_directory(directory_.root());
}

std::vector<Difference> SqlitePlace::compare(const Manifest& manifest, std::size_t jobs) {
  std::vector<std::vector<Difference>> found(manifest.partitions.size());
  in_parallel(jobs, manifest.partitions.size(), [&] {
    return [&](std::size_t i) {
      const Partition& partition = manifest.partitions[i];
      const std::filesystem::path file = file_of(manifest, *partition.file);
      if (!std::filesystem::exists(file)) {
        found[i].push_back({partition.name, "the day's file is missing"});
        return;
      }
      const FoundDay day = read_day(file, partition.columns);
      compare_digests(partition.name, partition.digest.rows, partition.digest.hash, day.digest,
                      found[i]);
      if (partition.side && *partition.side != day.side) {
        found[i].push_back({partition.name, "the tables beside the records differ"});
      }
    };
  });
  std::vector<Difference> differences;
  for (auto& list : found) differences.insert(differences.end(), list.begin(), list.end());
  Connection connection(directory_.meta_file(), Mode::read_write, kPatience);
  for (const Table& table : manifest.tables) {
    const auto digest = storage::sqlite::digest_table(connection, table.name, table.columns);
    compare_digests(table.name, table.rows, table.hash, digest, differences);
  }
  if (directory_.days().size() != manifest.partitions.size()) {
    differences.push_back(
        {"logs", fmt::format("{} days, the manifest has {}", directory_.days().size(),
                             manifest.partitions.size())});
  }
  return differences;
}

std::uint64_t SqlitePlace::cut_off(Timestamp until) { return cut_off_sqlite(directory_, until); }

storage::Backend SqlitePlace::open(const config::Config& config, const Clock& clock) {
  config::StoreTarget target;
  target.kind = config::StoreKind::sqlite;
  target.directory = directory_.root();
  return storage::sqlite::open_sqlite(config, target, clock, storage::Access::read_write);
}

SqlitePlace::~SqlitePlace() {
  if (!vanishes_) return;
  std::error_code ignored;
  std::filesystem::remove_all(directory_.root(), ignored);
}

std::unique_ptr<Place> SqlitePlace::scratch(const std::filesystem::path& folder) {
  auto place = std::make_unique<SqlitePlace>(folder);
  place->vanishes_ = true;
  return place;
}

}  // namespace logctl::backup

#include "shared/storage/sqlite/index_store.h"

#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/base/time_text.h"
#include "shared/storage/sqlite/index_builder.h"
#include "shared/storage/sqlite/index_file.h"
#include "shared/storage/sqlite/late_rows.h"
#include "shared/storage/sqlite/meta.h"
#include "shared/storage/sqlite/readers.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

std::filesystem::path lock_file(const Directory& directory) { return directory.indexes() / "lock"; }

// The file that it is to become, when it is one that is being written.
std::optional<std::filesystem::path> finished_name(const std::filesystem::path& file) {
  const std::string name = file.string();
  if (!name.ends_with(kUnfinished)) return std::nullopt;
  return name.substr(0, name.size() - kUnfinished.size());
}

bool carries(const std::filesystem::path& file, const std::string& token) {
  try {
    return IndexFile(file).token() == token;
  } catch (const Error&) {  // it has gone, or is damaged
    return false;
  }
}

std::string day_text(const std::optional<Day>& day) { return day ? format_day(*day) : ""; }

}  // namespace

std::vector<DayIndex> SqliteIndexStore::indexes() {
  Readers readers(directory_, 1);
  std::map<Day, std::optional<Marked>> marks;
  const auto mark_of = [&](Day day) -> const std::optional<Marked>& {
    const auto known = marks.find(day);
    if (known != marks.end()) return known->second;
    auto reader = readers.open(day, Deadline::max());
    return marks
        .emplace(day, reader ? read_mark(**reader, kLateRowsBehind) : std::optional<Marked>())
        .first->second;
  };
  std::map<std::pair<Day, std::string>, DayIndex> found;
  bool building = false;
  for (const std::filesystem::path& file : index_files(directory_)) {
    const auto unfinished = finished_name(file);
    const auto name = parse_index_file(unfinished ? *unfinished : file);
    if (!name || !identity_of(directory_.day_file(name->first))) continue;
    DayIndex& index = found[*name];
    index.day = name->first;
    index.field = name->second;
    std::error_code gone;
    const std::uintmax_t size = std::filesystem::file_size(file, gone);
    if (!gone) index.bytes += size;
    if (unfinished) {
      // Left behind by a run that was killed, unless somebody is at it.
      if (index.state == IndexState::valid) continue;
      building = building || !real_file_system().try_lock(lock_file(directory_));
      if (building) index.state = IndexState::building;
      continue;
    }
    const auto& mark = mark_of(name->first);
    if (!mark || !carries(file, mark->token)) continue;
    index.state = IndexState::valid;
    index.behind = mark->times.size() > kLateRowsBehind;
  }
  std::vector<DayIndex> result;
  for (auto& [name, index] : found) result.push_back(std::move(index));
  return result;
}

std::vector<IndexChoice> SqliteIndexStore::choices() {
  Connection meta = open_meta(directory_, Access::read_only);
  Statement select = meta.prepare("SELECT field, day, wanted FROM index_choices");
  std::vector<IndexChoice> choices;
  while (select.step()) {
    choices.push_back(
        {std::string(select.text(0)), parse_day(select.text(1)), select.integer(2) != 0});
  }
  return choices;
}

void SqliteIndexStore::choose(const IndexChoice& choice) {
  Connection meta = open_meta(directory_, access_);
  Transaction transaction(meta);
  if (!choice.day) {
    Statement forget = meta.prepare("DELETE FROM index_choices WHERE field = ?1");
    forget.bind(1, choice.field);
    forget.run();
  }
  Statement put = meta.prepare("INSERT OR REPLACE INTO index_choices VALUES (?1, ?2, ?3)");
  const std::string day = day_text(choice.day);
  put.bind(1, choice.field);
  put.bind(2, day);
  put.bind(3, std::int64_t{choice.wanted ? 1 : 0});
  put.run();
  transaction.commit();
}

class SqliteIndexStore::FilePass final : public Pass {
 public:
  FilePass(SqliteIndexStore& store, std::unique_ptr<FileLock> lock)
      : store_(store), lock_(std::move(lock)) {
    for (const std::filesystem::path& file : index_files(store_.directory_)) {
      const auto name = parse_index_file(file);
      const bool orphan = name && !identity_of(store_.directory_.day_file(name->first));
      if (orphan || finished_name(file)) remove(file);
    }
  }

  void build(Day day, std::span<const std::string> fields) override {
    build_indexes_of(store_.directory_, store_.clock_, day, fields, store_.stop_);
  }
  void drop(Day day, const std::string& field) override {
    remove(index_file(store_.directory_, day, field));
  }

 private:
  static void remove(const std::filesystem::path& file) {
    std::error_code failed;
    std::filesystem::remove(file, failed);
    if (failed) {
      throw Error(ErrorCode::io,
                  fmt::format("remove '{}': {}", file.string(), errno_text(failed.value())));
    }
  }

  SqliteIndexStore& store_;
  const std::unique_ptr<FileLock> lock_;
};

std::unique_ptr<IndexStore::Pass> SqliteIndexStore::try_pass() {
  if (access_ == Access::read_only) {
    throw Error(ErrorCode::storage,
                fmt::format("sqlite '{}': opened for reading only", directory_.root().string()));
  }
  directory_.create_indexes();
  // Made like the other files, so that the super user's tools leave one that the daemon can lock.
  create_file(lock_file(directory_));
  auto lock = real_file_system().try_lock(lock_file(directory_));
  if (!lock) return nullptr;
  return std::make_unique<FilePass>(*this, std::move(lock));
}

}  // namespace logctl::storage::sqlite

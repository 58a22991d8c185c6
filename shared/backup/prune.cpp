#include "shared/backup/prune.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <system_error>

namespace logctl::backup {
namespace {

std::string month_of(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()));
}

// The week belongs to the year that has its Thursday.
std::string week_of(std::chrono::sys_days day) {
  const std::chrono::weekday weekday(day);
  const std::chrono::sys_days thursday =
      day + (std::chrono::Thursday - weekday) -
      (weekday == std::chrono::Friday || weekday == std::chrono::Saturday ||
               weekday == std::chrono::Sunday
           ? std::chrono::days(7)
           : std::chrono::days(0));
  const std::chrono::year_month_day date(thursday);
  const auto first = std::chrono::sys_days(date.year() / std::chrono::January / 1);
  return fmt::format("{:04}-W{:02}", static_cast<int>(date.year()),
                     (thursday - first).count() / 7 + 1);
}

std::string day_name(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{}-{:02}", month_of(day), static_cast<unsigned>(date.day()));
}

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

// What the removal of these frees: files that no kept manifest names.
Pruned freed_by(const Repository& repository, const std::vector<Manifest>& gone,
                const std::vector<Manifest>& kept) {
  std::set<std::string> needed;
  for (const Manifest& manifest : kept) {
    for (const FileEntry* file : manifest.all_files()) needed.insert(file->path);
  }
  std::set<std::string> freed;
  for (const Manifest& manifest : gone) {
    for (const FileEntry* file : manifest.all_files()) {
      if (!needed.contains(file->path)) freed.insert(file->path);
    }
  }
  Pruned pruned;
  pruned.files = freed.size();
  for (const std::string& path : freed) pruned.bytes += size_of(repository.at(path));
  return pruned;
}

}  // namespace

std::vector<Verdict> judge(const std::vector<Manifest>& backups, const Keep& keep) {
  std::vector<Verdict> verdicts;
  for (const Manifest& manifest : backups)
    verdicts.push_back({manifest.id, manifest.created_at, {}});
  // By id, as everything that says which is the newest: created_at follows a clock that goes back.
  std::ranges::sort(verdicts, std::greater<>(), &Verdict::id);
  if (!verdicts.empty()) verdicts.front().reasons.emplace_back("newest");
  for (std::size_t i = 0; i < verdicts.size() && i < keep.last; ++i) {
    verdicts[i].reasons.emplace_back("last");
  }
  using Period = std::function<std::string(std::chrono::sys_days)>;
  const std::vector<std::tuple<std::string, std::uint32_t, Period>> rules = {
      {"daily", keep.daily, day_name},
      {"weekly", keep.weekly, week_of},
      {"monthly", keep.monthly, month_of}};
  for (const auto& [name, count, period] : rules) {
    std::set<std::string> seen;
    for (Verdict& verdict : verdicts) {
      if (seen.size() >= count) break;
      const std::string own = period(day_of(verdict.created_at));
      if (seen.insert(own).second) verdict.reasons.push_back(fmt::format("{} {}", name, own));
    }
  }
  return verdicts;
}

Pruned prune(const Repository& repository, const Keep& keep, bool dry_run) {
  const File lock = dry_run ? File() : repository.lock("logctl backup prune");
  const File readers = dry_run ? File() : repository.lock_against_readers();
  std::map<std::string, Manifest> backups;
  for (const std::string& id : repository.ids()) {
    try {
      backups[id] = repository.read(id);
    } catch (const Error& error) {
      throw Error(error.code(), error.message(),
                  "nothing was removed, because it may need any file; move its folder away if it "
                  "cannot be mended");
    }
  }
  std::vector<Manifest> all;
  for (const auto& [id, manifest] : backups) all.push_back(manifest);
  const std::vector<Verdict> verdicts = judge(all, keep);
  std::vector<Manifest> kept;
  std::vector<Manifest> gone;
  for (const Verdict& verdict : verdicts) {
    (verdict.reasons.empty() ? gone : kept).push_back(backups.at(verdict.id));
  }
  Pruned pruned = freed_by(repository, gone, kept);
  pruned.verdicts = verdicts;
  if (dry_run) return pruned;
  for (const Manifest& manifest : gone) repository.remove(manifest.id);
  repository.sweep();
  return pruned;
}

}  // namespace logctl::backup

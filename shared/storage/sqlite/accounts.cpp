#include "shared/storage/sqlite/accounts.h"

#include "shared/storage/sqlite/meta.h"

#include <algorithm>
#include <string>
#include <sys/stat.h>
#include <tuple>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

constexpr std::string_view kReadBooks = "SELECT source, tenant, what, n FROM accounting";
// Of a file that no one has written to since there are books.
constexpr std::string_view kReadOldBooks =
    "SELECT 'opening balance', tenant, what, rows FROM tenant_rows, "
    "(SELECT 'received' AS what UNION ALL SELECT 'stored')";
constexpr std::int64_t kFirstVersionWithBooks = 2;

// Two changes within one tick of the file system's clock leave one time: a file this fresh may
// change again without showing it.
constexpr std::int64_t kFreshNanoseconds = 2'000'000'000;

std::vector<Account> read_accounts(Connection& connection, std::string_view sql) {
  std::vector<Account> accounts;
  Statement select = connection.prepare(sql);
  while (select.step()) {
    accounts.push_back({std::string(select.text(0)), std::string(select.text(1)),
                        std::string(select.text(2)),
                        static_cast<std::uint64_t>(select.integer(3))});
  }
  return accounts;
}

std::int64_t change_time(const struct stat& info) {
  return std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
}

}  // namespace

void add_to_books(Statement& add, std::string_view source, std::span<const Count> counts) {
  for (const Count& count : counts) {
    add.bind(1, source);
    add.bind(2, count.tenant);
    add.bind(3, count.what);
    add.bind(4, static_cast<std::int64_t>(count.count));
    add.run();
  }
}

Accounts::Accounts(const Directory& directory, Readers& readers, Access access)
    : directory_(directory), readers_(readers), meta_(open_meta(directory, access)) {}

void Accounts::add(std::string_view source, std::span<const Count> counts) {
  const Lock lock(meta_mutex_);
  Transaction transaction(meta_);
  Statement add = meta_.prepare(kAddToBooks);
  add_to_books(add, source, counts);
  transaction.commit();
}

std::optional<Accounts::Stamp> Accounts::stamp_of(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  Stamp stamp;
  stamp.identity = {info.st_dev, info.st_ino};
  stamp.file_time = change_time(info);
  stamp.file_size = info.st_size;
  // Readers leave an empty log behind, which says nothing.
  if (::stat((file.string() + "-wal").c_str(), &info) == 0 && info.st_size > 0) {
    stamp.log_time = change_time(info);
    stamp.log_size = info.st_size;
  }
  return stamp;
}

bool Accounts::is_settled(const Stamp& stamp) {
  const std::int64_t now = to_micros(system_clock().now()) * 1000;
  return std::max(stamp.file_time, stamp.log_time) + kFreshNanoseconds < now;
}

std::vector<Account> Accounts::read_day(Day day) {
  auto reader = readers_.open(day, Deadline::max());
  if (!reader) return {};
  const bool has_books = (*reader)->scalar("PRAGMA user_version") >= kFirstVersionWithBooks;
  return read_accounts(**reader, has_books ? kReadBooks : kReadOldBooks);
}

std::vector<Account> Accounts::merged(std::span<const std::vector<Account>> parts) {
  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> sums;
  for (const std::vector<Account>& part : parts) {
    for (const Account& account : part) {
      sums[{account.source, account.tenant, account.what}] += account.count;
    }
  }
  std::vector<Account> accounts;
  for (const auto& [key, count] : sums) {
    accounts.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count});
  }
  return accounts;
}

std::vector<Account> Accounts::sums() {
  std::vector<std::vector<Account>> parts;
  {
    const Lock lock(meta_mutex_);
    parts.push_back(read_accounts(meta_, kReadBooks));
  }
  const Lock lock(known_mutex_);
  std::map<Day, Known> known;
  for (const Day day : directory_.days()) {
    const auto stamp = stamp_of(directory_.day_file(day));
    if (!stamp) continue;
    const auto before = known_.find(day);
    const bool same = before != known_.end() && before->second.stamp == *stamp;
    parts.push_back(same ? before->second.accounts : read_day(day));
    if (is_settled(*stamp)) known.emplace(day, Known{*stamp, parts.back()});
  }
  known_ = std::move(known);
  return merged(parts);
}

Audit Accounts::audit() {
  Audit audit;
  std::vector<std::vector<Account>> parts;
  {
    const Lock lock(meta_mutex_);
    parts.push_back(read_accounts(meta_, kReadBooks));
  }
  for (const Day day : directory_.days()) {
    auto reader = readers_.open(day, Deadline::max());
    if (!reader) continue;
    const bool has_books = (*reader)->scalar("PRAGMA user_version") >= kFirstVersionWithBooks;
    // One statement, because one statement sees one moment.
    const std::string sql =
        std::string(has_books ? kReadBooks : kReadOldBooks) +
        " UNION ALL SELECT '', tenant, 'rows', count(*) FROM logs GROUP BY tenant";
    std::vector<Account>& part = parts.emplace_back(read_accounts(**reader, sql));
    std::erase_if(part, [&audit](const Account& account) {
      if (!account.source.empty() || account.what != "rows") return false;
      audit.rows[account.tenant] += account.count;
      return true;
    });
  }
  audit.accounts = merged(parts);
  return audit;
}

}  // namespace logctl::storage::sqlite

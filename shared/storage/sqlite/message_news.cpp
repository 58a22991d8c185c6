#include "shared/storage/sqlite/message_news.h"

#include "shared/storage/sqlite/message_rows.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

constexpr milliseconds kPause(200);

}  // namespace

SqliteMessageNews::SqliteMessageNews(Connection connection)
    : connection_(std::move(connection)),
      data_version_(connection_.prepare_owned("PRAGMA data_version")),
      heads_statement_(connection_.prepare_owned(
          "SELECT id, ns, created_at, last_global_position, token_hash FROM message_namespaces "
          "WHERE id IS NOT NULL")),
      seen_(data_version()),
      heads_(read_heads()) {}

std::int64_t SqliteMessageNews::data_version() {
  const Rewind rewind(data_version_);
  data_version_.step();
  return data_version_.integer(0);
}

SqliteMessageNews::Heads SqliteMessageNews::read_heads() {
  const Rewind rewind(heads_statement_);
  Heads heads;
  while (heads_statement_.step()) {
    heads[std::string(heads_statement_.text(0))] = {
        heads_statement_.integer(1), heads_statement_.integer(2), heads_statement_.integer(3),
        std::string(heads_statement_.text(4))};
  }
  return heads;
}

std::vector<std::string> SqliteMessageNews::look() {
  // First the version: what comes between the two is seen twice rather than never.
  const std::int64_t version = data_version();
  if (version == seen_) return {};
  Heads heads = read_heads();
  std::vector<std::string> names;
  for (const auto& [name, head] : heads) {
    const auto before = heads_.find(name);
    const bool is_new = before == heads_.end() || before->second.ns != head.ns ||
                        before->second.created_at != head.created_at ||
                        before->second.last_global_position != head.last_global_position;
    if (is_new && head.last_global_position > 0) names.push_back(name);
  }
  for (const auto& [name, head] : heads_) {
    const auto now = heads.find(name);
    if (now == heads.end() || !now->second.is_same_space(head)) changed_.push_back(name);
  }
  heads_ = std::move(heads);
  seen_ = version;
  return names;
}

std::vector<std::string> SqliteMessageNews::next(microseconds wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  changed_.clear();
  while (true) {
    std::vector<std::string> names = look();
    const auto now = std::chrono::steady_clock::now();
    if (!names.empty() || !changed_.empty() || now >= until) return names;
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(kPause, until - now));
  }
}

}  // namespace logctl::storage::sqlite

#include "shared/storage/sqlite/key_store.h"

#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

#include <optional>

namespace logctl::storage::sqlite {
namespace {

std::optional<std::int64_t> micros(const std::optional<Timestamp>& t) {
  return t ? std::optional(to_micros(*t)) : std::nullopt;
}

std::optional<Timestamp> time_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(from_micros(row.integer(column)));
}

KeyRow read_key(const Statement& row) {
  KeyRow key;
  key.id = row.text(0);
  key.secret_hash = row.text(1);
  key.name = row.text(2);
  key.scopes = row.text(3);
  key.tenant = row.text(4);
  if (!row.is_null(5)) key.rps = row.real(5);
  if (!row.is_null(6)) key.burst = static_cast<std::uint32_t>(row.integer(6));
  key.created_at = from_micros(row.integer(7));
  key.expires_at = time_at(row, 8);
  key.revoked_at = time_at(row, 9);
  key.last_used_at = time_at(row, 10);
  key.use_count = static_cast<std::uint64_t>(row.integer(11));
  return key;
}

void count_change(Connection& connection) {
  connection.execute("UPDATE api_key_changes SET changes = changes + 1");
}

}  // namespace

SqliteKeyStore::SqliteKeyStore(const Directory& directory, Access access)
    : connection_(open_meta(directory, access)) {}

void SqliteKeyStore::insert(const KeyRow& key) {
  const Lock lock(mutex_);
  Transaction transaction(connection_);
  Statement insert = connection_.prepare(
      "INSERT INTO api_keys (id, secret_hash, name, scopes, tenant, rps, burst, created_at, "
      "expires_at, revoked_at, last_used_at, use_count) "
      "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12) ON CONFLICT DO NOTHING");
  insert.bind(1, key.id);
  insert.bind(2, key.secret_hash);
  insert.bind(3, key.name);
  insert.bind(4, key.scopes);
  insert.bind(5, key.tenant);
  if (key.rps) insert.bind(6, *key.rps);
  if (key.burst) insert.bind(7, std::int64_t{*key.burst});
  insert.bind(8, to_micros(key.created_at));
  insert.bind_optional(9, micros(key.expires_at));
  insert.bind_optional(10, micros(key.revoked_at));
  insert.bind_optional(11, micros(key.last_used_at));
  insert.bind(12, static_cast<std::int64_t>(key.use_count));
  insert.run();
  if (connection_.changes() == 0) {
    throw Error(ErrorCode::conflict, fmt::format("key '{}' exists already", key.id));
  }
  count_change(connection_);
  transaction.commit();
}

std::vector<KeyRow> SqliteKeyStore::list() {
  const Lock lock(mutex_);
  Statement select = connection_.prepare(
      "SELECT id, secret_hash, name, scopes, tenant, rps, burst, created_at, expires_at, "
      "revoked_at, last_used_at, use_count FROM api_keys ORDER BY created_at, id");
  std::vector<KeyRow> keys;
  while (select.step()) keys.push_back(read_key(select));
  return keys;
}

bool SqliteKeyStore::revoke(std::string_view id, Timestamp when) {
  const Lock lock(mutex_);
  Transaction transaction(connection_);
  Statement find = connection_.prepare("SELECT revoked_at IS NULL FROM api_keys WHERE id = ?1");
  find.bind(1, id);
  if (!find.step()) return false;
  const bool in_use = find.integer(0) != 0;
  find.reset();
  if (!in_use) return true;
  Statement update = connection_.prepare("UPDATE api_keys SET revoked_at = ?2 WHERE id = ?1");
  update.bind(1, id);
  update.bind(2, to_micros(when));
  update.run();
  count_change(connection_);
  transaction.commit();
  return true;
}

void SqliteKeyStore::record_use(std::span<const KeyUse> uses) {
  if (uses.empty()) return;
  const Lock lock(mutex_);
  Transaction transaction(connection_);
  Statement update = connection_.prepare(
      "UPDATE api_keys SET use_count = use_count + ?2, "
      "last_used_at = max(coalesce(last_used_at, ?3), ?3) WHERE id = ?1");
  for (const KeyUse& use : uses) {
    update.bind(1, use.id);
    update.bind(2, static_cast<std::int64_t>(use.count));
    update.bind(3, to_micros(use.last));
    update.run();
  }
  transaction.commit();
}

std::string SqliteKeyStore::version() {
  const Lock lock(mutex_);
  return std::to_string(connection_.scalar("SELECT changes FROM api_key_changes"));
}

}  // namespace logctl::storage::sqlite

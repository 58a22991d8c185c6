#include "shared/storage/sqlite/key_store.h"

#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace logctl::storage::sqlite {
namespace {

std::optional<std::int64_t> micros(const std::optional<Timestamp>& t) {
  return t ? std::optional(to_micros(*t)) : std::nullopt;
}

std::optional<Timestamp> time_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(from_micros(row.integer(column)));
}

std::optional<double> real_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.real(column));
}

template <typename T>
std::optional<T> natural_at(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(static_cast<T>(row.integer(column)));
}

// The parameters in the order of the members; what is not bound is NULL.
void bind_limits(Statement& statement, const std::array<int, 6>& at, const KeyLimits& limits) {
  const auto real = [&](int parameter, const std::optional<double>& value) {
    if (value) statement.bind(parameter, *value);
  };
  const auto natural = [&](int parameter, const auto& value) {
    if (value) statement.bind(parameter, static_cast<std::int64_t>(*value));
  };
  real(at[0], limits.rps);
  natural(at[1], limits.burst);
  real(at[2], limits.records_rate);
  natural(at[3], limits.records_burst);
  real(at[4], limits.bytes_rate);
  natural(at[5], limits.bytes_burst);
}

KeyRow read_key(const Statement& row) {
  KeyRow key;
  key.id = row.text(0);
  key.secret_hash = row.text(1);
  key.name = row.text(2);
  key.scopes = row.text(3);
  key.tenant = row.text(4);
  key.rps = real_at(row, 5);
  key.burst = natural_at<std::uint32_t>(row, 6);
  key.created_at = from_micros(row.integer(7));
  key.expires_at = time_at(row, 8);
  key.revoked_at = time_at(row, 9);
  key.last_used_at = time_at(row, 10);
  key.use_count = static_cast<std::uint64_t>(row.integer(11));
  key.records_rate = real_at(row, 12);
  key.records_burst = natural_at<std::uint64_t>(row, 13);
  key.bytes_rate = real_at(row, 14);
  key.bytes_burst = natural_at<std::uint64_t>(row, 15);
  key.only = row.text(16);
  if (!row.is_null(17)) key.replaced_by = row.text(17);
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
      "expires_at, revoked_at, last_used_at, use_count, records_rate, records_burst, bytes_rate, "
      "bytes_burst, only_rows, replaced_by) "
      "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18) "
      "ON CONFLICT DO NOTHING");
  insert.bind(1, key.id);
  insert.bind(2, key.secret_hash);
  insert.bind(3, key.name);
  insert.bind(4, key.scopes);
  insert.bind(5, key.tenant);
  insert.bind(8, to_micros(key.created_at));
  insert.bind_optional(9, micros(key.expires_at));
  insert.bind_optional(10, micros(key.revoked_at));
  insert.bind_optional(11, micros(key.last_used_at));
  insert.bind(12, static_cast<std::int64_t>(key.use_count));
  bind_limits(insert, {6, 7, 13, 14, 15, 16}, key);
  insert.bind(17, key.only);
  if (!key.replaced_by.empty()) insert.bind(18, key.replaced_by);
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
      "revoked_at, last_used_at, use_count, records_rate, records_burst, bytes_rate, bytes_burst, "
      "only_rows, replaced_by FROM api_keys ORDER BY created_at, id");
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

bool SqliteKeyStore::retire(std::string_view id, Timestamp ends, std::string_view replaced_by) {
  const Lock lock(mutex_);
  Transaction transaction(connection_);
  Statement update = connection_.prepare(
      "UPDATE api_keys SET expires_at = min(coalesce(expires_at, ?2), ?2), replaced_by = ?3 "
      "WHERE id = ?1");
  update.bind(1, id);
  update.bind(2, to_micros(ends));
  update.bind(3, replaced_by);
  return change(update, transaction);
}

bool SqliteKeyStore::set_limits(std::string_view id, const KeyLimits& limits) {
  const Lock lock(mutex_);
  Transaction transaction(connection_);
  Statement update = connection_.prepare(
      "UPDATE api_keys SET rps = ?2, burst = ?3, records_rate = ?4, records_burst = ?5, "
      "bytes_rate = ?6, bytes_burst = ?7 WHERE id = ?1");
  update.bind(1, id);
  bind_limits(update, {2, 3, 4, 5, 6, 7}, limits);
  return change(update, transaction);
}

bool SqliteKeyStore::change(Statement& statement, Transaction& transaction) {
  statement.run();
  if (connection_.changes() == 0) return false;
  count_change(connection_);
  transaction.commit();
  return true;
}

std::size_t SqliteKeyStore::remove(std::span<const std::string> ids) {
  if (ids.empty()) return 0;
  const Lock lock(mutex_);
  Transaction transaction(connection_);
  Statement forget = connection_.prepare("DELETE FROM api_keys WHERE id = ?1");
  std::size_t removed = 0;
  for (const std::string& id : ids) {
    forget.bind(1, id);
    forget.run();
    removed += static_cast<std::size_t>(connection_.changes());
  }
  if (removed > 0) count_change(connection_);
  transaction.commit();
  return removed;
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

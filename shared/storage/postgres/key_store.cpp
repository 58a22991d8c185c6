#include "shared/storage/postgres/key_store.h"

#include "shared/storage/postgres/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace logctl::storage::postgres {
namespace {

constexpr const char* kList =
    "SELECT id, secret_hash, name, scopes, tenant, rps, burst, "
    "(extract(epoch from created_at)*1000000)::bigint, "
    "(extract(epoch from expires_at)*1000000)::bigint, "
    "(extract(epoch from revoked_at)*1000000)::bigint, "
    "(extract(epoch from last_used_at)*1000000)::bigint, use_count, records_rate, records_burst, "
    "bytes_rate, bytes_burst, only_rows, replaced_by "
    "FROM api_keys ORDER BY created_at, id COLLATE \"C\"";

std::optional<double> read_double(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  double value = 0;
  std::from_chars(field.c_str(), field.c_str() + field.size(), value);
  return value;
}

template <typename T>
std::optional<T> read_natural(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return static_cast<T>(read_integer(field));
}

Value number(const std::optional<double>& value) {
  return value ? Value(fmt::format("{}", *value)) : std::nullopt;
}
template <typename T>
Value natural(const std::optional<T>& value) {
  return value ? Value(std::to_string(*value)) : std::nullopt;
}
Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

KeyRow read_key(const pqxx::row& row) {
  KeyRow key;
  key.id = row[0].c_str();
  key.secret_hash = row[1].c_str();
  key.name = row[2].c_str();
  key.scopes = row[3].c_str();
  key.tenant = row[4].c_str();
  key.rps = read_double(row[5]);
  key.burst = read_natural<std::uint32_t>(row[6]);
  key.created_at = read_time(row[7]).value_or(Timestamp{});
  key.expires_at = read_time(row[8]);
  key.revoked_at = read_time(row[9]);
  key.last_used_at = read_time(row[10]);
  key.use_count = static_cast<std::uint64_t>(read_integer(row[11]));
  key.records_rate = read_double(row[12]);
  key.records_burst = read_natural<std::uint64_t>(row[13]);
  key.bytes_rate = read_double(row[14]);
  key.bytes_burst = read_natural<std::uint64_t>(row[15]);
  key.only = row[16].c_str();
  if (!row[17].is_null()) key.replaced_by = row[17].c_str();
  return key;
}

}  // namespace

PostgresKeyStore::PostgresKeyStore(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}

void PostgresKeyStore::insert(const KeyRow& key) {
  pool_->change(fmt::format("add key {}", key.id), [&](Session& session) {
    session.run(
        "INSERT INTO api_keys (id, secret_hash, name, scopes, tenant, rps, burst, created_at, "
        "expires_at, revoked_at, last_used_at, use_count, records_rate, records_burst, "
        "bytes_rate, bytes_burst, only_rows, replaced_by) VALUES ($1, $2, $3, $4, $5, "
        "$6::double precision, $7::bigint, $8::timestamptz, $9::timestamptz, $10::timestamptz, "
        "$11::timestamptz, $12::bigint, $13::double precision, $14::bigint, "
        "$15::double precision, $16::bigint, $17, $18)",
        {key.id, key.secret_hash, key.name, key.scopes, key.tenant, number(key.rps),
         natural(key.burst), time_text(key.created_at), time_value(key.expires_at),
         time_value(key.revoked_at), time_value(key.last_used_at), std::to_string(key.use_count),
         number(key.records_rate), natural(key.records_burst), number(key.bytes_rate),
         natural(key.bytes_burst), key.only, text_or_null(key.replaced_by)});
  });
}

std::vector<KeyRow> PostgresKeyStore::list() {
  std::vector<KeyRow> keys;
  pool_->read("list keys", [&](Session& session) {
    keys.clear();
    for (const auto& row : session.run(kList)) keys.push_back(read_key(row));
  });
  return keys;
}

bool PostgresKeyStore::revoke(std::string_view id, Timestamp when) {
  const std::string key(id);
  bool found = false;
  pool_->change(fmt::format("revoke key {}", key), [&](Session& session) {
    found = session
                .run(
                    "UPDATE api_keys SET revoked_at = $2::timestamptz "
                    "WHERE id = $1 AND revoked_at IS NULL",
                    {key, time_text(when)})
                .affected_rows() > 0;
    if (!found) found = !session.run("SELECT 1 FROM api_keys WHERE id = $1", {key}).empty();
  });
  return found;
}

bool PostgresKeyStore::retire(std::string_view id, Timestamp ends, std::string_view replaced_by) {
  bool found = false;
  pool_->change(fmt::format("end key {}", id), [&](Session& session) {
    found = session
                .run(
                    "UPDATE api_keys SET expires_at = least(expires_at, $2::timestamptz), "
                    "replaced_by = $3 WHERE id = $1",
                    {std::string(id), time_text(ends), std::string(replaced_by)})
                .affected_rows() > 0;
  });
  return found;
}

bool PostgresKeyStore::set_limits(std::string_view id, const KeyLimits& limits) {
  bool found = false;
  pool_->change(fmt::format("set the limits of key {}", id), [&](Session& session) {
    found = session
                .run(
                    "UPDATE api_keys SET rps = $2::double precision, burst = $3::bigint, "
                    "records_rate = $4::double precision, records_burst = $5::bigint, "
                    "bytes_rate = $6::double precision, bytes_burst = $7::bigint WHERE id = $1",
                    {std::string(id), number(limits.rps), natural(limits.burst),
                     number(limits.records_rate), natural(limits.records_burst),
                     number(limits.bytes_rate), natural(limits.bytes_burst)})
                .affected_rows() > 0;
  });
  return found;
}

std::size_t PostgresKeyStore::remove(std::span<const std::string> ids) {
  std::size_t removed = 0;
  if (ids.empty()) return removed;
  pool_->change("forget keys", [&](Session& session) {
    for (const std::string& id : ids) {
      removed += static_cast<std::size_t>(
          session.run("DELETE FROM api_keys WHERE id = $1", {id}).affected_rows());
    }
  });
  return removed;
}

void PostgresKeyStore::record_use(std::span<const KeyUse> uses) {
  if (uses.empty()) return;
  // In the order of ids, so that two daemons cannot deadlock.
  std::vector<const KeyUse*> ordered;
  for (const KeyUse& use : uses) ordered.push_back(&use);
  std::sort(ordered.begin(), ordered.end(),
            [](const KeyUse* a, const KeyUse* b) { return a->id < b->id; });
  pool_->change("record the use of keys", [&](Session& session) {
    for (const KeyUse* use : ordered) {
      session.run(
          "UPDATE api_keys SET use_count = use_count + $2::bigint, "
          "last_used_at = greatest(last_used_at, $3::timestamptz) WHERE id = $1",
          {use->id, std::to_string(use->count), time_text(use->last)});
    }
  });
}

std::string PostgresKeyStore::version() {
  std::string result;
  pool_->read("ask for the version of the keys", [&](Session& session) {
    const pqxx::result rows = session.run("SELECT changes FROM api_key_changes");
    result = rows.empty() ? "" : rows[0][0].c_str();
  });
  return result;
}

}  // namespace logctl::storage::postgres

#include "shared/storage/sqlite/retention_store.h"

#include "shared/storage/sqlite/meta.h"

namespace logctl::storage::sqlite {

SqliteRetentionStore::SqliteRetentionStore(const Directory& directory, Access access)
    : connection_(open_meta(directory, access)) {}

std::vector<RetentionRule> SqliteRetentionStore::rules() {
  const Lock lock(mutex_);
  std::vector<RetentionRule> rules;
  Statement select = connection_.prepare(
      "SELECT tenant, match, age_us, set_at FROM retention_rules ORDER BY tenant, match");
  while (select.step()) {
    rules.push_back({std::string(select.text(0)), std::string(select.text(1)),
                     microseconds(select.integer(2)), from_micros(select.integer(3))});
  }
  return rules;
}

void SqliteRetentionStore::set(const RetentionRule& rule) {
  const Lock lock(mutex_);
  Statement upsert = connection_.prepare(
      "INSERT OR REPLACE INTO retention_rules (tenant, match, age_us, set_at) "
      "VALUES (?1, ?2, ?3, ?4)");
  upsert.bind(1, rule.tenant);
  upsert.bind(2, rule.match);
  upsert.bind(3, std::int64_t{rule.age.count()});
  upsert.bind(4, to_micros(rule.set_at));
  upsert.run();
}

bool SqliteRetentionStore::remove(std::string_view tenant, std::string_view match) {
  const Lock lock(mutex_);
  Statement remove =
      connection_.prepare("DELETE FROM retention_rules WHERE tenant = ?1 AND match = ?2");
  remove.bind(1, tenant);
  remove.bind(2, match);
  remove.run();
  return connection_.changes() > 0;
}

std::vector<Deletion> SqliteRetentionStore::deletions() {
  const Lock lock(mutex_);
  std::vector<Deletion> deletions;
  Statement select = connection_.prepare(
      "SELECT id, tenant, query, ran_by, started_at, finished_at, planned, deleted FROM deletions "
      "ORDER BY started_at DESC, id DESC");
  while (select.step()) {
    Deletion& one = deletions.emplace_back();
    one.id = select.text(0);
    one.tenant = select.text(1);
    one.query = select.text(2);
    one.ran_by = select.text(3);
    one.started_at = from_micros(select.integer(4));
    one.finished_at = select.time(5);
    one.planned = static_cast<std::uint64_t>(select.integer(6));
    one.deleted = static_cast<std::uint64_t>(select.integer(7));
  }
  return deletions;
}

void SqliteRetentionStore::save(const Deletion& deletion) {
  const Lock lock(mutex_);
  Statement upsert = connection_.prepare(
      "INSERT OR REPLACE INTO deletions (id, tenant, query, ran_by, started_at, finished_at, "
      "planned, deleted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  upsert.bind(1, deletion.id);
  upsert.bind(2, deletion.tenant);
  upsert.bind(3, deletion.query);
  upsert.bind(4, deletion.ran_by);
  upsert.bind(5, to_micros(deletion.started_at));
  upsert.bind_optional(6, deletion.finished_at);
  upsert.bind(7, static_cast<std::int64_t>(deletion.planned));
  upsert.bind(8, static_cast<std::int64_t>(deletion.deleted));
  upsert.run();
}

}  // namespace logctl::storage::sqlite

#include "shared/storage/postgres/retention_store.h"

#include "shared/storage/postgres/rows.h"

#include <string>
#include <utility>

namespace logctl::storage::postgres {

PostgresRetentionStore::PostgresRetentionStore(std::shared_ptr<Pool> pool)
    : pool_(std::move(pool)) {}

std::vector<RetentionRule> PostgresRetentionStore::rules() {
  std::vector<RetentionRule> rules;
  pool_->read("read the rules of retention", [&](Session& session) {
    rules.clear();
    for (const auto& row :
         session.run("SELECT tenant, match, age_us, (extract(epoch from set_at)*1000000)::bigint "
                     "FROM retention_rules ORDER BY tenant, match")) {
      rules.push_back({row[0].c_str(), row[1].c_str(), microseconds(read_integer(row[2])),
                       read_time(row[3]).value_or(Timestamp{})});
    }
  });
  return rules;
}

void PostgresRetentionStore::set(const RetentionRule& rule) {
  pool_->change("set a rule of retention", [&](Session& session) {
    session.run(
        "INSERT INTO retention_rules (tenant, match, age_us, set_at) "
        "VALUES ($1, $2, $3::bigint, $4::timestamptz) ON CONFLICT (tenant, match) "
        "DO UPDATE SET age_us = excluded.age_us, set_at = excluded.set_at",
        {rule.tenant, rule.match, std::to_string(rule.age.count()), time_text(rule.set_at)});
  });
}

bool PostgresRetentionStore::remove(std::string_view tenant, std::string_view match) {
  bool found = false;
  pool_->change("remove a rule of retention", [&](Session& session) {
    found = session
                .run("DELETE FROM retention_rules WHERE tenant = $1 AND match = $2",
                     {std::string(tenant), std::string(match)})
                .affected_rows() > 0;
  });
  return found;
}

std::vector<Deletion> PostgresRetentionStore::deletions() {
  std::vector<Deletion> deletions;
  pool_->read("read the deletions", [&](Session& session) {
    deletions.clear();
    for (const auto& row :
         session.run("SELECT id, tenant, query, ran_by, "
                     "(extract(epoch from started_at)*1000000)::bigint, "
                     "(extract(epoch from finished_at)*1000000)::bigint, planned, deleted "
                     "FROM deletions ORDER BY started_at DESC, id DESC")) {
      Deletion& one = deletions.emplace_back();
      one.id = row[0].c_str();
      one.tenant = row[1].c_str();
      one.query = row[2].c_str();
      one.ran_by = row[3].c_str();
      one.started_at = read_time(row[4]).value_or(Timestamp{});
      one.finished_at = read_time(row[5]);
      one.planned = static_cast<std::uint64_t>(read_integer(row[6]));
      one.deleted = static_cast<std::uint64_t>(read_integer(row[7]));
    }
  });
  return deletions;
}

void PostgresRetentionStore::save(const Deletion& deletion) {
  pool_->change("note a deletion", [&](Session& session) {
    session.run(
        "INSERT INTO deletions (id, tenant, query, ran_by, started_at, finished_at, planned, "
        "deleted) VALUES ($1, $2, $3, $4, $5::timestamptz, $6::timestamptz, $7::bigint, "
        "$8::bigint) ON CONFLICT (id) DO UPDATE SET finished_at = excluded.finished_at, "
        "planned = excluded.planned, deleted = excluded.deleted",
        {deletion.id, deletion.tenant, deletion.query, deletion.ran_by,
         time_text(deletion.started_at), time_value(deletion.finished_at),
         std::to_string(deletion.planned), std::to_string(deletion.deleted)});
  });
}

}  // namespace logctl::storage::postgres

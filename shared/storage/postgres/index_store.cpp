#include "shared/storage/postgres/index_store.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/storage/index_field.h"
#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/index_names.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/rows.h"
#include "shared/storage/postgres/table_copy.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "make an index";

// Of all processes that look after the indexes of one table.
constexpr const char* kTryLock =
    "SELECT pg_try_advisory_lock(hashtext('logctl indexes'), 'logs'::regclass::oid::int4)";
constexpr const char* kDays =
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
    "WHERE i.inhparent = 'logs'::regclass AND NOT i.inhdetachpending ORDER BY c.relname";
// An index that is not valid is in the making while somebody holds the lock.
constexpr const char* kIndexes =
    "SELECT c.relname, x.relname, i.indisvalid AND i.indisready, pg_relation_size(x.oid), "
    "EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND "
    "classid = hashtext('logctl indexes')::oid AND objid = 'logs'::regclass::oid AND "
    "objsubid = 2), pg_get_indexdef(x.oid) "
    "FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid "
    "JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class x ON x.oid = i.indexrelid "
    "WHERE h.inhparent = 'logs'::regclass AND "
    "starts_with(x.relname::text, c.relname::text || '_by_') ORDER BY 1, 2";
constexpr const char* kTrigrams =
    "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = "
    "e.extnamespace WHERE e.extname = 'pg_trgm'";

// The field that an index is on, by the end of its name, or for a property by the names of the keys
// in its definition: (((properties -> 'order'::text) ->> 'id'::text)).
std::string field_of(const std::string& suffix, std::string_view definition) {
  if (!suffix.starts_with("p_")) return suffix;
  std::string field = "properties";
  for (std::size_t at = definition.find('\''); at != std::string_view::npos;
       at = definition.find('\'', at)) {
    field += '.';
    for (++at; at < definition.size(); ++at) {
      if (definition[at] == '\'' && definition.substr(at + 1, 1) != "'") break;
      if (definition[at] == '\'') ++at;
      field += definition[at];
    }
    ++at;
  }
  return field;
}

bool is_true(const pqxx::field& field) { return std::string_view(field.c_str()) == "t"; }

std::string property_expression(Connection& connection, const IndexField& field) {
  // As conditions have it (query/sql_condition.cpp), else no query would use the index.
  std::string expression = "properties";
  for (std::size_t i = 0; i < field.path.size(); ++i) {
    const bool last = i + 1 == field.path.size();
    expression = fmt::format("({} {} {}::text)", expression, last ? "->>" : "->",
                             connection.quote(field.path[i]));
  }
  return expression;
}

}  // namespace

std::optional<std::string> text_obstacle(Session& session) {
  if (!session.run(kTrigrams).empty()) return std::nullopt;
  const auto row = session.run(
      "SELECT EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'), "
      "has_database_privilege(current_database(), 'CREATE'), current_database()")[0];
  if (!is_true(row[0])) {
    return "the server has no extension pg_trgm: install PostgreSQL's contrib package";
  }
  if (!is_true(row[1])) {
    return fmt::format(
        "the extension pg_trgm is not in the database and the role may not make it: run `CREATE "
        "EXTENSION pg_trgm` in {} as its owner",
        row[2].c_str());
  }
  return std::nullopt;
}

std::vector<std::chrono::sys_days> PostgresIndexStore::days() {
  std::vector<std::chrono::sys_days> days;
  pool_->read("list the partitions", [&](Session& session) {
    days.clear();
    for (const auto& row : session.run(kDays)) {
      if (const auto day = partition_day(row[0].c_str())) days.push_back(*day);
    }
  });
  return days;
}

std::vector<DayIndex> PostgresIndexStore::indexes() {
  std::vector<DayIndex> indexes;
  pool_->read("list the indexes", [&](Session& session) {
    indexes.clear();
    for (const auto& row : session.run(kIndexes)) {
      const std::string_view partition = row[0].c_str();
      const auto day = partition_day(partition);
      if (!day) continue;
      const std::string suffix(
          std::string_view(row[1].c_str()).substr(partition.size() + kIndexInfix.size()));
      DayIndex& index = indexes.emplace_back();
      index.day = *day;
      index.field = field_of(suffix, row[5].c_str());
      index.state = is_true(row[2])   ? IndexState::valid
                    : is_true(row[4]) ? IndexState::building
                                      : IndexState::missing;
      index.bytes = static_cast<std::uint64_t>(read_integer(row[3]));
    }
  });
  return indexes;
}

std::vector<IndexChoice> PostgresIndexStore::choices() {
  std::vector<IndexChoice> choices;
  pool_->read("read what was said about indexes", [&](Session& session) {
    choices.clear();
    for (const auto& row : session.run("SELECT field, day, wanted FROM index_choices")) {
      choices.push_back({row[0].c_str(), parse_day(row[1].c_str()), is_true(row[2])});
    }
  });
  return choices;
}

void PostgresIndexStore::choose(const IndexChoice& choice) {
  pool_->change("note what was said about an index", [&](Session& session) {
    if (!choice.day) session.run("DELETE FROM index_choices WHERE field = $1", {choice.field});
    session.run(
        "INSERT INTO index_choices (field, day, wanted) VALUES ($1, $2, $3::boolean) "
        "ON CONFLICT (field, day) DO UPDATE SET wanted = EXCLUDED.wanted",
        {choice.field, choice.day ? format_day(*choice.day) : std::string(),
         std::string(choice.wanted ? "true" : "false")});
  });
}

std::optional<std::string> PostgresIndexStore::obstacle(const std::string& field) {
  if (field != kTextIndex) return std::nullopt;
  std::optional<std::string> why;
  pool_->read("look for pg_trgm", [&](Session& session) { why = text_obstacle(session); });
  return why;
}

class PostgresIndexStore::ConnectionPass final : public Pass {
 public:
  ConnectionPass(PostgresIndexStore& store, std::unique_ptr<Connection> connection)
      : store_(store), connection_(std::move(connection)) {
    store_.building_pid_ = connection_->backend_pid();
  }
  ~ConnectionPass() override { store_.building_pid_ = 0; }

  void build(std::chrono::sys_days day, std::span<const std::string> fields) override {
    bool made = false;
    for (const std::string& name : fields) {
      if (store_.stop_) {
        throw Error(ErrorCode::unavailable,
                    fmt::format("indexes of {}: interrupted", format_day(day)));
      }
      const IndexField field = parse_index_field(name);
      if (is_valid(day, field)) continue;
      drop(day, field);
      make(day, field);
      made = true;
    }
    // Without figures about the day the planner may pass its indexes by.
    if (made) connection_->execute(kWhat, "ANALYZE " + quoted_name(partition_name(day)));
  }

  void drop(std::chrono::sys_days day, const std::string& field) override {
    drop(day, parse_index_field(field));
  }

 private:
  bool is_valid(std::chrono::sys_days day, const IndexField& field) {
    const Result found = connection_->execute(
        kWhat, fmt::format("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass({}) AND "
                           "indisvalid AND indisready",
                           connection_->quote(quoted_name(index_name(day, field)))));
    return found.rows() > 0;
  }

  void drop(std::chrono::sys_days day, const IndexField& field) {
    connection_->execute("drop an index", "DROP INDEX CONCURRENTLY IF EXISTS " +
                                              quoted_name(index_name(day, field)));
  }

  void make(std::chrono::sys_days day, const IndexField& field) {
    std::string on;
    switch (field.kind) {
      case IndexField::Kind::column:
        on = fmt::format("({})", query::field_name(field.column));
        break;
      case IndexField::Kind::property:
        on = fmt::format("({})", property_expression(*connection_, field));
        break;
      case IndexField::Kind::text:
        // As conditions have it, like the expressions of properties.
        on = fmt::format("USING gin (message COLLATE \"C\" {}.gin_trgm_ops)", trigrams());
        break;
    }
    connection_->execute(kWhat, fmt::format("CREATE INDEX CONCURRENTLY {} ON {} {}",
                                            quoted_name(index_name(day, field)),
                                            quoted_name(partition_name(day)), on));
  }

  // The schema of pg_trgm, which is made when it is not there. In `public` where that is allowed:
  // it belongs to the database, not to one store in it.
  std::string trigrams() {
    for (bool again = false;; again = true) {
      const Result found = connection_->execute(kWhat, kTrigrams);
      if (found.rows() > 0) return std::string(found.value(0, 0));
      const Result place = connection_->execute(
          kWhat,
          "SELECT coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false)");
      try {
        connection_->execute(kWhat, place.value(0, 0) == "t"
                                        ? "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public"
                                        : "CREATE EXTENSION IF NOT EXISTS pg_trgm");
      } catch (const ServerError&) {
        if (again) throw;  // the first time, somebody else may have made it meanwhile
      }
    }
  }

  PostgresIndexStore& store_;
  const std::unique_ptr<Connection> connection_;  // its end gives the lock back
};

std::unique_ptr<IndexStore::Pass> PostgresIndexStore::try_pass() {
  if (read_only_) throw Error(ErrorCode::storage, "the store was opened for reading only");
  auto connection = std::make_unique<Connection>(conninfo_);
  // A long transaction elsewhere must not keep a half-made index and its lock on the partition for
  // hours: it is tried again. One process of the server is enough beside those who write.
  connection->execute(kWhat,
                      "SET statement_timeout = 0; SET lock_timeout = '60s'; "
                      "SET max_parallel_maintenance_workers = 0");
  const Result locked = connection->execute(kWhat, kTryLock);
  if (locked.value(0, 0) != "t") return nullptr;
  return std::make_unique<ConnectionPass>(*this, std::move(connection));
}

void PostgresIndexStore::interrupt() {
  stop_ = true;
  const int pid = building_pid_;
  if (pid == 0) return;
  pool_->probe("interrupt an index", [&](Session& session) {
    session.run("SELECT pg_cancel_backend($1::int)", {std::to_string(pid)});
  });
}

}  // namespace logctl::storage::postgres

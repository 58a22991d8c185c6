#include "shared/backup/postgres_place.h"

#include "shared/backup/parallel.h"
#include "shared/backup/postgres_cut.h"
#include "shared/backup/postgres_hypertable.h"
#include "shared/backup/postgres_message_db.h"
#include "shared/backup/postgres_seals.h"
#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/base/ids.h"
#include "shared/base/units.h"
#include "shared/storage/postgres/connection_string.h"
#include "shared/storage/postgres/open.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/table_copy.h"
#include "shared/storage/postgres/timescale.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <utility>

namespace logctl::backup {
namespace {

using storage::TableDigest;
using storage::postgres::Column;
using storage::postgres::columns_of;
using storage::postgres::Connection;
using storage::postgres::copy_table;
using storage::postgres::quoted_name;
using storage::postgres::Result;
using storage::postgres::ServerError;

constexpr std::string_view kRecords = "logs";
constexpr std::string_view kDump = "dump/";

bool is_closed_partition(const std::string& name, Timestamp now) {
  const auto day = storage::postgres::partition_day(name);
  return day && is_closed(*day, now);
}

std::string in_schema(const std::string& schema, std::string_view table) {
  return quoted_name(schema) + "." + quoted_name(table);
}

std::string scalar(Connection& connection, std::string_view what, const std::string& sql) {
  const Result result = connection.execute(what, sql);
  return result.rows() == 0 ? std::string() : std::string(result.value(0, 0));
}

// What is counted from the records. A restored partition is another one, whose counts upkeep makes
// again in any case; saved with the rest they would cost each backup as much as all days together.
bool is_derived(std::string_view table) { return table.starts_with("rollup"); }

// Tables beside the records, derived ones among them.
std::vector<std::string> other_tables(Connection& connection, const std::string& schema) {
  const Result found = connection.execute(
      "list the tables",
      fmt::format(
          "SELECT c.relname FROM pg_class c WHERE c.relnamespace = {}::regnamespace AND "
          "c.relkind = 'r' AND c.relname <> 'logs' AND NOT EXISTS (SELECT 1 FROM pg_inherits i "
          "WHERE i.inhrelid = c.oid) ORDER BY c.relname COLLATE \"C\"",
          connection.quote(quoted_name(schema))));
  std::vector<std::string> names;
  for (int row = 0; row < found.rows(); ++row) names.emplace_back(found.value(row, 0));
  return names;
}

// Those of `wanted` that the table has, with their types; what is missing goes to `differences`.
std::vector<Column> present(Connection& connection, const std::string& table,
                            const std::string& shown, const std::vector<std::string>& wanted,
                            std::vector<Difference>& differences) {
  std::vector<Column> columns = columns_of(connection, table);
  std::erase_if(columns, [&](const Column& column) {
    return !std::binary_search(wanted.begin(), wanted.end(), column.name);
  });
  if (columns.size() != wanted.size()) differences.push_back({shown, "a column is missing"});
  return columns;
}

const Partition* earlier_of(const DayPartition& found, const EarlierBackups& earlier,
                            Timestamp now) {
  return is_closed_partition(found.name, now) ? earlier.find(found.name, found.stamp()) : nullptr;
}

}  // namespace

PostgresPlace::PostgresPlace(config::StoreTarget target, const config::Database& settings,
                             std::string pg_bin)
    : target_(std::move(target)),
      settings_(settings),
      conninfo_(storage::postgres::connection_string(target_.connection, settings)),
      pg_bin_(std::move(pg_bin)) {}

std::string PostgresPlace::name() const {
  const std::string said = storage::postgres::setting_of(conninfo_, "dbname");
  if (!said.empty()) return said;
  return scalar(*connect(), "ask for the database", "SELECT current_database()");
}

std::unique_ptr<Connection> PostgresPlace::connect() const {
  auto connection = std::make_unique<Connection>(conninfo_);
  connection->execute("prepare the connection",
                      "SET application_name = 'logctl backup'; SET statement_timeout = 0; "
                      "SET idle_in_transaction_session_timeout = 0; SET TimeZone = 'UTC'");
  return connection;
}

std::unique_ptr<Connection> PostgresPlace::connect(const std::string& snapshot) const {
  std::unique_ptr<Connection> connection = connect();
  connection->execute("take the snapshot",
                      fmt::format("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                                  "SET TRANSACTION SNAPSHOT {}",
                                  connection->quote(snapshot)));
  return connection;
}

PostgresTools PostgresPlace::tools_for(Connection& connection, const Manifest* manifest) const {
  int major =
      std::stoi(scalar(connection, "ask for the version", "SHOW server_version_num")) / 10'000;
  if (manifest != nullptr) major = std::max(major, PostgresTools::major_of(manifest->dump_tool));
  return PostgresTools(pg_bin_.empty() ? PostgresTools::folder_of(major) : pg_bin_, conninfo_);
}

void PostgresPlace::seal_closed(const Workshop& workshop, Connection& connection) const {
  if (!has_seals(connection)) return;
  for (const DayPartition& partition : list_partitions(connection)) {
    if (!partition.token.empty() || !is_closed_partition(partition.name, workshop.now())) continue;
    if (seal(connection, partition.name, uuid_v7(workshop.now()))) continue;
    workshop.note(fmt::format("{} is being written to: it will be exported again the next time",
                              partition.name));
  }
}

void PostgresPlace::save_dump(const Workshop& workshop, Manifest& manifest,
                              const std::filesystem::path& dumped) const {
  const std::vector<std::string> names = real_file_system().list(dumped);
  std::vector<FileEntry> packed(names.size());
  in_parallel(workshop.settings().jobs, names.size(), [&] {
    return [&](std::size_t i) {
      packed[i] = workshop.pack_own_file(std::string(kDump) + names[i], dumped / names[i]);
      real_file_system().remove(dumped / names[i]);
    };
  });
  manifest.files.insert(manifest.files.end(), packed.begin(), packed.end());
}

std::vector<PlannedDay> PostgresPlace::plan(const EarlierBackups& earlier, Timestamp now) {
  std::vector<PlannedDay> days;
  for (const DayPartition& found : list_partitions(*connect())) {
    days.push_back({found.name, found.bytes, earlier_of(found, earlier, now)});
  }
  return days;
}

void PostgresPlace::save(const Workshop& workshop, Manifest& manifest) {
  const std::unique_ptr<Connection> main = connect();
  const PostgresTools tools = tools_for(*main);
  manifest.dump_tool = tools.dump_version();
  manifest.hypertable = storage::postgres::is_hypertable(*main);
  if (manifest.hypertable) require_named_chunks(*main);
  seal_closed(workshop, *main);

  main->execute("begin the snapshot", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  // No partition is dropped while it is read: retention leaves it for the next time.
  main->execute("hold the partitions", "LOCK TABLE logs IN ACCESS SHARE MODE");
  const std::string snapshot = scalar(*main, "export a snapshot", "SELECT pg_export_snapshot()");
  manifest.schema = scalar(*main, "read the schema", "SELECT current_schema()");
  manifest.server = "PostgreSQL " + scalar(*main, "ask for the version", "SHOW server_version");
  const std::string version =
      scalar(*main, "read the schema", "SELECT coalesce(max(version), 0) FROM schema_migrations");
  manifest.schema_version = std::stoll(version);
  require_known_schema(manifest.schema_version, "postgres");
  PostgresTools::LeftOut left_out;
  for (std::string& name : other_tables(*main, manifest.schema)) {
    if (is_derived(name)) {
      left_out.rows.push_back(std::move(name));
    } else {
      manifest.tables.push_back({std::move(name), 0, {}, {}});
    }
  }

  std::vector<std::size_t> to_read;  // partitions
  std::size_t days_to_pack = 0;
  std::uint64_t packed = 0;
  std::uint64_t open = 0;
  for (const DayPartition& found : list_partitions(*main)) {
    const bool closed = is_closed_partition(found.name, workshop.now());
    if (manifest.hypertable) {
      left_out.tables.push_back(found.name);
    } else if (closed) {
      left_out.rows.push_back(found.name);
    }
    const Partition* earlier = earlier_of(found, workshop.earlier(), workshop.now());
    Partition& partition = manifest.partitions.emplace_back();
    if (earlier != nullptr) {
      partition = *earlier;
      partition.reused = true;
      continue;
    }
    partition.name = found.name;
    if (closed) partition.stamp = found.stamp();
    to_read.push_back(manifest.partitions.size() - 1);
    const bool to_pack = closed || manifest.hypertable;
    (to_pack ? packed : open) += found.bytes;
    if (to_pack) ++days_to_pack;
  }
  workshop.require_space(packed + open, open);

  const std::filesystem::path dumped = workshop.scratch("dump");
  auto dumping = std::async(std::launch::async, [&] {
    tools.dump(dumped, manifest.schema, snapshot, left_out, workshop.settings().jobs);
  });
  // With one day, as every night, the other jobs have little to do.
  const int helpers = days_to_pack == 1 && workshop.settings().jobs > 1 ? 1 : 0;
  const auto read_partition = [&](Connection& connection, Partition& partition) {
    const std::string table = in_schema(manifest.schema, partition.name);
    const std::vector<Column> columns = columns_of(connection, table);
    partition.columns = storage::postgres::names_of(columns);
    if (!manifest.hypertable && !is_closed_partition(partition.name, workshop.now())) {
      partition.digest = copy_table(connection, table, kRecords, columns);
    } else {
      partition.file = workshop.pack_day(partition.name, helpers, [&](PackWriter& pack) {
        partition.digest = copy_table(connection, table, kRecords, columns,
                                      [&](std::string_view piece) { pack.write(piece); });
      });
    }
    workshop.note(fmt::format("{}: {} records", partition.name, partition.digest.rows));
  };
  const auto read_table = [&](Connection& connection, Table& table) {
    const std::string name = in_schema(manifest.schema, table.name);
    const std::vector<Column> columns = columns_of(connection, name);
    const TableDigest digest = copy_table(connection, name, table.name, columns);
    table.rows = digest.rows;
    table.hash = digest.hash;
    table.columns = storage::postgres::names_of(columns);
  };
  in_parallel(workshop.settings().jobs, to_read.size() + manifest.tables.size(), [&] {
    const std::shared_ptr<Connection> connection = connect(snapshot);
    return [&, connection](std::size_t i) {
      if (i < to_read.size()) {
        read_partition(*connection, manifest.partitions[to_read[i]]);
      } else {
        read_table(*connection, manifest.tables[i - to_read.size()]);
      }
    };
  });
  dumping.get();
  main->execute("end the snapshot", "COMMIT");
  save_dump(workshop, manifest, dumped);
  workshop.clear_scratch();
}

std::string PostgresPlace::occupied(const Manifest& manifest) {
  const std::unique_ptr<Connection> connection = connect();
  const auto there = [&](std::string_view table) {
    return scalar(*connection, "look for a store",
                  fmt::format("SELECT to_regclass({}) IS NOT NULL",
                              connection->quote(in_schema(manifest.schema, table)))) == "t";
  };
  if (!there(kRecords) && !there("schema_migrations")) return {};
  return fmt::format("there is a store in schema '{}' of database '{}'", manifest.schema, name());
}

std::string PostgresPlace::aside(const Manifest& manifest) {
  const std::unique_ptr<Connection> connection = connect();
  return fmt::format("schema '{}'", schema_aside(*connection, manifest));
}

std::string PostgresPlace::require_ready(const Manifest& manifest, bool replaces) {
  const std::unique_ptr<Connection> connection = connect();
  const std::string tool = tools_for(*connection, &manifest).require_restores(manifest.dump_tool);
  const std::string server =
      scalar(*connection, "ask for the version", "SELECT current_setting('server_version')");
  rehearse_restore(*connection, manifest, replaces);
  return fmt::format("{}, server {}{}", tool, server, replaces ? ", nobody uses the store" : "");
}

DiskNeed PostgresPlace::disk_need(const Manifest& manifest, const LoadSettings& settings) const {
  DiskNeed need;
  need.folder = settings.scratch;
  for (const FileEntry& file : manifest.files) need.bytes += file.raw_bytes;
  std::uint64_t rows = need.bytes;
  for (const Partition& partition : manifest.partitions) {
    if (partition.file) rows += partition.file->raw_bytes;
  }
  need.elsewhere = fmt::format("the server's disk takes {} and the indexes", human_size(rows));
  return need;
}

std::string PostgresPlace::set_aside(const Manifest& manifest) {
  const std::unique_ptr<Connection> connection = connect();
  const bool had = has_message_db(*connection, manifest.schema);
  std::string aside = set_schema_aside(*connection, manifest);
  if (had) remove_message_db(*connection);
  had_message_db_ = had;
  return aside;
}

void PostgresPlace::load_day(Connection& connection, const Repository& repository,
                             const Manifest& manifest, const Partition& partition) const {
  connection.start_copy("load " + partition.name,
                        storage::postgres::copy_in_statement(
                            in_schema(manifest.schema, partition.name), partition.columns));
  unpack(repository.at(partition.file->path), *partition.file, repository.key_for(manifest),
         [&](std::string_view piece) {
           static_cast<void>(connection.copy(piece));  // what the server has against it comes below
         });
  connection.finish_copy();
}

void PostgresPlace::load(const Repository& repository, const Manifest& manifest,
                         const LoadSettings& settings) {
  const Key* key = repository.key_for(manifest);
  const std::filesystem::path dump = settings.scratch / "dump";
  real_file_system().make_directories(dump, 0750);
  const std::string prefix = fmt::format("backups/{}/{}", manifest.id, kDump);
  for (const FileEntry& file : manifest.files) {
    if (!file.path.starts_with(prefix)) continue;
    std::string name = file.path.substr(prefix.size());
    name.resize(name.rfind(".zst"));
    unpack_to(repository.at(file.path), file, key, dump / name);
  }
  const std::unique_ptr<Connection> main = connect();
  const PostgresTools tools = tools_for(*main, &manifest);
  make_schema(*main, manifest.schema);
  tools.list(dump, manifest.hypertable);
  tools.restore(dump, "pre-data", 1);
  if (manifest.hypertable) {
    tools.restore_key(dump);
    make_empty_hypertable(*main, manifest);
  }
  auto data = std::async(std::launch::async, [&] { tools.restore(dump, "data", settings.jobs); });
  std::vector<const Partition*> days;
  for (const Partition& partition : manifest.partitions) {
    if (partition.file) days.push_back(&partition);
  }
  in_parallel(settings.jobs, days.size(), [&] {
    const std::shared_ptr<Connection> connection = connect();
    return
        [&, connection](std::size_t i) { load_day(*connection, repository, manifest, *days[i]); };
  });
  data.get();
  tools.restore(dump, "post-data", settings.jobs);
  if (manifest.hypertable) put_seals_back(*main);
  // Until then no daemon takes what is there for a store.
  tools.restore_ledger(dump);
  std::error_code ignored;
  std::filesystem::remove_all(dump, ignored);
  if (had_message_db_) make_message_db(conninfo_);
}

std::vector<Difference> PostgresPlace::compare(const Manifest& manifest, std::size_t jobs) {
  const std::size_t partitions = manifest.partitions.size();
  std::vector<std::vector<Difference>> found(partitions + manifest.tables.size());
  const auto compare_table = [&](Connection& connection, const std::string& name,
                                 std::string_view counts_as, const std::vector<std::string>& wanted,
                                 std::uint64_t rows, const storage::ContentHash& hash,
                                 std::vector<Difference>& into) {
    const std::string table = in_schema(manifest.schema, name);
    const std::string there =
        scalar(connection, "look for a table",
               fmt::format("SELECT to_regclass({}) IS NOT NULL", connection.quote(table)));
    if (there != "t") {
      into.push_back({name, "is missing"});
      return;
    }
    const std::vector<Column> columns = present(connection, table, name, wanted, into);
    compare_digests(name, rows, hash, copy_table(connection, table, counts_as, columns), into);
  };
  in_parallel(jobs, found.size(), [&] {
    const std::shared_ptr<Connection> connection = connect();
    return [&, connection](std::size_t i) {
      if (i < partitions) {
        const Partition& one = manifest.partitions[i];
        compare_table(*connection, one.name, kRecords, one.columns, one.digest.rows,
                      one.digest.hash, found[i]);
      } else {
        const Table& one = manifest.tables[i - partitions];
        compare_table(*connection, one.name, one.name, one.columns, one.rows, one.hash, found[i]);
      }
    };
  });
  std::vector<Difference> differences;
  for (auto& list : found) differences.insert(differences.end(), list.begin(), list.end());
  const std::unique_ptr<Connection> connection = connect();
  const std::size_t there = list_partitions(*connection).size();
  if (there != partitions) {
    differences.push_back(
        {std::string(kRecords), fmt::format("{} days, the manifest has {}", there, partitions)});
  }
  return differences;
}

std::uint64_t PostgresPlace::cut_off(Timestamp until) {
  const std::unique_ptr<Connection> connection = connect();
  return cut_off_postgres(*connection, until);
}

storage::Backend PostgresPlace::open(const config::Config& config, const Clock& clock) {
  config::StoreTarget target = target_;
  target.connection = {{"database.url", conninfo_}};
  return storage::postgres::open_postgres(config, target, clock, storage::Access::read_write);
}

}  // namespace logctl::backup

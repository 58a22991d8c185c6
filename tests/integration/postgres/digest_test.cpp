// The content hash is one definition: the same records give the same hash in both kinds of store.
#include "shared/base/time_text.h"
#include "shared/migrations/runner.h"
#include "shared/storage/postgres/open.h"
#include "shared/storage/postgres/table_copy.h"
#include "shared/storage/sqlite/open.h"
#include "shared/storage/sqlite/snapshot.h"
#include "tests/support/catch.h"
#include "tests/support/postgres.h"
#include "tests/support/temp_dir.h"

#include <string>
#include <vector>

using namespace logctl;

namespace {

struct Records {
  Records() {
    const Timestamp day = *parse_rfc3339("2026-01-10T00:00:00Z");
    for (int i = 0; i < 100; ++i) {
      ids.push_back("id" + std::to_string(i));
      LogRecord record;
      record.timestamp = day + std::chrono::minutes(i) + microseconds(i);
      record.received_at = record.timestamp + milliseconds(5);
      record.message = "ein Text mit \xC3\xA4 und \t";
      record.properties = R"({"a": 1})";  // as PostgreSQL spells it too
      if (i % 2 == 0) record.sequence_number = -i;
      if (i % 3 == 0) record.processed_at = record.received_at;
      if (i % 5 == 0) record.service = "s";
      record.level = i % 7 == 0 ? Level::error : Level::none;
      records.push_back(record);
    }
    for (std::size_t i = 0; i < ids.size(); ++i) records[i].event_id = ids[i];
    for (const LogRecord& record : records) pointers.push_back(&record);
  }
  void append_to(storage::Backend& store, const Clock& clock) const {
    migrations::up(*store.schema, std::nullopt, seconds(30), clock);
    const auto result = store.logs->append(pointers, {"test"});
    for (const Outcome outcome : result.outcomes) REQUIRE(outcome == Outcome::stored);
  }

  std::vector<std::string> ids;
  std::vector<LogRecord> records;
  std::vector<const LogRecord*> pointers;
};

}  // namespace

TEST_CASE("postgres: the content hash of records is that of the embedded store", "[postgres]") {
  const Records records;
  const ManualClock clock(*parse_rfc3339("2026-01-11T00:00:00Z"));
  const config::Config config;

  const test::PostgresSchema schema;
  config::StoreTarget server;
  server.kind = config::StoreKind::postgres;
  server.connection = {{"database.url", schema.url()}};
  storage::Backend postgres =
      storage::postgres::open_postgres(config, server, clock, storage::Access::read_write);
  records.append_to(postgres, clock);
  storage::postgres::Connection connection = schema.connect();
  const auto columns = storage::postgres::columns_of(connection, "logs_20260110");
  const storage::TableDigest there =
      storage::postgres::copy_table(connection, "logs_20260110", "logs", columns);

  const test::TempDir folder;
  config::StoreTarget target;
  target.directory = folder.path();
  storage::Backend sqlite =
      storage::sqlite::open_sqlite(config, target, clock, storage::Access::read_write);
  records.append_to(sqlite, clock);
  storage::sqlite::Connection day(folder.path() / "logs/2026-01-10.sqlite",
                                  storage::sqlite::Mode::read_write, seconds(5));
  const storage::TableDigest here =
      storage::sqlite::digest_table(day, "logs", storage::sqlite::column_names(day, "logs"));

  CHECK(here.rows == 100);
  CHECK(there.rows == here.rows);
  CHECK(there.hash == here.hash);
  CHECK(there.first == here.first);
  CHECK(there.last_received == here.last_received);
}

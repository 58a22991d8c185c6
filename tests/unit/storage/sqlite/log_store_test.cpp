#include "shared/storage/sqlite/log_store.h"

#include "shared/storage/sqlite/day_writer.h"
#include "shared/storage/steps.h"
#include "tests/unit/storage/sqlite/store_fixture.h"

#include <sys/stat.h>
#include <thread>
#include <time.h>
#include <unistd.h>

using namespace logctl;
using namespace logctl::test;
using namespace logctl::storage::sqlite;
using Catch::Matchers::Contains;
using storage::Access;

namespace {

constexpr milliseconds kShort(10);
using Outcomes = std::vector<Outcome>;

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

std::int64_t ask(const std::filesystem::path& file, std::string_view sql) {
  return Connection(file, Mode::read_only, kShort).scalar(sql);
}

void damage(const std::filesystem::path& file) {
  File::create(file).write_all(std::string(20'000, 'x'));
}

}  // namespace

TEST_CASE("sqlite: files have the documented names and are closed to others", "[storage]") {
  SqliteStore store;
  store.append("a", {0, 1});
  CHECK(std::filesystem::exists(store.directory.root() / "meta.sqlite"));
  CHECK(store.day_file(0) == store.directory.root() / "logs" / "2026-03-10.sqlite");
  CHECK(std::filesystem::exists(store.directory.root() / "logs" / "2026-03-09.sqlite"));
  for (const auto& file : {store.day_file(0), store.directory.meta_file()}) {
    CHECK((mode_of(file) & ~0640U) == 0);
    CHECK((mode_of(file.string() + "-wal") & ~0640U) == 0);
  }
  CHECK((mode_of(store.directory.logs()) & ~0750U) == 0);
  CHECK(ask(store.day_file(0), "PRAGMA user_version") == newest_day_version());
  CHECK(ask(store.day_file(0), "PRAGMA page_size") == 8192);
}

TEST_CASE("sqlite: what the super user makes belongs to the owner of the directory", "[storage]") {
  if (::geteuid() != 0) return;  // nobody else can give files away
  TempDir folder;
  constexpr uid_t kSomebody = 12345;
  REQUIRE(::chown(folder.path().c_str(), kSomebody, kSomebody) == 0);
  const Directory directory(folder.path() / "a" / "b");
  directory.create();
  create_file(directory.meta_file());
  for (const auto& path :
       {directory.root().parent_path(), directory.logs(), directory.meta_file()}) {
    struct stat info {};
    REQUIRE(::stat(path.c_str(), &info) == 0);
    CHECK(info.st_uid == kSomebody);
  }
}

TEST_CASE("sqlite: reading makes no files and other names are no days", "[storage]") {
  SqliteStore store;
  for (const char* name : {"notes.txt", "2026-13-40.sqlite", "2026-03-09.sqlite.bak"}) {
    File::create(store.directory.logs() / name).write_all("not a day");
  }
  CHECK(store.rows() == 0);
  CHECK_FALSE(store.logs().find("default", {store.clock.now(), "a"}).has_value());
  CHECK(store.logs().total_rows() == 0);
  CHECK(store.directory.days().empty());
  CHECK_FALSE(std::filesystem::exists(store.day_file(0)));
}

TEST_CASE("sqlite: a file without tables yet is an empty day", "[storage]") {
  SqliteStore store;
  create_file(store.day_file(0));
  CHECK(store.rows() == 0);
  CHECK(store.append("a", {0}).outcomes == Outcomes{Outcome::stored});
  CHECK(store.rows() == 1);
}

TEST_CASE("sqlite: opened for reading, a store answers and takes nothing", "[storage]") {
  SqliteStore store;
  store.append("a", {0, 3});
  storage::Backend reader = store.open(Access::read_only);
  CHECK(reader.logs->count(SqliteStore::everything()) == 2);
  CHECK_NOTHROW(reader.logs->ping());
  CHECK_NOTHROW(reader.logs->maintain(store.clock.now()));
  CHECK_NOTHROW(migrations::require_current(*reader.schema));
  const LogRecord record;
  const std::vector<const LogRecord*> records = {&record};
  CHECK_THAT(error_of([&] { reader.logs->append(records, {"test"}); }).message(),
             Contains("opened for reading only"));
  CHECK(error_of([&] { reader.keys->insert({}); }).code() == ErrorCode::storage);
  CHECK_THROWS_AS(reader.schema->lock(seconds(0)), Error);
}

TEST_CASE("sqlite: reading where there is no store says so and makes none", "[storage]") {
  TempDir folder;
  config::StoreTarget target;
  target.directory = folder.path() / "none";
  const Error error = error_of([&] { open_sqlite({}, target, system_clock(), Access::read_only); });
  CHECK(error.code() == ErrorCode::not_found);
  CHECK_THAT(error.message(), Contains("there is no store in"));
  CHECK_FALSE(error.hint().empty());
  CHECK_FALSE(std::filesystem::exists(target.directory));
}

TEST_CASE("sqlite: without its migrations a store says what to run", "[storage]") {
  SqliteStore store;
  migrations::down(*store.backend.schema, 0, seconds(5));
  const Error error = error_of([&] { store.backend.keys->list(); });
  CHECK_THAT(error.message(), Contains("no such table"));
  CHECK(error.hint() == "run `logctl migrate up`");
}

TEST_CASE("sqlite: a damaged day is named and costs no other day", "[storage]") {
  SqliteStore store;
  damage(store.day_file(1));
  const storage::AppendResult result = store.append("a", {0, 1, 2});
  CHECK(result.outcomes == Outcomes{Outcome::stored, Outcome::failed, Outcome::stored});
  CHECK_THAT(result.failure, Contains("2026-03-09.sqlite") && Contains("will not help"));
  const Error error = error_of([&] { store.rows(); });
  CHECK(error.code() == ErrorCode::storage);
  CHECK_THAT(error.message(), Contains("2026-03-09.sqlite"));
  CHECK_THAT(error.hint(), Contains("backup"));
  query::Query today = SqliteStore::everything();
  today.since = store.clock.now();
  CHECK(store.logs().count(today) == 1);
}

TEST_CASE("sqlite: a day file of a newer logctl is left alone", "[storage]") {
  SqliteStore store;
  store.append("a", {0, 1});
  store.backend = {};
  Connection(store.day_file(0), Mode::read_write, kShort).execute("PRAGMA user_version = 999");
  store.backend = store.open();
  const Error error = error_of([&] { store.rows(); });
  CHECK(error.code() == ErrorCode::drift);
  CHECK_THAT(error.message(), Contains("2026-03-10.sqlite") && Contains("schema version 999"));
  const storage::AppendResult result = store.append("b", {0, 1});
  CHECK(result.outcomes == Outcomes{Outcome::failed, Outcome::stored});
  CHECK_THAT(result.failure, Contains("schema version 999"));
}

TEST_CASE("sqlite: a day removed by retention is gone for readers and new for writers",
          "[storage]") {
  SqliteStore store;
  store.append("a", {0, 1, 2});
  CHECK(store.rows() == 3);
  store.remove_day(1);
  CHECK(store.rows() == 2);
  CHECK(store.logs().total_rows() == 2);
  CHECK_FALSE(
      store.logs().find("default", {store.clock.now() - std::chrono::hours(24), "a"}).has_value());
  // The open connection must not write into the removed file.
  CHECK(store.append("late", {1}).outcomes == Outcomes{Outcome::stored});
  CHECK(store.rows() == 3);
  CHECK(ask(store.day_file(1), "SELECT count(*) FROM logs") == 1);
}

TEST_CASE("sqlite: another process in the way is a lock that may go away", "[storage]") {
  SqliteStore store;
  store.append("a", {0});
  Connection other(store.day_file(0), Mode::read_write, kShort);
  const Transaction held(other);
  DayWriter writer(store.directory, day_of(store.clock.now()), kShort);
  const Error error = error_of([&] { writer.forget_ids(store.clock.now()); });
  CHECK(error.code() == ErrorCode::locked);
  CHECK(info(error.code()).retryable);
  CHECK_THAT(error.message(), Contains("2026-03-10.sqlite"));
  CHECK(store.rows() == 1);  // readers are not held up
}

TEST_CASE("sqlite: maintenance brings closed days to rest", "[storage]") {
  SqliteStore store;
  store.by_id = true;
  CHECK(store.append("a", {0}).outcomes == Outcomes{Outcome::stored});
  const std::filesystem::path file = store.day_file(0);
  CHECK(std::filesystem::file_size(file.string() + "-wal") > 0);
  store.clock.advance(std::chrono::hours(24));
  store.logs().maintain(store.clock.now());
  const auto log_size = [&] {
    std::error_code none;
    const auto size = std::filesystem::file_size(file.string() + "-wal", none);
    return none ? 0 : size;
  };
  CHECK(log_size() == 0);
  CHECK(ask(file, "SELECT count(*) FROM recent_ids") == 1);  // the window still covers it
  store.clock.advance(std::chrono::hours(24));
  store.logs().maintain(store.clock.now());
  CHECK(log_size() == 0);
  CHECK(ask(file, "SELECT count(*) FROM recent_ids") == 0);
  CHECK(store.rows() == 1);
}

TEST_CASE("sqlite: a damaged day costs no other day its maintenance", "[storage]") {
  SqliteStore store;
  store.by_id = true;
  store.append("a", {0});
  const std::filesystem::path sound = store.day_file(0);
  damage(store.day_file(2));
  // Something to do there, so that the file is opened.
  File::create(store.day_file(2).string() + "-wal").write_all("x");
  store.clock.advance(std::chrono::hours(48));
  const Error error = error_of([&] { store.logs().maintain(store.clock.now()); });
  CHECK(error.code() == ErrorCode::storage);
  CHECK_THAT(error.message(), Contains("2026-03-08.sqlite"));
  CHECK(ask(sound, "SELECT count(*) FROM recent_ids") == 0);
}

TEST_CASE("sqlite: the counters of rows agree with the rows", "[storage]") {
  SqliteStore store;
  for (const char* id : {"a", "b", "a"}) store.append(id, {0, 0, 1});
  CHECK(store.logs().count(SqliteStore::everything()) == 4);
  CHECK(store.logs().total_rows() == 4);
  CHECK(ask(store.day_file(0), "SELECT rows FROM tenant_rows WHERE tenant = 'default'") == 2);
}

TEST_CASE("sqlite: sorting by a column reaches a bounded number of rows", "[storage]") {
  SqliteStore store;
  store.append("a", {0, 1});
  query::Query query = SqliteStore::everything();
  query.sort = query::Field::host;
  query.limit = 10;
  query.offset = 9'990;
  CHECK(store.logs().search(query).batch.records.empty());
  query.offset = 9'991;
  const Error error = error_of([&] { store.logs().search(query); });
  CHECK(error.code() == ErrorCode::validation_error);
  CHECK(error.message() == "sorting by host reaches the first 10000 rows, asked for row 10001");
  query.offset = UINT64_MAX;
  CHECK(error_of([&] { store.logs().search(query); }).code() == ErrorCode::validation_error);
}

TEST_CASE("sqlite: a query past its time limit ends with a timeout", "[storage]") {
  config::Config config;
  config.database.statement_timeout = microseconds(1);
  SqliteStore store(config);
  store.append("a", {0});
  Connection(store.day_file(0), Mode::read_write, kShort)
      .execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
          "INSERT INTO logs (timestamp, event_id, tenant, received_at, priority) "
          "SELECT i, i, 'default', i, 'normal' FROM n");
  query::Query query = SqliteStore::everything();
  query.filters = {{query::Field::message, query::Op::contains, "nothing", {}}};
  const Error error = error_of([&] { store.logs().search(query); });
  CHECK(error.code() == ErrorCode::timeout);
  CHECK(error_of([&] { store.logs().total_rows(); }).code() == ErrorCode::timeout);

  store.config.database.statement_timeout = microseconds(0);  // no limit
  const storage::Backend unlimited = store.open(Access::read_only);
  CHECK_NOTHROW(unlimited.logs->search(query));
  CHECK(unlimited.logs->total_rows() == 1);
}

TEST_CASE("sqlite: two migrators, the second is told who is at work", "[storage]") {
  SqliteStore store;
  const auto held = store.backend.schema->lock(seconds(5));
  storage::Backend other = store.open();
  const Error error = error_of([&] { other.schema->lock(kShort); });
  CHECK(error.code() == ErrorCode::locked);
  CHECK_THAT(error.message(), Contains("process " + std::to_string(::getpid())));
}

TEST_CASE("sqlite: a day file from before there were books reads as an opening balance",
          "[storage]") {
  SqliteStore store;
  store.append("a", {0, 1});
  store.backend = {};
  {
    Connection old(store.day_file(0), Mode::read_write, kShort);
    std::vector<storage::Step> steps = storage::steps_of("sqlite-day");
    for (; steps.size() > 1; steps.pop_back()) old.execute(std::string(steps.back().down));
    old.execute("PRAGMA user_version = 1");
  }
  using Accounts = std::vector<storage::Account>;
  const Accounts before = {{"opening balance", "default", "received", 1},
                           {"opening balance", "default", "stored", 1},
                           {"test", "default", "received", 1},
                           {"test", "default", "stored", 1}};
  CHECK(store.open(Access::read_only).logs->accounts() == before);
  CHECK(ask(store.day_file(0), "PRAGMA user_version") == 1);
  store.backend = store.open();
  CHECK(store.append("b", {0}).outcomes == Outcomes{Outcome::stored});
  CHECK(ask(store.day_file(0), "PRAGMA user_version") == newest_day_version());
  const Accounts after = {
      before[0], before[1], {"test", "default", "received", 2}, {"test", "default", "stored", 2}};
  CHECK(store.logs().accounts() == after);
}

TEST_CASE("sqlite: the books of a removed day go with it", "[storage]") {
  SqliteStore store;
  store.append("a", {0, 1});
  CHECK(store.logs().accounts().back().count == 2);
  store.remove_day(1);
  CHECK(store.logs().accounts().back().count == 1);
  const Error error = error_of([&] {
    static_cast<void>(store.logs().append({}, {"spool", {}, storage::Origin::Move{0, 1}}));
  });
  CHECK(error.code() == ErrorCode::internal);
}

TEST_CASE("sqlite: a log that has grown is moved into its file beside the commits", "[storage]") {
  SqliteStore store;
  const std::string text(100'000, 'x');
  std::deque<std::string> ids;
  std::deque<LogRecord> records;
  std::vector<const LogRecord*> pointers;
  for (int i = 0; i < 450; ++i) {  // some 44 MB
    LogRecord& record = records.emplace_back();
    record.timestamp = store.clock.now() + microseconds(i);
    record.event_id = ids.emplace_back(std::to_string(i));
    record.message = text;
    pointers.push_back(&record);
  }
  CHECK(store.logs().append(pointers, {"test"}).failure.empty());
  // Nobody commits any more: only the store's own thread can do it.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::filesystem::file_size(store.day_file(0)) < 44'000'000 &&
         std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  CHECK(std::filesystem::file_size(store.day_file(0)) >= 44'000'000);
  CHECK(store.append("last", {0}).outcomes == Outcomes{Outcome::stored});
  CHECK(store.logs().total_rows() == 451);
}

TEST_CASE("sqlite: the page is the same while writers are busy", "[storage]") {
  SqliteStore store;
  const auto load = std::make_shared<storage::WriteLoad>();
  SqliteLogStore logs(store.directory, store.config, store.clock, Access::read_only, load);
  std::deque<LogRecord> records;
  std::vector<const LogRecord*> pointers;
  for (int i = 0; i < 300; ++i) {
    LogRecord& record = records.emplace_back();
    record.timestamp = store.clock.now() - std::chrono::minutes(17 * i);
    if (i % 5 == 0) record.timestamp = std::chrono::floor<std::chrono::hours>(record.timestamp);
    if (i % 10 == 0) record.timestamp -= microseconds(1);  // the last one of an hour
    record.received_at = store.clock.now();
    record.event_id = i % 2 == 0 ? "a" : "b";
    record.level = i % 3 == 0 ? Level::error : Level::info;
    pointers.push_back(&record);
  }
  REQUIRE(store.logs().append(pointers, {"test"}).failure.empty());
  std::vector<query::Query> questions;
  for (const query::Order order : {query::Order::descending, query::Order::ascending}) {
    for (const std::uint32_t limit : {7U, 1000U}) {
      query::Query query;
      query.order = order;
      query.limit = limit;
      questions.push_back(query);
      query.since = store.clock.now() - std::chrono::minutes(3000);
      query.until = store.clock.now() - std::chrono::minutes(90);
      questions.push_back(query);
      query.after = query::Cursor{records[50].timestamp, "b"};
      questions.push_back(query);
      query.after.reset();
      query.offset = 11;
      questions.push_back(query);
      query.filters = {{query::Field::level, query::Op::equal, "error", {}}};
      query.offset = 0;
      questions.push_back(query);
    }
  }
  const auto answers = [&] {
    std::vector<std::vector<std::string>> all;
    for (const query::Query& query : questions) {
      std::vector<std::string>& rows = all.emplace_back();
      const storage::Page page = logs.search(query);
      for (const LogRecord& record : page.batch.records) {
        rows.push_back(format_rfc3339(record.timestamp) + std::string(record.event_id));
      }
      rows.push_back(page.next ? format_rfc3339(page.next->timestamp) : "");
    }
    return all;
  };
  const auto at_ease = answers();
  CHECK(at_ease[3].size() == 1 + 7);
  load->begin(std::chrono::steady_clock::now() - std::chrono::hours(1));
  REQUIRE(load->saturated());
  CHECK(answers() == at_ease);
}

TEST_CASE("sqlite: a question that reads much rests beside writers", "[storage]") {
  SqliteStore store;
  const auto load = std::make_shared<storage::WriteLoad>();
  SqliteLogStore logs(store.directory, store.config, store.clock, Access::read_only, load);
  int stored = 0;
  const auto add_records = [&] {
    std::deque<std::string> ids;
    std::deque<LogRecord> records;
    std::vector<const LogRecord*> pointers;
    for (const int end = stored + 60'000; stored < end; ++stored) {
      LogRecord& record = records.emplace_back();
      record.timestamp = store.clock.now() - std::chrono::seconds(4 * stored);
      record.received_at = store.clock.now();
      record.event_id = ids.emplace_back(std::to_string(stored));
      record.properties = R"({"a": {"b": "c"}, "n": 17})";
      pointers.push_back(&record);
    }
    REQUIRE(store.logs().append(pointers, {"test"}).failure.empty());
  };
  query::Query nothing;
  nothing.limit = 10;
  nothing.filters = {{{}, query::Op::equal, "d", {"a", "b"}}};
  const auto processor_time = [] {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  // As many as make it long on this machine: what is short never rests.
  constexpr std::chrono::milliseconds kLong{60};
  for (auto worked = processor_time(); processor_time() - worked < kLong;) {
    add_records();
    worked = processor_time();
    CHECK(logs.count(nothing) == 0);
  }
  load->begin(std::chrono::steady_clock::now() - std::chrono::hours(1));
  const auto worked = processor_time();
  const auto begun = std::chrono::steady_clock::now();
  CHECK(logs.search(nothing).batch.records.empty());
  CHECK(logs.count(nothing) == 0);
  // Rests are twice as long as the work before, but for the last parts'.
  CHECK(std::chrono::steady_clock::now() - begun > 2 * (processor_time() - worked));
}

// What only a server with several writers can get wrong: the order of commits, other people's
// transactions through the message-db functions, connections that break, news.
#include "shared/storage/postgres/open.h"
#include "shared/storage/steps.h"
#include "tests/conformance/message_world.h"
#include "tests/support/eventually.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::test;
using storage::postgres::Connection;

namespace {

// A store with the namespace `default` and the message-db functions, which any transaction may use.
struct SqlWorld {
  ManualClock clock{at("2026-03-10T12:00:00Z")};
  PostgresSchema schema;
  storage::Backend backend = open();
  std::unique_ptr<storage::SchemaStore> feature;

  SqlWorld() {
    migrations::up(*backend.schema, std::nullopt, seconds(30), clock);
    storage::Namespace row;
    row.id = "default";
    row.token_hash = std::string(64, 'a');
    row.created_at = clock.now();
    backend.messages->create_namespace(row);
    feature = backend.schema->feature("message-db");
    functions().up();
  }
  ~SqlWorld() { functions().down(0); }
  SqlWorld(const SqlWorld&) = delete;
  SqlWorld& operator=(const SqlWorld&) = delete;

  migrations::Runner functions() {
    return {*feature, storage::steps_of(feature->migration_set()), seconds(30), clock};
  }
  storage::Backend open() const {
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    return storage::postgres::open_postgres({}, target, clock, storage::Access::read_write);
  }
  static std::vector<WriteResult> write(storage::MessageStore& store, std::vector<Draft> drafts) {
    for (Draft& draft : drafts) draft.name_space = "default";
    const MessageTime now = std::chrono::system_clock::now();
    return MessageWorld::write_to(store, std::move(drafts), now);
  }
  void add_namespace(const std::string& id) {
    storage::Namespace row;
    row.id = id;
    row.token_hash = std::string(64, 'b');
    row.created_at = clock.now();
    REQUIRE(backend.messages->create_namespace(row));
  }
  void check_whole() {
    const storage::MessageAudit audit = backend.messages->verify("default", {});
    INFO("first problem: " << (audit.problems.empty() ? "" : audit.problems.front()));
    CHECK(audit.problem_count == 0);
  }
};

CategoryRead reading(std::string category, std::int64_t from) {
  return {.name_space = "default",
          .category = std::move(category),
          .global_position = from,
          .limit = kAll,
          .correlation = {},
          .group = std::nullopt};
}

// So many, of a hundred streams, with gaps between their global positions.
std::vector<Message> some_messages(int count, std::int64_t first) {
  std::vector<Message> messages;
  for (int i = 0; i < count; ++i) {
    Message& message = messages.emplace_back();
    message.global_position = first + std::int64_t{i} * 7;
    message.id = message_id(static_cast<std::uint64_t>(message.global_position));
    message.stream = fmt::format("bulk{}-{}", first, i % 100);
    message.position = i / 100;
    message.type = "Happened";
    message.data = "{}";
  }
  return messages;
}

std::string call(const std::string& stream) {
  return fmt::format(
      "SELECT message_store.write_message(gen_random_uuid()::varchar, '{}', 'Happened', '{{}}')",
      stream);
}

}  // namespace

TEST_CASE("postgres messages: who waits for a transaction comes behind it", "[postgres]") {
  SqlWorld world;
  Connection slow = world.schema.connect();
  slow.execute("test", "BEGIN; " + call("order-slow"));
  std::atomic<bool> written = false;
  std::jthread fast([&] {
    SqlWorld::write(*world.backend.messages, {{.stream = "order-fast"}});
    written = true;
  });
  const auto waits = [&] {
    return world.schema.ask(
               "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
               "query LIKE '%message_namespaces%'") == "1";
  };
  CHECK(eventually(waits));
  // Nobody sees a position before those below it are there.
  CHECK(world.backend.messages->read_category(reading("order", 1)).messages.empty());
  CHECK_FALSE(written);
  slow.execute("test", "COMMIT");
  fast.join();
  const auto page = world.backend.messages->read_category(reading("order", 1));
  CHECK(stream_names(page.messages) == Names{"order-slow", "order-fast"});
  CHECK(global_positions(page.messages) == Numbers{1, 2});
  world.check_whole();
}

TEST_CASE("postgres messages: a transaction that holds a namespace keeps no other waiting",
          "[postgres]") {
  SqlWorld world;
  storage::MessageStore& messages = *world.backend.messages;
  world.add_namespace("other");
  Connection slow = world.schema.connect();
  slow.execute("test", "BEGIN; " + call("order-slow"));

  const auto one = [](std::string_view name_space, std::string_view id) {
    MessageWrite write;
    write.name_space = name_space;
    write.stream = "order-1";
    write.id = id;
    write.type = "Happened";
    write.data = "{}";
    return write;
  };
  const std::string a = message_id(1);
  const std::vector<MessageWrite> both = {one("default", a), one("other", a), one("nowhere", a)};
  const auto begun = std::chrono::steady_clock::now();
  CHECK(kinds(messages.write(both, {})) ==
        Kinds{Kind::busy, Kind::written, Kind::unknown_namespace});
  CHECK(kinds(messages.write({both.data(), 1}, {})) == Kinds{Kind::busy});
  const std::vector<Message> imported = some_messages(10, 2);
  CHECK(messages.import("other", imported, false) == 10);
  CHECK(messages.clear("other") == 11);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));

  slow.execute("test", "COMMIT");
  CHECK(kinds(messages.write(both, {})) ==
        Kinds{Kind::written, Kind::written, Kind::unknown_namespace});
  world.check_whole();
}

TEST_CASE("postgres messages: what is removed is gone at once, and bit by bit", "[postgres]") {
  SqlWorld world;
  storage::MessageStore& messages = *world.backend.messages;
  const auto rows = [&] {
    return world.schema.ask(
        "SELECT (SELECT count(*) FROM stored_messages) + (SELECT count(*) FROM message_streams) + "
        "(SELECT count(*) FROM message_categories) + (SELECT count(*) FROM message_namespaces)");
  };
  const auto names = [&] {
    Names result;
    for (const auto& row : messages.namespaces()) result.push_back(row.id);
    return result;
  };
  world.add_namespace("large");
  CHECK(messages.import("large", some_messages(4500, 1), false) == 4500);
  CHECK(messages.clear("large") == 4500);
  CHECK(rows() == "2");
  CHECK(messages.namespace_figures("large")->token_hash == std::string(64, 'b'));
  CHECK(messages.namespace_figures("large")->messages == 0);
  CHECK(messages.import("large", some_messages(4500, 1), false) == 4500);
  CHECK(messages.delete_namespace("large") == 4500);
  CHECK(rows() == "1");
  CHECK_FALSE(messages.delete_namespace("large"));
  CHECK(names() == Names{"default"});

  // What another process has left is deleted beside writes, and seen by nobody.
  world.add_namespace("left");
  CHECK(messages.import("left", some_messages(900, 1), false) == 900);
  world.schema.ask("UPDATE message_namespaces SET id = NULL WHERE id = 'left' RETURNING 1");
  CHECK(names() == Names{"default"});
  const storage::Backend other = world.open();
  int writes = 0;
  CHECK(eventually([&] {
    SqlWorld::write(*other.messages, {{.stream = "a-1"}});
    ++writes;
    return rows() == std::to_string(3 + writes);
  }));
  world.check_whole();
}

TEST_CASE("postgres messages: an import behind everything still finds an id that is taken",
          "[postgres]") {
  SqlWorld world;
  storage::MessageStore& messages = *world.backend.messages;
  std::vector<Message> first = some_messages(20, 1);
  CHECK(messages.import("default", first, false) == 20);
  std::vector<Message> behind = some_messages(20, 1000);
  behind[7].id = first[3].id;
  CHECK(code_of([&] { messages.import("default", behind, true); }) == ErrorCode::conflict);
  CHECK(messages.namespace_figures("default")->messages == 20);
  behind[7].id = message_id(5000);
  CHECK(messages.import("default", behind, true) == 20);
  CHECK(messages.import("default", behind, true) == 0);
  world.check_whole();
}

TEST_CASE("postgres messages: a reader never finds a message below what it has read",
          "[postgres]") {
  SqlWorld world;
  std::atomic<int> writers = 5;
  std::atomic<std::size_t> committed = 0;
  std::vector<std::jthread> threads;
  // Transactions that take their time between writing and committing; some do not commit.
  for (int writer = 0; writer < 3; ++writer) {
    threads.emplace_back([&, writer] {
      Connection connection = world.schema.connect();
      for (int i = 0; i < 60; ++i) {
        const std::string stream = fmt::format("order-sql{}", writer);
        connection.execute("test", fmt::format("BEGIN; {}; {}; SELECT pg_sleep({})", call(stream),
                                               call(stream), i % 3 == 0 ? 0.02 : 0.0));
        const bool commits = i % 4 != 0;
        connection.execute("test", commits ? "COMMIT" : "ROLLBACK");
        if (commits) committed += 2;
      }
      --writers;
    });
  }
  // Two instances of the store, quick ones.
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&, writer] {
      const storage::Backend other = world.open();
      for (int i = 0; i < 100; ++i) {
        SqlWorld::write(*other.messages, {{.stream = fmt::format("order-{}", writer)},
                                          {.stream = fmt::format("order-{}+{}", writer, i)}});
        committed += 2;
      }
      --writers;
    });
  }
  std::vector<std::int64_t> seen;
  const storage::Backend reader = world.open();
  for (bool last = false; !last;) {
    last = writers == 0;
    const std::int64_t from = seen.empty() ? 1 : seen.back() + 1;
    for (const Message& message : MessageWorld::all_of(*reader.messages, reading("order", from))) {
      seen.push_back(message.global_position);
    }
  }
  for (std::jthread& thread : threads) thread.join();
  CHECK(seen.size() == committed);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(global_positions(MessageWorld::all_of(*reader.messages, reading("order", 1))) == seen);
  world.check_whole();
}

TEST_CASE("postgres messages: what a connection knows ends where somebody else writes",
          "[postgres]") {
  SqlWorld world;
  const storage::Backend other = world.open();
  std::map<std::string, std::int64_t> versions;  // of the last messages
  std::int64_t global_position = 0;
  const auto written = [&](const std::string& stream) {
    const auto [version, is_new] = versions.try_emplace(stream, -1);
    ++global_position;
    return ++version->second;
  };
  const auto write = [&](storage::MessageStore& store, int round) {
    // Streams of before, one that the others write too, and a new one.
    std::vector<Draft> drafts;
    for (const int number : {0, round % 3, round % 7, 100 + round}) {
      Draft draft{.stream = fmt::format("order-{}", number)};
      if (round % 2 == 0)
        draft.expected = versions.contains(draft.stream) ? versions[draft.stream] : -1;
      const bool right = std::ranges::none_of(
          drafts, [&](const Draft& before) { return before.stream == draft.stream; });
      if (!right) draft.expected.reset();
      drafts.push_back(std::move(draft));
    }
    drafts.push_back({.stream = "order-0", .expected = 1'000'000});
    const auto results = SqlWorld::write(store, drafts);
    for (std::size_t i = 0; i + 1 < drafts.size(); ++i) {
      REQUIRE(results[i].kind == Kind::written);
      REQUIRE(results[i].position == written(drafts[i].stream));
      REQUIRE(results[i].global_position == global_position);
    }
    REQUIRE(results.back().kind == Kind::wrong_version);
    REQUIRE(results.back().position == versions["order-0"]);
  };
  for (int round = 0; round < 120; ++round) {
    INFO("round " << round);
    // Several in a row, so that one of them goes by what it knows.
    const bool first = round / 5 % 2 == 0;
    write(first ? *world.backend.messages : *other.messages, round);
    if (round % 11 == 0) {
      world.schema.ask(call("order-1"));
      written("order-1");
    }
    if (round % 17 == 0) {
      const std::string stream = "order-2";
      std::vector<Message> imported = some_messages(1, global_position + 1);
      imported.front().stream = stream;
      imported.front().position = written(stream);
      REQUIRE(other.messages->import("default", imported, false) == 1);
    }
    if (round % 53 == 52) {
      REQUIRE(other.messages->clear("default") == global_position);
      versions.clear();
      global_position = 0;
    }
  }
  world.check_whole();
}

TEST_CASE("postgres messages: plans from when there was next to nothing stay right", "[postgres]") {
  constexpr std::uint64_t kStreams = 3000;
  constexpr std::uint64_t kGroup = 500;
  SqlWorld world;
  {
    const storage::Backend instance = world.open();
    SqlWorld::write(*instance.messages, {{.stream = "order-1"}});
    // The planner takes the next plans for those of tables with one row.
    world.schema.connect().execute("test", "ANALYZE");
    for (std::uint64_t first = 0; first < kStreams; first += kGroup) {
      std::vector<Draft> with_ids;
      std::vector<Draft> more;
      for (std::uint64_t i = first; i < first + kGroup; ++i) {
        with_ids.push_back(with_id(i, fmt::format("order-{}", i)));
        more.push_back({.stream = with_ids.back().stream});
      }
      SqlWorld::write(*instance.messages, with_ids);
      SqlWorld::write(*instance.messages, with_ids);
      SqlWorld::write(*instance.messages, more);
    }
  }
  // Each look-up reads a row or two; by another index it would be thousands.
  const auto most = [&] {
    return world.schema.ask(
        "SELECT max(idx_tup_read) FROM pg_stat_user_indexes WHERE schemaname = current_schema() "
        "AND (relname LIKE 'message%' OR relname = 'stored_messages')");
  };
  CHECK(eventually([&] { return std::stoll(most()) >= static_cast<long long>(kStreams); }));
  INFO(most());
  CHECK(std::stoull(most()) < 20 * kStreams);
  world.check_whole();
}

TEST_CASE("postgres messages: news of one instance and of SQL reach another", "[postgres]") {
  SqlWorld world;
  const storage::Backend other = world.open();
  const auto news = other.message_news();
  CHECK(news->next(microseconds(0)).empty());
  SqlWorld::write(*world.backend.messages, {{.stream = "order-1"}, {.stream = "order-2"}});
  CHECK(news->next(seconds(30)) == Names{"default"});
  world.schema.ask(call("order-1"));
  CHECK(news->next(seconds(30)) == Names{"default"});
  Connection undone = world.schema.connect();
  undone.execute("test", "BEGIN; " + call("order-1") + "; ROLLBACK");
  CHECK(news->next(milliseconds(50)).empty());
  CHECK(other.messages->pokes("default", 2, 10) ==
        std::vector<storage::Poke>{{"order-2", 0, 2}, {"order-1", 1, 3}});
}

TEST_CASE("postgres messages: connections that break lose nothing and double nothing",
          "[postgres]") {
  SqlWorld world;
  std::atomic<bool> done = false;
  std::jthread killer([&] {
    while (!done) {
      world.schema.ask(
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
          "pid <> pg_backend_pid() AND application_name = 'logctl' AND backend_xid IS NOT NULL");
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
  });
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int writer = 0; writer < 2; ++writer) {
    threads.emplace_back([&, writer] {
      const storage::Backend instance = world.open();
      const std::string stream = fmt::format("order-{}", writer);
      for (std::int64_t i = 0; i < 150; ++i) {
        // One id is ours, one the client's; the second one says where it must be.
        const auto results =
            SqlWorld::write(*instance.messages,
                            {{.stream = stream},
                             {.stream = stream,
                              .expected = 2 * i,
                              .id = message_id(static_cast<std::uint64_t>(1000 * writer + i))}});
        if (results[0].position != 2 * i || results[1].position != 2 * i + 1) ++wrong;
      }
    });
  }
  for (std::jthread& thread : threads) thread.join();
  done = true;
  killer.join();
  CHECK(wrong == 0);
  CHECK(world.backend.messages->namespace_figures("default")->messages == 600);
  world.check_whole();
}

TEST_CASE("postgres messages: JSON that jsonb cannot hold comes back as it was", "[postgres]") {
  SqlWorld world;
  const std::string data = R"({"a":"x\u0000y","b":1e999999,"c":1.10})";
  SqlWorld::write(*world.backend.messages, {{.stream = "order-1", .data = data}});
  CHECK(world.backend.messages->last("default", "order-1", "")->data == data);
  CHECK(world.schema.ask("SELECT data FROM message_store.get_stream_messages('order-1')") == data);
  CHECK(world.schema.ask("SELECT jsonb_typeof(data) FROM message_store.messages") == "string");
}

TEST_CASE("postgres messages: what the server cannot keep is refused in words", "[postgres]") {
  SqlWorld world;
  storage::MessageStore& messages = *world.backend.messages;
  const std::string nul("a\0b", 3);
  CHECK(code_of([&] { SqlWorld::write(messages, {{.stream = nul}}); }) ==
        ErrorCode::validation_error);
  CHECK(code_of([&] { SqlWorld::write(messages, {{.stream = "a", .type = nul}}); }) ==
        ErrorCode::validation_error);
  CHECK(code_of([&] { SqlWorld::write(messages, {{.stream = std::string(3000, 'x')}}); }) ==
        ErrorCode::validation_error);
}

TEST_CASE("postgres messages: what SQL writes is what the store writes", "[postgres]") {
  SqlWorld world;
  storage::MessageStore& messages = *world.backend.messages;
  world.schema.ask(
      "SELECT message_store.write_message('00000000-0000-7000-8000-00000000000A', 'order-1+x', "
      "'T', "
      R"('{"text": "a, b: \"c\" \\", "list": [1, 2.50, {"deep": null}]}', )"
      R"('{"correlationStreamName": "cart-7"}', -1))");
  const Message message = messages.last("default", "order-1+x", "").value();
  CHECK(message.data == R"({"list":[1,2.50,{"deep":null}],"text":"a, b: \"c\" \\"})");
  CHECK(message.metadata == R"({"correlationStreamName":"cart-7"})");
  CHECK(message.id == message_id(0).substr(0, 35) + "a");
  // The same message again, from a client of the store.
  const auto again = SqlWorld::write(messages, {{.stream = "order-1+x",
                                                 .type = "T",
                                                 .data = message.data,
                                                 .metadata = message.metadata,
                                                 .id = message.id}});
  CHECK(again[0].kind == Kind::repeated);
  CHECK(again[0].position == 0);
  CHECK(SqlWorld::write(messages, {{.stream = "order-1+x", .expected = 0}})[0].position == 1);
  std::string refusal;
  try {
    world.schema.ask(
        "SELECT message_store.write_message(gen_random_uuid()::varchar, 'order-1+x', 'T', '{}', "
        "NULL, 7)");
  } catch (const Error& error) {
    refusal = error.message();
  }
  CHECK(refusal == "test: Wrong expected version: 7 (Stream: order-1+x, Stream Version: 1)");
  world.check_whole();
}

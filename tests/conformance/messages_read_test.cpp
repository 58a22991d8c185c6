#include "tests/conformance/message_world.h"

using namespace logctl;
using namespace logctl::test;

TEST_CASE("messages: what is not there is empty, not an error", "[messages]") {
  MessageWorld world;
  const MessagePage page = world.messages().read_stream(world.reading("nothing-1"));
  CHECK(page.messages.empty());
  CHECK_FALSE(page.more);
  CHECK(world.messages().read_category(world.reading_category("nothing")).messages.empty());
  CHECK(world.messages().read_category(world.reading_category("")).messages.empty());
  CHECK_FALSE(world.messages().last("shop", "nothing-1", "").has_value());
  CHECK_FALSE(world.messages().version("shop", "nothing-1").has_value());
  CHECK(world.messages().pokes("shop", 1, 10).empty());
  CHECK(world.messages().streams("shop", "", "", 10).empty());
  CHECK(world.messages().categories("shop").empty());
}

TEST_CASE("messages: a namespace that is not there is an error", "[messages]") {
  MessageWorld world;
  storage::MessageStore& store = world.messages();
  const auto missing = [](const std::function<void()>& action) {
    return code_of(action) == ErrorCode::not_found;
  };
  StreamRead stream = world.reading("a-1");
  CategoryRead category = world.reading_category("a");
  stream.name_space = category.name_space = "nowhere";
  CHECK(missing([&] { store.read_stream(stream); }));
  CHECK(missing([&] { store.read_category(category); }));
  CHECK(missing([&] { store.last("nowhere", "a-1", ""); }));
  CHECK(missing([&] { store.version("nowhere", "a-1"); }));
  CHECK(missing([&] { store.pokes("nowhere", 1, 10); }));
  CHECK(missing([&] { store.streams("nowhere", "", "", 10); }));
  CHECK(missing([&] { store.categories("nowhere"); }));
  CHECK(missing([&] { store.import("nowhere", {}, false); }));
  CHECK(missing([&] { store.clear("nowhere"); }));
  CHECK(missing([&] { store.verify("nowhere", {}); }));
}

TEST_CASE("messages: a stream is read from a position on", "[messages]") {
  MessageWorld world;
  world.write_numbers("order-1", 10);
  const auto read = [&](std::int64_t position, std::size_t limit) {
    return world.messages().read_stream(world.reading("order-1", position, limit));
  };
  CHECK(positions(read(5, kAll).messages) == Numbers{5, 6, 7, 8, 9});
  CHECK(positions(read(-3, 2).messages) == Numbers{0, 1});
  CHECK(read(10, kAll).messages.empty());
  CHECK(read(std::numeric_limits<std::int64_t>::max(), kAll).messages.empty());
  CHECK(read(std::numeric_limits<std::int64_t>::min(), kAll).messages.size() == 10);
  CHECK(positions(read(0, 3).messages) == Numbers{0, 1, 2});
  CHECK(read(0, 3).more);
  CHECK(read(0, 9).more);
  CHECK_FALSE(read(0, 10).more);
  CHECK_FALSE(read(7, 3).more);
  CHECK(read(7, 3).messages[0].data == R"({"n":7})");
  CHECK(read(0, 0).messages.empty());
  CHECK_FALSE(read(0, 0).more);
}

TEST_CASE("messages: a stream is read from a global position on", "[messages]") {
  MessageWorld world;
  for (int i = 0; i < 5; ++i) {
    world.write_numbers("order-1", 1);
    world.write_numbers("order-2", 1);
  }
  StreamRead read = world.reading("order-1");
  read.global_position = 5;
  CHECK(global_positions(world.messages().read_stream(read).messages) == Numbers{5, 7, 9});
  read.global_position = 6;
  CHECK(positions(world.messages().read_stream(read).messages) == Numbers{3, 4});
  read.position = 4;
  CHECK(positions(world.messages().read_stream(read).messages) == Numbers{4});
  read.position = 1;
  read.global_position = 1;
  read.limit = 2;
  CHECK(positions(world.messages().read_stream(read).messages) == Numbers{1, 2});
  read.global_position = 100;
  CHECK(world.messages().read_stream(read).messages.empty());
}

TEST_CASE("messages: pages are bounded in bytes and lead through everything", "[messages]") {
  MessageWorld world;
  const std::string large = "{\"x\":\"" + std::string(100 * 1024, 'x') + "\"}";
  const std::string huge = "{\"x\":\"" + std::string(3 * 1024 * 1024, 'x') + "\"}";
  for (int i = 0; i < 30; ++i) world.write({.stream = "big-1", .data = large});
  world.write({.stream = "big-1", .data = huge});
  world.write_numbers("big-1", 1);
  const MessagePage first = world.messages().read_stream(world.reading("big-1"));
  CHECK(first.more);
  CHECK(first.messages.size() >= 5);
  CHECK(first.messages.size() <= 15);
  const MessagePage of_category = world.messages().read_category(world.reading_category("big"));
  CHECK(of_category.more);
  CHECK(of_category.messages.size() == first.messages.size());
  CHECK(of_category.next_global_position == of_category.messages.back().global_position + 1);
  CHECK(world.stream("big-1").size() == 32);
  CHECK(world.category("big").size() == 32);
  CHECK(world.category("").size() == 32);
  const MessagePage alone = world.messages().read_stream(world.reading("big-1", 30));
  REQUIRE(alone.messages.size() == 1);
  CHECK(alone.messages[0].data == huge);
  CHECK(alone.more);
}

TEST_CASE("messages: the last message, of any type or of one", "[messages]") {
  MessageWorld world;
  world.write({.stream = "order-1", .type = "Opened", .data = R"({"n":1})"});
  world.write({.stream = "order-1", .type = "Paid", .data = R"({"n":2})"});
  world.write({.stream = "order-1", .type = "Paid", .data = R"({"n":3})"});
  world.write({.stream = "order-1", .type = "Sent", .data = R"({"n":4})"});
  world.write({.stream = "order-2", .type = "Lost"});
  const auto last = [&](std::string_view type) {
    return world.messages().last("shop", "order-1", type);
  };
  CHECK(last("")->data == R"({"n":4})");
  CHECK(last("")->position == 3);
  CHECK(last("")->stream == "order-1");
  CHECK(last("")->time == world.time);
  CHECK(last("Paid")->data == R"({"n":3})");
  CHECK(last("Opened")->position == 0);
  CHECK_FALSE(last("Lost").has_value());
  CHECK_FALSE(last("paid").has_value());
  CHECK(world.messages().version("shop", "order-1") == 3);
  CHECK(world.messages().version("shop", "order-2") == 0);
}

TEST_CASE("messages: pokes tell of everything from a global position on", "[messages]") {
  MessageWorld world;
  world.write_numbers("a-1", 2);
  world.write_numbers("b", 1);
  world.write_numbers("a-1", 1);
  using storage::Poke;
  CHECK(world.messages().pokes("shop", 2, 10) ==
        std::vector<Poke>{{"a-1", 1, 2}, {"b", 0, 3}, {"a-1", 2, 4}});
  CHECK(world.messages().pokes("shop", 0, 2) == std::vector<Poke>{{"a-1", 0, 1}, {"a-1", 1, 2}});
  CHECK(world.messages().pokes("shop", 5, 10).empty());
}

TEST_CASE("messages: streams are listed by name", "[messages]") {
  MessageWorld world;
  for (const char* name : {"b-2", "a-1", "B-1", "a", "a_x", "aXx", "é-1", "a%"}) {
    world.write_numbers(name, 2);
    world.time += std::chrono::nanoseconds(1);
  }
  const auto names = [&](std::string_view prefix, std::string_view after, std::size_t limit) {
    Names result;
    for (const auto& row : world.messages().streams("shop", prefix, after, limit)) {
      CHECK(row.version == 1);
      result.push_back(row.stream);
    }
    return result;
  };
  // By bytes, whatever the locale.
  CHECK(names("", "", 100) == Names{"B-1", "a", "a%", "a-1", "aXx", "a_x", "b-2", "é-1"});
  CHECK(names("a", "", 100) == Names{"a", "a%", "a-1", "aXx", "a_x"});
  CHECK(names("a_", "", 100) == Names{"a_x"});
  CHECK(names("a%", "", 100) == Names{"a%"});
  CHECK(names("a", "a-1", 100) == Names{"aXx", "a_x"});
  CHECK(names("a", "", 2) == Names{"a", "a%"});
  CHECK(names("", "b-2", 100) == Names{"é-1"});
  CHECK(names("b", "a", 100) == Names{"b-2"});
  CHECK(names("a", "b", 100).empty());
  CHECK(names("zzz", "", 100).empty());
  CHECK(names("", "", 0).empty());
  const auto first = world.messages().streams("shop", "b-2", "", 1);
  REQUIRE(first.size() == 1);
  CHECK(first[0].last_activity == world.time - std::chrono::nanoseconds(8));
}

TEST_CASE("messages: categories count their streams and messages", "[messages]") {
  MessageWorld world;
  world.write_numbers("order-2", 3);
  world.write_numbers("cart-1", 1);
  world.write_numbers("order", 1);
  world.write_numbers("order-1", 2);
  world.write_numbers("Order-1", 1);
  const std::vector<storage::CategoryFigures> rows = world.messages().categories("shop");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].category == "Order");
  CHECK(rows[1].category == "cart");
  CHECK(rows[1].streams == 1);
  CHECK(rows[1].messages == 1);
  CHECK(rows[2].category == "order");
  CHECK(rows[2].streams == 3);
  CHECK(rows[2].messages == 6);
}

#include "tests/conformance/message_world.h"

#include <array>
#include <map>
#include <set>

using namespace logctl;
using namespace logctl::test;

namespace {

CategoryRead of_member(CategoryRead read, std::int64_t member, std::int64_t size) {
  read.group = storage::ConsumerGroup{member, size};
  return read;
}

CategoryRead correlated(CategoryRead read, std::string with) {
  read.correlation = std::move(with);
  return read;
}

}  // namespace

TEST_CASE("messages: a category has the messages of its streams in global order", "[messages]") {
  MessageWorld world;
  for (const char* name : {"order-1", "orders-1", "order", "order-2", "Order-1", "order-1"}) {
    world.write({.stream = name});
  }
  const std::vector<Message> messages = world.category("order");
  CHECK(stream_names(messages) == Names{"order-1", "order", "order-2", "order-1"});
  CHECK(global_positions(messages) == Numbers{1, 3, 4, 6});
  CHECK(positions(messages) == Numbers{0, 0, 0, 1});
  CHECK(messages[0].time == world.time);
  CHECK(messages[0].type == "Happened");
  CHECK(world.category("order-1").empty());  // a stream is no category
  CHECK(global_positions(world.category("")) == Numbers{1, 2, 3, 4, 5, 6});
}

TEST_CASE("messages: a category is read from a global position on, in pages", "[messages]") {
  MessageWorld world;
  for (int i = 0; i < 10; ++i) {
    world.write_numbers("order-" + std::to_string(i), 1);
    world.write_numbers("cart-1", 1);
  }
  const auto read = [&](std::string category, std::int64_t from, std::size_t limit) {
    return world.messages().read_category(world.reading_category(std::move(category), from, limit));
  };
  CHECK(global_positions(read("order", 15, kAll).messages) == Numbers{15, 17, 19});
  CHECK(global_positions(read("order", 16, kAll).messages) == Numbers{17, 19});
  CHECK(global_positions(read("order", 0, 2).messages) == Numbers{1, 3});
  CHECK(global_positions(read("order", -5, 2).messages) == Numbers{1, 3});
  CHECK(read("order", 0, 2).more);
  CHECK(read("order", 0, 2).next_global_position == 4);
  CHECK_FALSE(read("order", 0, 10).more);
  CHECK(read("order", 20, kAll).messages.empty());
  CHECK(read("order", 1, 0).messages.empty());
  CHECK_FALSE(read("order", 1, 0).more);
  CHECK(global_positions(read("", 18, kAll).messages) == Numbers{18, 19, 20});
  CHECK(read("", 1, 19).more);
  CHECK_FALSE(read("", 1, 20).more);
}

TEST_CASE("messages: the members of a group share the streams", "[messages]") {
  MessageWorld world;
  const std::map<std::string, std::array<std::int64_t, 2>> members = {
      {"1", {0, 0}}, {"2", {1, 1}}, {"3", {0, 2}},   {"4", {1, 0}},
      {"0", {1, 1}}, {"5", {1, 0}}, {"123", {1, 1}},
  };
  for (const auto& [id, member] : members) {
    world.write({.stream = "order-" + id});
    world.write({.stream = "order-" + id + "+copy-1"});
  }
  world.write({.stream = "order"});  // without an id: nobody's
  for (std::int64_t size = 2; size <= 3; ++size) {
    for (std::int64_t member = 0; member < size; ++member) {
      Names expected;
      for (const auto& [id, of] : members) {
        if (of[static_cast<std::size_t>(size - 2)] != member) continue;
        expected.push_back("order-" + id);
        expected.push_back("order-" + id + "+copy-1");
      }
      const auto read = of_member(world.reading_category("order"), member, size);
      CHECK(stream_names(MessageWorld::all_of(world.messages(), read)) == expected);
      const auto of_all = of_member(world.reading_category(""), member, size);
      CHECK(stream_names(MessageWorld::all_of(world.messages(), of_all)) == expected);
    }
  }
  const auto alone = of_member(world.reading_category("order"), 0, 1);
  CHECK(MessageWorld::all_of(world.messages(), alone).size() == 2 * members.size());
}

TEST_CASE("messages: a large group misses nothing and doubles nothing", "[messages]") {
  MessageWorld world;
  std::vector<Draft> drafts;
  for (int i = 0; i < 500; ++i) drafts.push_back({.stream = "s-" + std::to_string(i)});
  world.write_all(std::move(drafts));
  std::set<std::string> seen;
  const std::int64_t size = 101;
  for (std::int64_t member = 0; member < size; ++member) {
    for (const std::string& name :
         stream_names(world.messages()
                          .read_category(of_member(world.reading_category("s"), member, size))
                          .messages)) {
      CHECK(seen.insert(name).second);
    }
  }
  CHECK(seen.size() == 500);
}

TEST_CASE("messages: a correlation is the category of a stream in the metadata", "[messages]") {
  MessageWorld world;
  const auto add = [&](const std::string& stream, const std::string& metadata) {
    world.write({.stream = stream, .metadata = metadata});
  };
  add("order-1", R"({"correlationStreamName":"cart-1"})");
  add("order-1", R"({"correlationStreamName":"cart"})");
  add("order-1", R"({"correlationStreamName":"carts-1"})");
  add("order-2", R"({"x":1,"correlationStreamName":"cart-2+a"})");
  add("order-2", R"({"correlationStreamName":7})");
  add("order-2", R"({"correlationStreamName":null})");
  add("order-2", R"({"deep":{"correlationStreamName":"cart-1"}})");
  add("order-3", "");
  add("sale-1", R"({"correlationStreamName":"cart-1"})");
  const auto found = [&](CategoryRead read) {
    return global_positions(MessageWorld::all_of(world.messages(), std::move(read)));
  };
  CHECK(found(correlated(world.reading_category("order"), "cart")) == Numbers{1, 2, 4});
  CHECK(found(correlated(world.reading_category(""), "cart")) == Numbers{1, 2, 4, 9});
  CHECK(found(correlated(world.reading_category("order", 2), "cart")) == Numbers{2, 4});
  CHECK(found(correlated(world.reading_category("order"), "cart-1")).empty());
  CHECK(found(correlated(world.reading_category("order"), "nothing")).empty());
  CHECK(found(correlated(world.reading_category("order", 1, 1), "cart")) == Numbers{1, 2, 4});
  // Stream 1 belongs to the first of two, stream 2 to the second.
  CHECK(found(of_member(correlated(world.reading_category("order"), "cart"), 1, 2)) == Numbers{4});
  world.check_whole();
}

TEST_CASE("messages: what belongs to others is passed over", "[messages]") {
  MessageWorld world;
  for (int call = 0; call < 21; ++call) {
    std::vector<Draft> drafts;
    for (int i = 0; i < 1000; ++i) drafts.push_back({.stream = "s-1"});
    world.write_all(std::move(drafts));
  }
  world.write({.stream = "s-2"});
  const auto read = of_member(world.reading_category("s", 1, 10), 1, 2);
  const MessagePage first = world.messages().read_category(read);
  CHECK((!first.messages.empty() || (first.more && first.next_global_position > 1)));
  CHECK(stream_names(MessageWorld::all_of(world.messages(), read)) == Names{"s-2"});
  const auto with = correlated(world.reading_category("", 1, 10), "nothing");
  CHECK(MessageWorld::all_of(world.messages(), with).empty());
}

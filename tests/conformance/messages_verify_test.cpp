#include "tests/conformance/message_world.h"

using namespace logctl;
using namespace logctl::test;

TEST_CASE("messages: an audit counts, sums up and tells how far it is", "[messages]") {
  MessageWorld world;
  const storage::MessageAudit empty = world.messages().verify("shop", {});
  CHECK(empty.problem_count == 0);
  CHECK(empty.messages == 0);
  CHECK(empty.digest.size() == 64);
  for (int i = 0; i < 3; ++i) world.write_numbers("s-" + std::to_string(i), 900);
  std::vector<std::int64_t> told;
  const storage::MessageAudit audit =
      world.messages().verify("shop", [&](std::int64_t read) { told.push_back(read); });
  CHECK(audit.problem_count == 0);
  CHECK(audit.problems.empty());
  CHECK(audit.messages == 2700);
  CHECK(audit.streams == 3);
  CHECK(audit.digest != empty.digest);
  REQUIRE(told.size() >= 2);
  CHECK(told.back() == 2700);
  CHECK(std::is_sorted(told.begin(), told.end()));
}

TEST_CASE("messages: namespaces with the same content have the same digest", "[messages]") {
  MessageWorld world;
  world.add_namespace("copy");
  world.write_numbers("a-1", 5);
  world.write({.stream = "b-1", .data = R"({"x":"ä"})", .metadata = R"({"m":1})"});
  world.write_numbers("a-1", 5);
  const std::vector<Message> messages = world.category("");
  CHECK(world.messages().import("copy", messages, false) == messages.size());
  const auto digest = [&](const std::string& name) {
    return world.messages().verify(name, {}).digest;
  };
  const std::string whole = digest("shop");
  CHECK(digest("copy") == whole);
  for (int field = 0; field < 4; ++field) {
    std::vector<Message> changed = messages;
    if (field == 0) changed[3].data = "{}";
    if (field == 1) changed[3].type = "Other";
    if (field == 2) changed[3].time += std::chrono::nanoseconds(1);
    if (field == 3) changed[3].metadata = "{}";
    world.messages().clear("copy");
    world.messages().import("copy", changed, false);
    CHECK(digest("copy") != whole);
  }
}

TEST_CASE("messages: an audit names what is missing or out of order", "[messages]") {
  MessageWorld world;
  const auto message = [](std::uint64_t id, std::int64_t position, std::int64_t global_position) {
    Message result;
    result.id = message_id(id);
    result.stream = "gap-1";
    result.type = "T";
    result.data = "{}";
    result.position = position;
    result.global_position = global_position;
    return result;
  };
  world.messages().import("shop", std::vector{message(1, 0, 1), message(2, 2, 2), message(3, 1, 3)},
                          false);
  const storage::MessageAudit audit = world.messages().verify("shop", {});
  CHECK(audit.problem_count >= 2);
  CHECK(audit.problems.size() == static_cast<std::size_t>(audit.problem_count));
  CHECK_THAT(audit.problems[0], Catch::Matchers::Contains("'gap-1'"));

  std::vector<Message> many;
  for (std::int64_t i = 0; i < 150; ++i) {
    many.push_back(message(100 + static_cast<std::uint64_t>(i), 10 + 2 * i, 10 + i));
  }
  world.messages().import("shop", many, false);
  const storage::MessageAudit worse = world.messages().verify("shop", {});
  CHECK(worse.problem_count > 100);
  CHECK(worse.problems.size() == 100);
}

TEST_CASE("messages: an audit names data and metadata that are no JSON", "[messages]") {
  MessageWorld world;
  world.write_numbers("a-1", 2);
  Message message;
  message.id = message_id(1);
  message.stream = "b-1";
  message.type = "T";
  message.global_position = 10;
  message.data = R"({"a":[1,tru]})";
  Message other = message;
  other.id = message_id(2);
  other.global_position = 11;
  other.position = 1;
  other.data = R"({"n":123456789012345678901234567890.5e400,"t":"\u00e4","l":[[],{},null,true]})";
  other.metadata = "[]";
  world.messages().import("shop", std::vector{message, other}, false);
  const storage::MessageAudit audit = world.messages().verify("shop", {});
  REQUIRE(audit.problem_count == 2);
  CHECK(audit.problems[0] == "message '" + message.id +
                                 "' of stream 'b-1' at position 0: its data is no JSON object");
  CHECK(audit.problems[1] == "message '" + other.id +
                                 "' of stream 'b-1' at position 1: its metadata is no JSON object");
}

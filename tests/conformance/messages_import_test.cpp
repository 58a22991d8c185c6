#include "tests/conformance/message_world.h"

using namespace logctl;
using namespace logctl::test;

namespace {

Message message(std::uint64_t id, std::string stream, std::int64_t position,
                std::int64_t global_position) {
  Message message;
  message.id = message_id(id);
  message.stream = std::move(stream);
  message.type = "Imported";
  message.position = position;
  message.global_position = global_position;
  message.data = R"({"n":)" + std::to_string(id) + "}";
  message.time = MessageTime(
      std::chrono::nanoseconds(1'600'000'000'000'000'001 + static_cast<std::int64_t>(id)));
  return message;
}

std::string conflict_of(MessageWorld& world, const std::vector<Message>& messages,
                        bool skip_same = false) {
  try {
    world.messages().import("shop", messages, skip_same);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::conflict);
    return error.message();
  }
  return "no conflict";
}

}  // namespace

TEST_CASE("messages: imported ones keep their positions, times and content", "[messages]") {
  MessageWorld world;
  std::vector<Message> messages = {message(1, "a-1", 0, 3), message(2, "a-2", 0, 7),
                                   message(3, "a-1", 1, 1'000'000'000'007)};
  messages[1].metadata = R"({"correlationStreamName":"cart-1"})";
  messages[2].time = MessageTime(std::chrono::nanoseconds(-1));
  CHECK(world.messages().import("shop", messages, false) == 3);
  world.reopen();
  const std::vector<Message> stored = world.category("a");
  REQUIRE(stored.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(stored[i].id == messages[i].id);
    CHECK(stored[i].stream == messages[i].stream);
    CHECK(stored[i].type == messages[i].type);
    CHECK(stored[i].position == messages[i].position);
    CHECK(stored[i].global_position == messages[i].global_position);
    CHECK(stored[i].data == messages[i].data);
    CHECK(stored[i].metadata == messages[i].metadata);
    CHECK(stored[i].time == messages[i].time);
  }
  CHECK(world.figures().messages == 3);
  CHECK(world.figures().streams == 2);
  CHECK(world.figures().last_activity == messages[1].time);
  world.check_whole();

  const WriteResult result = world.write({.stream = "a-1", .expected = 1});
  CHECK(result.position == 2);
  CHECK(result.global_position == 1'000'000'000'008);
  CHECK(world.write(with_id(1, "a-9")).kind == Kind::other_content);
  CHECK(world.messages().import("shop", {}, false) == 0);
}

TEST_CASE("messages: an import may fill what another one left", "[messages]") {
  MessageWorld world;
  CHECK(world.messages().import("shop", std::vector{message(2, "a-1", 1, 20)}, false) == 1);
  CHECK(world.messages().version("shop", "a-1") == 1);
  CHECK(world.messages().verify("shop", {}).problem_count == 1);  // position 0 is missing
  CHECK(world.messages().import("shop", std::vector{message(1, "a-1", 0, 10)}, false) == 1);
  CHECK(positions(world.stream("a-1")) == Numbers{0, 1});
  CHECK(world.figures().last_global_position == 20);
  CHECK(world.write({.stream = "a-1"}).global_position == 21);
  world.check_whole();
}

TEST_CASE("messages: an import in any order is the same in the end", "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  std::vector<Message> messages;
  for (std::int64_t i = 0; i < 100; ++i) {
    messages.push_back(
        message(static_cast<std::uint64_t>(i), "s-" + std::to_string(i % 7), i / 7, i + 1));
  }
  CHECK(world.messages().import("shop", messages, false) == 100);
  std::reverse(messages.begin(), messages.end());
  CHECK(world.messages().import("other", messages, false) == 100);
  world.check_whole();
  world.check_whole("other");
  CHECK(world.messages().verify("shop", {}).digest == world.messages().verify("other", {}).digest);
}

TEST_CASE("messages: an import that is repeated skips what is there", "[messages]") {
  MessageWorld world;
  std::vector<Message> messages = {message(1, "a-1", 0, 1), message(2, "a-1", 1, 2)};
  CHECK(world.messages().import("shop", messages, true) == 2);
  CHECK(world.messages().import("shop", messages, true) == 0);
  messages.push_back(message(3, "b-1", 0, 3));
  messages.push_back(message(3, "b-1", 0, 3));  // twice in one call
  CHECK(world.messages().import("shop", messages, true) == 1);
  CHECK(world.figures().messages == 3);
  world.check_whole();
  CHECK_THAT(conflict_of(world, messages), Catch::Matchers::Contains(message_id(1)));
}

TEST_CASE("messages: an import whose places are taken stores nothing", "[messages]") {
  using Catch::Matchers::Contains;
  MessageWorld world;
  world.messages().import("shop", std::vector{message(1, "a-1", 0, 1), message(2, "a-1", 1, 2)},
                          false);
  const bool skip_same = GENERATE(false, true);
  const auto refused = [&](const Message& bad) {
    // A good one before it, so that there is something to take back.
    const std::string words = conflict_of(
        world, {message(50, "new-1", 0, 50), bad, message(51, "new-1", 1, 51)}, skip_same);
    CHECK_THAT(words, Contains(bad.id));
    CHECK(world.figures().messages == 2);
    CHECK(world.figures().streams == 1);
    CHECK(world.figures().last_global_position == 2);
    CHECK(world.stream("new-1").empty());
    CHECK(world.messages().categories("shop").size() == 1);
    return words;
  };
  CHECK_THAT(refused(message(1, "a-1", 2, 3)), Contains("the id is taken"));
  CHECK_THAT(refused(message(3, "a-1", 1, 3)), Contains("position 1 of stream 'a-1'"));
  CHECK_THAT(refused(message(3, "b-1", 0, 2)), Contains("global position 2"));
  CHECK_THAT(refused(message(3, "b-1", 0, 50)), Contains("global position 50"));
  CHECK_THAT(refused(message(3, "new-1", 0, 60)), Contains("position 0 of stream"));
  CHECK_THAT(refused(message(50, "b-1", 0, 60)), Contains("the id is taken"));
  Message changed = message(2, "a-1", 1, 2);
  changed.data = "{}";
  CHECK_THAT(refused(changed), Contains("the id is taken"));
  changed = message(2, "a-1", 1, 2);
  changed.time += std::chrono::nanoseconds(1);
  CHECK_THAT(refused(changed), Contains("the id is taken"));
  world.check_whole();
}

TEST_CASE("messages: a message of some megabytes is imported", "[messages]") {
  MessageWorld world;
  Message large = message(1, "a-1", 0, 1);
  large.data = "{\"x\":\"" + std::string(4 * 1024 * 1024, 'x') + "\"}";
  CHECK(world.messages().import("shop", std::vector{large}, false) == 1);
  CHECK(world.messages().import("shop", std::vector{large}, true) == 0);
  CHECK(world.stream("a-1")[0].data == large.data);
}

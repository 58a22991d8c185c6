#include "shared/storage/message_audit.h"

#include "shared/record/stream_name.h"
#include "tests/support/catch.h"

#include <vector>

using namespace logctl;
using namespace logctl::storage;

namespace {

Message message_of(std::string stream, std::int64_t position, std::int64_t global_position) {
  Message message;
  message.id = "00000000-0000-4000-8000-00000000000" + std::to_string(global_position);
  message.stream = std::move(stream);
  message.type = "T";
  message.data = "{}";
  message.position = position;
  message.global_position = global_position;
  message.time = MessageTime(std::chrono::nanoseconds(global_position));
  return message;
}

// What a store says of two messages in a stream and one in another, to be falsified.
struct Said {
  std::vector<Message> messages = {message_of("a-1", 0, 1), message_of("b", 0, 3),
                                   message_of("a-1", 1, 4)};
  std::string category = "a";
  std::string correlation;
  std::vector<StreamFigures> streams = {{"a-1", 1, messages[2].time}, {"b", 0, messages[1].time}};
  std::optional<std::int64_t> group_hash = group_hash_of("a-1");
  std::vector<CategoryFigures> categories = {{"a", 1, 2}, {"b", 1, 1}};
  NamespaceFigures space;

  Said() {
    space.id = "shop";
    space.messages = 3;
    space.streams = 2;
    space.last_global_position = 4;
    space.last_activity = messages[2].time;
  }
  MessageAudit audit() const {
    const MessageStore::Progress nobody;
    MessageAuditor auditor(nobody);
    for (const Message& message : messages) {
      auditor.message(message, message.stream == "b" ? "b" : category, correlation);
    }
    for (const StreamFigures& row : streams) {
      auditor.stream(row, row.stream == "a-1" ? group_hash : std::nullopt);
    }
    for (const CategoryFigures& row : categories) auditor.category(row);
    return auditor.finish(space);
  }
  std::string problem() const {
    const MessageAudit result = audit();
    CHECK(result.problem_count >= 1);
    CHECK(result.problems.size() == static_cast<std::size_t>(result.problem_count));
    return result.problems.empty() ? "" : result.problems.front();
  }
};

}  // namespace

TEST_CASE("message audit: what is whole has no problems", "[message_audit]") {
  Said said;
  const MessageAudit audit = said.audit();
  CHECK(audit.problem_count == 0);
  CHECK(audit.messages == 3);
  CHECK(audit.streams == 2);
  said.space.last_global_position = 9;  // of messages that are gone
  CHECK(said.audit().problem_count == 0);
  CHECK(said.audit().digest == audit.digest);
}

TEST_CASE("message audit: every kind of damage is named", "[message_audit]") {
  using Catch::Matchers::Contains;
  Said said;
  SECTION("a message is missing in its stream") {
    said.messages[2].position = 2;
    said.streams[0].version = 2;
    CHECK_THAT(said.problem(), Contains("stream 'a-1': position 2"));
  }
  SECTION("the order is not that of global positions") {
    said.messages[1].global_position = 1;
    CHECK_THAT(said.problem(), Contains("global position 1 comes behind 1"));
  }
  SECTION("an id that is none") {
    said.messages[1].id = "0000000G-0000-4000-8000-000000000003";
    CHECK_THAT(said.problem(), Contains("'b' at position 0: its id is no UUID"));
  }
  SECTION("data that is no JSON") {
    for (const char* data : {"", "{", "[]", "{}{}", R"({"a":01})", R"({"a":nul})", "{\"\xff\":1}"}) {
      INFO(data);
      said.messages[2].data = data;
      CHECK_THAT(said.problem(), Contains("'a-1' at position 1: its data is no JSON object"));
    }
  }
  SECTION("metadata that is no JSON") {
    said.messages[2].metadata = "7";
    CHECK_THAT(said.problem(), Contains("'a-1' at position 1: its metadata is no JSON object"));
  }
  SECTION("a wrong category") {
    said.category = "c";
    CHECK_THAT(said.problem(), Contains("in category 'c'"));
  }
  SECTION("a wrong correlation") {
    said.correlation = "cart";
    CHECK_THAT(said.problem(), Contains("correlation 'cart'"));
  }
  SECTION("a wrong version") {
    said.streams[0].version = 7;
    CHECK_THAT(said.problem(), Contains("version 7"));
  }
  SECTION("a wrong hash") {
    said.group_hash = 5;
    CHECK_THAT(said.problem(), Contains("group hash 5"));
  }
  SECTION("a missing hash") {
    said.group_hash = std::nullopt;
    CHECK_THAT(said.problem(), Contains("group hash none"));
  }
  SECTION("a stream without a row") {
    said.streams.pop_back();
    CHECK_THAT(said.problem(), Contains("stream 'b' has messages"));
  }
  SECTION("a stream without messages") {
    said.streams.push_back({"x-1", 0, {}});
    CHECK_THAT(said.problem(), Contains("stream 'x-1'"));
  }
  SECTION("a wrong activity") {
    said.streams[1].last_activity += std::chrono::nanoseconds(1);
    CHECK_THAT(said.problem(), Contains("stream 'b'"));
  }
  SECTION("wrong counts of a category") {
    said.categories[0].messages = 3;
    CHECK_THAT(said.problem(), Contains("category 'a'"));
  }
  SECTION("a category without a row") {
    said.categories.pop_back();
    CHECK_THAT(said.problem(), Contains("category 'b'"));
  }
  SECTION("a category without messages") {
    said.categories.push_back({"c", 1, 1});
    CHECK_THAT(said.problem(), Contains("category 'c'"));
  }
  SECTION("wrong counts of the namespace") {
    said.space.messages = 4;
    CHECK_THAT(said.problem(), Contains("namespace 'shop'"));
  }
  SECTION("positions would be used again") {
    said.space.last_global_position = 3;
    CHECK_THAT(said.problem(), Contains("last global position 3"));
  }
  SECTION("a wrong activity of the namespace") {
    said.space.last_activity = std::nullopt;
    CHECK_THAT(said.problem(), Contains("last activity"));
  }
}

TEST_CASE("message audit: the digest tells texts apart that read the same", "[message_audit]") {
  const auto digest = [](std::string id, std::string type) {
    Said said;
    said.messages[0].id = std::move(id);
    said.messages[0].type = std::move(type);
    return said.audit().digest;
  };
  CHECK(digest("x", "yz") == digest("x", "yz"));
  CHECK(digest("x", "yz") != digest("xy", "z"));
}

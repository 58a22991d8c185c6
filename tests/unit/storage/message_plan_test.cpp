#include "shared/storage/message_plan.h"

#include "tests/support/catch.h"

#include <vector>

using namespace logctl;
using namespace logctl::storage;
using Kind = WriteResult::Kind;

namespace {

MessageWrite write_of(std::string_view id, std::string_view stream,
                      std::optional<std::int64_t> expected = std::nullopt) {
  MessageWrite write;
  write.name_space = "shop";
  write.stream = stream;
  write.id = id;
  write.type = "T";
  write.data = "{}";
  write.expected_version = expected;
  return write;
}

MessagePlan plan(const std::vector<MessageWrite>& writes, const NamespaceState& state = {}) {
  std::vector<const MessageWrite*> pointers;
  for (const MessageWrite& write : writes) pointers.push_back(&write);
  return plan_writes(pointers, state);
}

}  // namespace

TEST_CASE("message plan: positions go on where the namespace is", "[message_plan]") {
  NamespaceState state;
  state.last_global_position = 10;
  state.versions["a"] = 4;
  const std::vector<MessageWrite> writes = {write_of("1", "a"), write_of("2", "b", -1),
                                            write_of("3", "a", 5)};
  const MessagePlan result = plan(writes, state);
  REQUIRE(result.messages.size() == 3);
  CHECK(result.messages[0].write == &writes[0]);
  CHECK(result.messages[0].position == 5);
  CHECK(result.messages[0].global_position == 11);
  CHECK(result.messages[1].position == 0);
  CHECK(result.messages[1].global_position == 12);
  CHECK(result.messages[2].position == 6);
  CHECK(result.messages[2].global_position == 13);
  CHECK(result.new_versions == std::map<std::string_view, std::int64_t>{{"a", 6}, {"b", 0}});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(result.results[i].kind == Kind::written);
    CHECK(result.results[i].position == result.messages[i].position);
    CHECK(result.results[i].global_position == result.messages[i].global_position);
  }
}

TEST_CASE("message plan: a refused version takes no position", "[message_plan]") {
  NamespaceState state;
  state.versions["a"] = 4;
  const MessagePlan result =
      plan({write_of("1", "a", 3), write_of("2", "b", 0), write_of("3", "a", 4)}, state);
  CHECK(result.results[0].kind == Kind::wrong_version);
  CHECK(result.results[0].position == 4);
  CHECK(result.results[1].kind == Kind::wrong_version);
  CHECK(result.results[1].position == -1);
  CHECK(result.results[2].kind == Kind::written);
  CHECK(result.results[2].position == 5);
  CHECK(result.results[2].global_position == 1);
  CHECK(result.messages.size() == 1);
  CHECK(result.new_versions.size() == 1);
}

TEST_CASE("message plan: an id that is there is compared, not written", "[message_plan]") {
  NamespaceState state;
  state.versions["a"] = 4;
  Message known;
  known.id = "1";
  known.stream = "a";
  known.type = "T";
  known.data = "{}";
  known.position = 2;
  known.global_position = 7;
  state.known["1"] = known;
  MessageWrite other = write_of("1", "a");
  other.metadata = "{}";
  const MessagePlan result = plan({write_of("1", "a", 1), other, write_of("2", "a", 4)}, state);
  CHECK(result.results[0].kind == Kind::repeated);  // its version was right when it was written
  CHECK(result.results[0].position == 2);
  CHECK(result.results[0].global_position == 7);
  CHECK(result.results[1].kind == Kind::other_content);
  CHECK(result.results[1].position == 2);
  CHECK(result.results[2].kind == Kind::written);
  CHECK(result.messages.size() == 1);
}

TEST_CASE("message plan: an id repeats within the writes", "[message_plan]") {
  MessageWrite other = write_of("1", "a");
  other.type = "U";
  const MessagePlan result =
      plan({write_of("1", "a", 7), write_of("1", "a"), write_of("1", "a"), other});
  CHECK(result.results[0].kind == Kind::wrong_version);
  CHECK(result.results[1].kind == Kind::written);
  CHECK(result.results[2].kind == Kind::repeated);
  CHECK(result.results[2].position == 0);
  CHECK(result.results[2].global_position == 1);
  CHECK(result.results[3].kind == Kind::other_content);
  CHECK(result.messages.size() == 1);
}

TEST_CASE("message plan: writes are parted by namespace in their order", "[message_plan]") {
  std::vector<MessageWrite> writes = {write_of("1", "a"), write_of("2", "a"), write_of("3", "a")};
  writes[1].name_space = "other";
  const auto groups = by_namespace(writes);
  REQUIRE(groups.size() == 2);
  CHECK(groups.at("shop") == std::vector<const MessageWrite*>{&writes[0], &writes[2]});
  CHECK(groups.at("other") == std::vector<const MessageWrite*>{&writes[1]});
}

TEST_CASE("message plan: a correlation is the category of a text", "[message_plan]") {
  CHECK(correlation_of("") == "");
  CHECK(correlation_of("{}") == "");
  CHECK(correlation_of(R"({"correlationStreamName":"cart-1+x"})") == "cart");
  CHECK(correlation_of(R"({"correlationStreamName":"cart"})") == "cart");
  CHECK(correlation_of(R"({"a":[1],"correlationStreamName":"c\u0061rt-1"})") == "cart");
  CHECK(correlation_of(R"({"correlationStreamName":null})") == "");
  CHECK(correlation_of(R"({"correlationStreamName":12})") == "");
  CHECK(correlation_of(R"({"correlationStreamName":["cart"]})") == "");
  CHECK(correlation_of(R"({"deep":{"correlationStreamName":"cart-1"}})") == "");
}

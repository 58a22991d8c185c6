#include "tests/conformance/message_world.h"

using namespace logctl;
using namespace logctl::test;

TEST_CASE("messages: positions count from 0 in a stream, global ones from 1", "[messages]") {
  MessageWorld world;
  for (std::int64_t i = 0; i < 5; ++i) {
    const WriteResult result = world.write({.stream = "order-1"});
    CHECK(result.kind == Kind::written);
    CHECK(result.position == i);
    CHECK(result.global_position == i + 1);
  }
  const WriteResult other = world.write({.stream = "order-2"});
  CHECK(other.position == 0);
  CHECK(other.global_position == 6);
  CHECK(positions(world.stream("order-1")) == Numbers{0, 1, 2, 3, 4});
  CHECK(global_positions(world.stream("order-1")) == Numbers{1, 2, 3, 4, 5});
  world.check_whole();
}

TEST_CASE("messages: a message comes back as it was written, after reopening too", "[messages]") {
  MessageWorld world;
  const std::string metadata = R"({"correlationStreamName":"cart-7","trace":"é\u00e9\"x\""})";
  CHECK(world
            .write({.stream = "order-1",
                    .type = "Paid \"it\" 🦀",
                    .data = R"({"sum":12.50})",
                    .metadata = metadata,
                    .id = message_id(7)})
            .kind == Kind::written);
  world.reopen();
  const std::vector<Message> messages = world.stream("order-1");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0].id == message_id(7));
  CHECK(messages[0].stream == "order-1");
  CHECK(messages[0].type == "Paid \"it\" 🦀");
  CHECK(messages[0].position == 0);
  CHECK(messages[0].global_position == 1);
  CHECK(messages[0].data == R"({"sum":12.50})");
  CHECK(messages[0].metadata == metadata);
  CHECK(messages[0].time == world.time);
}

TEST_CASE("messages: data is kept byte for byte", "[messages]") {
  MessageWorld world;
  const std::vector<std::string> texts = {
      "{}",
      R"({"a":""})",
      R"({"yes":true,"no":false,"none":null})",
      R"({"n":42,"pi":3.14159,"minus":-7,"zero":0,"one":1.0,"big":123456789012345678901234567890})",
      R"({"exponent":1E+400,"small":1e-7,"negative_zero":-0.0})",
      R"({"b":1,"a":2,"b":3})",
      R"({"text":"äöü 日本語 🎉 \u00e9 \n \t \\ \" \/"})",
      R"({"deep":{"a":[1,"two",3.0,null,true,{"x":[]}]}})",
      "{\"long\":\"" + std::string(100 * 1024, 'x') + "\"}",
  };
  for (const std::string& text : texts) {
    CHECK(world.write({.stream = "text-1", .data = text, .metadata = text}).kind == Kind::written);
  }
  const std::vector<Message> messages = world.stream("text-1");
  REQUIRE(messages.size() == texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(messages[i].data == texts[i]);
    CHECK(messages[i].metadata == texts[i]);
  }
  world.check_whole();
}

TEST_CASE("messages: streams may have any name", "[messages]") {
  MessageWorld world;
  const Names names = {"a",
                       "test-stream_123.abc",
                       "a-b-c-d-e",
                       "123-456",
                       "UPPER-Case",
                       "-x",
                       "order-",
                       "it's-\"quoted\"",
                       "sp ace-1",
                       "日本-語",
                       "order-1+copy",
                       "%-_",
                       "order:command-1",
                       std::string(200, 'n') + "-1"};
  for (const std::string& name : names) {
    CHECK(world.write({.stream = name}).position == 0);
    CHECK(world.write({.stream = name, .expected = 0}).position == 1);
  }
  for (const std::string& name : names) {
    CHECK(stream_names(world.stream(name)) == Names{name, name});
    CHECK(world.messages().version("shop", name) == 1);
  }
  world.check_whole();
}

TEST_CASE("messages: no store takes names that one of them cannot keep", "[messages]") {
  MessageWorld world;
  const std::string nul("a\0b", 3);
  for (const Draft& bad : {Draft{.stream = nul}, Draft{.stream = "a", .type = nul},
                           Draft{.stream = std::string(2049, 'x')}}) {
    CHECK(code_of([&] { world.write_all({{.stream = "a"}, bad}); }) == ErrorCode::validation_error);
    Message message;
    message.id = message_id(1);
    message.stream = bad.stream;
    message.type = bad.type;
    message.global_position = 1;
    message.data = "{}";
    CHECK(code_of([&] {
            world.messages().import("shop", {&message, 1}, false);
          }) == ErrorCode::validation_error);
  }
  CHECK(world.figures().messages == 0);
  // The longest, of bytes that do not compress.
  std::string longest;
  for (std::uint32_t n = 1; longest.size() < 2048; n = n * 1664525 + 1013904223) {
    longest.push_back(static_cast<char>('!' + (n >> 24) % 90));
  }
  CHECK(world.write({.stream = longest}).kind == Kind::written);
  CHECK(world.messages().version("shop", longest) == 0);
  world.check_whole();
}

TEST_CASE("messages: an expected version is that of the last message", "[messages]") {
  MessageWorld world;
  CHECK(world.write({.stream = "order-1", .expected = 0}).kind == Kind::wrong_version);
  CHECK(world.write({.stream = "order-1", .expected = 0}).position == -1);
  CHECK(world.write({.stream = "order-1", .expected = -1}).position == 0);
  CHECK(world.write({.stream = "order-1", .expected = -1}).kind == Kind::wrong_version);
  CHECK(world.write({.stream = "order-1", .expected = -1}).position == 0);
  CHECK(world.write({.stream = "order-1", .expected = 0}).position == 1);
  CHECK(world.write({.stream = "order-1", .expected = 5}).kind == Kind::wrong_version);
  CHECK(world.write({.stream = "order-1", .expected = 5}).position == 1);
  CHECK(world.write({.stream = "order-1", .expected = -2}).kind == Kind::wrong_version);
  CHECK(world.write({.stream = "order-1"}).position == 2);
  // Refusals took no positions.
  CHECK(global_positions(world.stream("order-1")) == Numbers{1, 2, 3});
}

TEST_CASE("messages: each of a group gets its own answer", "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  const std::vector<WriteResult> results = world.write_all({
      {.stream = "order-1", .expected = -1},
      {.stream = "order-1", .expected = 0},
      {.stream = "order-1", .expected = 0},
      {.stream = "order-2", .expected = 3},
      {.stream = "order-1", .name_space = "other"},
      {.stream = "order-1", .name_space = "nowhere"},
      {.stream = "order-2"},
  });
  CHECK(kinds(results) == Kinds{Kind::written, Kind::written, Kind::wrong_version,
                                Kind::wrong_version, Kind::written, Kind::unknown_namespace,
                                Kind::written});
  CHECK(results[1].position == 1);
  CHECK(results[2].position == 1);
  CHECK(results[3].position == -1);
  CHECK(results[4].position == 0);
  CHECK(results[4].global_position == 1);
  CHECK(results[6].position == 0);
  CHECK(results[6].global_position == 3);
  CHECK(global_positions(world.category("")) == Numbers{1, 2, 3});
  world.check_whole();
  world.check_whole("other");
}

TEST_CASE("messages: nothing to write is no error", "[messages]") {
  MessageWorld world;
  CHECK(world.write_all({}).empty());
  CHECK(world.figures().messages == 0);
}

TEST_CASE("messages: a large group is stored in its order", "[messages]") {
  MessageWorld world;
  std::vector<Draft> drafts;
  for (int i = 0; i < 2000; ++i) {
    drafts.push_back(
        {.stream = "s-" + std::to_string(i % 700), .data = "{\"n\":" + std::to_string(i) + "}"});
  }
  const std::vector<WriteResult> results = world.write_all(drafts);
  const std::vector<Message> messages = world.category("s");
  REQUIRE(messages.size() == drafts.size());
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    REQUIRE(messages[i].stream == drafts[i].stream);
    REQUIRE(messages[i].data == drafts[i].data);
    REQUIRE(messages[i].global_position == results[i].global_position);
    REQUIRE(messages[i].position == static_cast<std::int64_t>(i / 700));
  }
  world.check_whole();
}

TEST_CASE("messages: the same id again gives the first answer again", "[messages]") {
  MessageWorld world;
  const Draft draft = {.stream = "order-1",
                       .data = R"({"n":1})",
                       .metadata = R"({"m":2})",
                       .expected = -1,
                       .id = message_id(1)};
  CHECK(world.write(draft).kind == Kind::written);
  world.write_numbers("order-1", 3);
  world.reopen();
  const WriteResult again = world.write(draft);  // although the version is another one by now
  CHECK(again.kind == Kind::repeated);
  CHECK(again.position == 0);
  CHECK(again.global_position == 1);
  CHECK(world.figures().messages == 4);
  CHECK(world.figures().last_global_position == 4);
  CHECK(world.write({.stream = "order-1"}).position == 4);
}

TEST_CASE("messages: an id has one content", "[messages]") {
  MessageWorld world;
  const Draft draft = {.stream = "order-1",
                       .type = "T",
                       .data = R"({"n":1})",
                       .metadata = R"({"m":2})",
                       .id = message_id(1)};
  CHECK(world.write(draft).kind == Kind::written);
  std::vector<Draft> others(4, draft);
  others[0].stream = "order-2";
  others[1].type = "U";
  others[2].data = R"({"n":2})";
  others[3].metadata = "";
  for (const WriteResult& result : world.write_all(others)) {
    CHECK(result.kind == Kind::other_content);
    CHECK(result.position == 0);
    CHECK(result.global_position == 1);
  }
  CHECK(world.figures().messages == 1);
  CHECK(world.stream("order-2").empty());
  CHECK(world.write({.stream = "order-2"}).position == 0);
  world.check_whole();
}

TEST_CASE("messages: an id repeats within one group too", "[messages]") {
  MessageWorld world;
  const std::vector<WriteResult> results = world.write_all(
      {with_id(1, "a-1"), with_id(1, "a-1"), with_id(1, "a-1", R"({"x":1})"), with_id(2, "a-1")});
  CHECK(kinds(results) == Kinds{Kind::written, Kind::repeated, Kind::other_content, Kind::written});
  CHECK(results[1].position == 0);
  CHECK(results[3].position == 1);
  CHECK(world.figures().messages == 2);
}

TEST_CASE("messages: an id that was refused is free", "[messages]") {
  MessageWorld world;
  Draft draft = with_id(1, "a-1");
  draft.expected = 3;
  CHECK(world.write(draft).kind == Kind::wrong_version);
  draft.expected = -1;
  draft.data = R"({"x":1})";
  CHECK(world.write(draft).kind == Kind::written);
}

TEST_CASE("messages: ids and streams belong to their namespace", "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  CHECK(world.write(with_id(1, "a-1")).kind == Kind::written);
  Draft same = with_id(1, "a-1", R"({"x":1})");
  same.name_space = "other";
  const WriteResult result = world.write(same);
  CHECK(result.kind == Kind::written);
  CHECK(result.position == 0);
  CHECK(result.global_position == 1);
  CHECK(world.stream("a-1").size() == 1);
  CHECK(world.stream("a-1")[0].data == "{}");
}

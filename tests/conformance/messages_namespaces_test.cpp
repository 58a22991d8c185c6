#include "tests/conformance/message_world.h"

using namespace logctl;
using namespace logctl::test;
using storage::Namespace;
using storage::NamespaceFigures;

TEST_CASE("messages: a namespace comes back as it was made, after reopening too", "[messages]") {
  MessageWorld world;
  Namespace row;
  row.id = "test-with_dashes-" + std::string(180, 'x') + "_é";
  row.token_hash = std::string(64, 'b');
  row.description = "Zoë's \"orders\" 🦀";
  row.metadata = R"({"owner":"team a","n":1.50})";
  row.created_at = world.clock.now() + microseconds(123'456);
  CHECK(world.messages().create_namespace(row));
  world.reopen();
  const auto found = world.messages().find_namespace(row.id);
  REQUIRE(found.has_value());
  CHECK(found->id == row.id);
  CHECK(found->token_hash == row.token_hash);
  CHECK(found->description == row.description);
  CHECK(found->metadata == row.metadata);
  CHECK(found->created_at == row.created_at);
  const auto figures = world.messages().namespace_figures(row.id);
  REQUIRE(figures.has_value());
  CHECK(figures->description == row.description);
  CHECK(figures->messages == 0);
  CHECK(figures->streams == 0);
  CHECK(figures->last_global_position == 0);
  CHECK_FALSE(figures->last_activity.has_value());
  CHECK(world.messages().find_namespace("shop")->description.empty());
  CHECK(world.messages().find_namespace("shop")->metadata.empty());
}

TEST_CASE("messages: what is not there is told from what is", "[messages]") {
  MessageWorld world;
  storage::Backend other = world.another();
  CHECK_FALSE(world.messages().find_namespace("nowhere").has_value());
  CHECK_FALSE(world.messages().find_namespace("Shop").has_value());
  CHECK_FALSE(world.messages().find_namespace("").has_value());
  CHECK_FALSE(world.messages().namespace_figures("nowhere").has_value());
  CHECK_FALSE(world.messages().delete_namespace("nowhere").has_value());
  CHECK_FALSE(world.messages().set_token("nowhere", "x"));
  Namespace taken;
  taken.id = "shop";
  taken.token_hash = std::string(64, 'f');
  CHECK_FALSE(other.messages->create_namespace(taken));
  CHECK(world.messages().find_namespace("shop")->token_hash == std::string(64, 'a'));
}

TEST_CASE("messages: a token is changed for every instance", "[messages]") {
  MessageWorld world;
  storage::Backend other = world.another();
  CHECK(other.messages->find_namespace("shop")->token_hash == std::string(64, 'a'));
  world.write_numbers("a-1", 2);
  CHECK(world.messages().set_token("shop", std::string(64, 'c')));
  CHECK(other.messages->find_namespace("shop")->token_hash == std::string(64, 'c'));
  CHECK(world.figures().messages == 2);
}

TEST_CASE("messages: namespaces are listed newest first", "[messages]") {
  MessageWorld world;
  world.clock.advance(seconds(1));
  world.add_namespace("second");
  world.clock.advance(seconds(1));
  world.add_namespace("third");
  world.add_namespace("also-third");
  world.write_numbers("a-1", 3);
  const std::vector<NamespaceFigures> rows = world.messages().namespaces();
  Names names;
  for (const NamespaceFigures& row : rows) names.push_back(row.id);
  CHECK(names == Names{"also-third", "third", "second", "shop"});
  CHECK(rows[3].messages == 3);
  CHECK(rows[3].streams == 1);
  CHECK(rows[3].last_activity == world.time);
  CHECK(rows[3].token_hash == std::string(64, 'a'));
  CHECK(rows[0].messages == 0);
}

TEST_CASE("messages: counters are right after everything", "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  const auto check = [&](std::int64_t messages, std::int64_t streams, std::int64_t last) {
    const NamespaceFigures figures = world.figures();
    CHECK(figures.messages == messages);
    CHECK(figures.streams == streams);
    CHECK(figures.last_global_position == last);
    world.check_whole();
  };
  world.write(with_id(1, "a-1"));
  check(1, 1, 1);
  world.write(with_id(1, "a-1"));
  check(1, 1, 1);
  world.write({.stream = "b-1", .expected = 4});
  check(1, 1, 1);
  const MessageTime first = world.time;
  CHECK(world.figures().last_activity == first);
  world.time += seconds(5);
  world.write_all({{.stream = "a-1"}, {.stream = "b-1"}, {.stream = "b"}, {.stream = "a-1"}});
  check(5, 3, 5);
  CHECK(world.figures().last_activity == world.time);
  // A clock that is set back does not take activity away.
  const MessageTime newest = world.time;
  world.time = first;
  world.write({.stream = "a-1"});
  check(6, 3, 6);
  CHECK(world.figures().last_activity == newest);
  CHECK(world.messages().streams("shop", "a-1", "", 1)[0].last_activity == newest);
  world.write({.stream = "c-1", .name_space = "other"});
  check(6, 3, 6);
  CHECK(world.figures("other").messages == 1);
  world.reopen();
  check(6, 3, 6);
}

TEST_CASE("messages: a namespace is deleted with all it has", "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  for (int call = 0; call < 5; ++call) {
    std::vector<Draft> drafts;
    for (int i = 0; i < 1000; ++i) drafts.push_back({.stream = "a-" + std::to_string(i)});
    world.write_all(std::move(drafts));
  }
  world.write(with_id(1, "x-1"));
  Draft kept = with_id(1, "x-1");
  kept.name_space = "other";
  world.write(kept);

  CHECK(world.messages().delete_namespace("shop") == 5001);
  CHECK_FALSE(world.messages().find_namespace("shop").has_value());
  CHECK_FALSE(world.messages().delete_namespace("shop").has_value());
  CHECK(world.messages().namespaces().size() == 1);
  CHECK(world.write({.stream = "a-1"}).kind == Kind::unknown_namespace);
  CHECK(code_of([&] { world.category("a"); }) == ErrorCode::not_found);
  CHECK(world.figures("other").messages == 1);
  world.check_whole("other");

  // One of the same name begins from the start.
  world.add_namespace("shop");
  CHECK(world.category("").empty());
  CHECK(world.messages().categories("shop").empty());
  const WriteResult result = world.write(with_id(1, "x-1", R"({"new":1})"));
  CHECK(result.kind == Kind::written);
  CHECK(result.position == 0);
  CHECK(result.global_position == 1);
  world.check_whole();
}

TEST_CASE("messages: a namespace is cleared and begins to count from the start", "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  world.write({.stream = "kept-1", .name_space = "other"});
  world.write_numbers("a-1", 10);
  world.write_numbers("a-2", 2500);
  const Namespace before = *world.messages().find_namespace("shop");
  const std::int64_t history = world.figures().history;
  CHECK(world.messages().clear("shop") == 2510);
  CHECK(world.figures().history != history);
  CHECK(world.messages().clear("shop") == 0);
  const Namespace after = *world.messages().find_namespace("shop");
  CHECK(after.token_hash == before.token_hash);
  CHECK(after.created_at == before.created_at);
  CHECK(world.figures().messages == 0);
  CHECK(world.figures().streams == 0);
  CHECK(world.figures().last_global_position == 0);
  CHECK_FALSE(world.figures().last_activity.has_value());
  CHECK(world.category("").empty());
  CHECK(world.messages().streams("shop", "", "", 10).empty());
  CHECK(world.messages().categories("shop").empty());
  CHECK_FALSE(world.messages().version("shop", "a-1").has_value());
  const WriteResult result = world.write({.stream = "a-1", .expected = -1});
  CHECK(result.position == 0);
  CHECK(result.global_position == 1);
  CHECK(world.figures("other").messages == 1);
  world.check_whole();
  world.check_whole("other");
}

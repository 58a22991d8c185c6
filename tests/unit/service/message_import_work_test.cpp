// Importing on a worker: text of a body, cut anywhere, into a store.
#include "service/handlers/message_import_work.h"

#include "shared/messages/message_json.h"
#include "tests/support/catch.h"
#include "tests/support/scripted_messages.h"

#include <fmt/format.h>

#include <string>

using namespace logctl;
using handlers::MessageImportWork;
using End = MessageImportWork::End;
using storage::Message;

namespace {

std::string line(int number) {
  Message message;
  message.id = fmt::format("00000000-0000-4000-8000-{:012}", number);
  message.stream = "a-1";
  message.type = "T";
  message.position = number - 1;
  message.global_position = number;
  message.data = "{}";
  std::string text;
  messages::append_export_line(text, message);
  return text + "\n";
}

std::string lines(int first, int last) {
  std::string text;
  for (; first <= last; ++first) text += line(first);
  return text;
}

config::Config quiet() {
  config::Config config;
  config.log.level = "error";
  return config;
}

struct World {
  World() { store.make_namespace("ns"); }

  static MessageImportWork::Settings settings() {
    MessageImportWork::Settings settings;
    settings.name_space = "ns";
    settings.max_message_bytes = 100;
    settings.max_line_bytes = 1000;
    return settings;
  }
  std::int64_t stored() { return store.namespace_figures("ns")->messages; }

  metrics::Observer observer{quiet()};
  test::ScriptedMessages store;
  messages::PokeHub hub{store, [this] { return store.listen(); }, observer, {}};
  MessageImportWork work{store, hub, observer, settings()};
};

}  // namespace

TEST_CASE("import: lines are put together wherever the text is cut", "[messages]") {
  const std::string text = lines(1, 5) + "\n \r\n" + lines(6, 7) + line(8).substr(0, 20);
  for (const std::size_t piece : {1, 7, 100, 10'000}) {
    World world;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      REQUIRE_FALSE(world.work.take(std::string_view(text).substr(at, piece)));
    }
    REQUIRE_FALSE(world.work.take(line(8).substr(20, line(8).size() - 21)));  // no end of line
    CHECK(world.stored() == 0);
    REQUIRE_FALSE(world.work.finish(End::whole));
    CHECK(world.stored() == 8);
    CHECK(world.work.counts().imported == 8);
    CHECK(world.work.counts().global_position == 8);
  }
}

TEST_CASE("import: a thousand messages are stored as soon as they are there", "[messages]") {
  World world;
  REQUIRE_FALSE(world.work.take(lines(1, 1001)));
  CHECK(world.stored() == 1000);
  CHECK(world.work.stored_lines() == 1000);
}

TEST_CASE("import: a bad line ends it, and what came before is stored", "[messages]") {
  const auto f = [](const std::string& bad, std::string_view code) {
    INFO(bad.substr(0, 50));
    World world;
    auto failure = world.work.take(lines(1, 3) + bad + "\n" + line(4));
    REQUIRE(failure);
    CHECK(failure->code == code);
    CHECK(failure->line == 4);
    CHECK(world.stored() == 3);
  };
  f("{", "INVALID_JSON");
  f("[1]", "INVALID_RECORD");
  f(std::string(1001, 'x'), "READ_ERROR");
}

TEST_CASE("import: a line that does not come whole is none", "[messages]") {
  World world;
  REQUIRE_FALSE(world.work.take(lines(1, 3) + line(4).substr(0, 20)));
  REQUIRE_FALSE(world.work.finish(End::cut));
  CHECK(world.stored() == 3);
  CHECK(world.work.stored_lines() == 3);
}

TEST_CASE("import: what the store refuses begins behind what it took", "[messages]") {
  World world;
  REQUIRE_FALSE(world.work.take(lines(1, 1000)));
  REQUIRE_FALSE(world.work.take(lines(1001, 1002) + line(7)));
  const auto failure = world.work.finish(End::whole);
  REQUIRE(failure);
  CHECK(failure->code == "POSITION_EXISTS");
  CHECK(failure->line == 1001);
  CHECK(world.stored() == 1000);
  world.store.delete_namespace("ns");
  MessageImportWork other(world.store, world.hub, world.observer, World::settings());
  REQUIRE_FALSE(other.take(line(1)));
  CHECK(other.finish(End::whole)->code == "IMPORT_FAILED");
}

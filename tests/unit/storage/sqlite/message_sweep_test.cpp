// What a removed namespace leaves is deleted bit by bit, beside those who write.
#include "shared/storage/message_store.h"
#include "tests/unit/storage/sqlite/store_fixture.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <thread>

using namespace logctl;
using namespace logctl::test;
using storage::Message;

namespace {

std::string message_id(std::int64_t number) {
  return fmt::format("00000000-0000-7000-8000-{:012}", number);
}

struct World : SqliteStore {
  storage::MessageStore& messages() { return *backend.messages; }

  void make(const std::string& id) {
    storage::Namespace row;
    row.id = id;
    REQUIRE(messages().create_namespace(row));
  }

  void fill(const std::string& id, std::int64_t count) {
    make(id);
    std::vector<Message> chunk;
    for (std::int64_t n = 0; n < count; ++n) {
      Message& message = chunk.emplace_back();
      message.id = message_id(n);
      message.stream = fmt::format("a-{}", n % 100);
      message.type = "T";
      message.position = n / 100;
      message.global_position = n + 1;
      message.data = "{}";
      if (chunk.size() < 1000 && n + 1 < count) continue;
      messages().import(id, chunk, false);
      chunk.clear();
    }
  }

  void write(const std::string& id, std::int64_t number) {
    const std::string own = message_id(number);
    storage::MessageWrite write;
    write.name_space = id;
    write.stream = "s-1";
    write.id = own;
    write.type = "T";
    write.data = "{}";
    static_cast<void>(messages().write({&write, 1}, {}));
  }

  std::int64_t rows(std::string_view table) {
    storage::sqlite::Connection meta(directory.meta_file(), storage::sqlite::Mode::read_only,
                                     seconds(5));
    return meta.scalar(fmt::format("SELECT count(*) FROM {}", table));
  }
};

}  // namespace

TEST_CASE("sqlite: a removed namespace leaves nothing", "[storage]") {
  World world;
  world.fill("kept", 1500);
  world.fill("gone", 2500);
  CHECK(world.messages().delete_namespace("gone") == 2500);
  CHECK(world.rows("messages") == 1500);
  CHECK(world.rows("message_streams") == 100);
  CHECK(world.rows("message_categories") == 1);
  CHECK(world.rows("message_namespaces") == 1);
  CHECK(world.messages().clear("kept") == 1500);
  CHECK(world.rows("messages") == 0);
  CHECK(world.rows("message_namespaces") == 1);
}

TEST_CASE("sqlite: writers get in while a namespace is cleared", "[storage]") {
  World world;
  world.fill("large", 40'000);
  world.make("busy");
  std::atomic<bool> cleared = false;
  std::thread clearing([&] {
    static_cast<void>(world.messages().clear("large"));
    cleared = true;
  });
  std::int64_t written = 0;
  while (!cleared) world.write("busy", ++written);
  clearing.join();
  CHECK(written > 5);
  CHECK(world.messages().namespace_figures("busy")->messages == written);
}

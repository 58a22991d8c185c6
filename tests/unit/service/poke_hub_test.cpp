#include "service/messages/hub.h"
#include "service/messages/rpc_error.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/scripted_messages.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

using namespace logctl;
using namespace logctl::messages;
using storage::Poke;

namespace {

config::Config quiet() {
  config::Config config;
  config.log.level = "error";
  return config;
}

// A listener that hears of nothing.
class DeafNews final : public storage::MessageNews {
 public:
  std::vector<std::string> next(microseconds wait) override {
    std::this_thread::sleep_for(wait);
    return {};
  }
  const std::vector<std::string>& changed() const override { return nothing_; }

 private:
  const std::vector<std::string> nothing_;
};

enum class Hears { everything, nothing };

struct World {
  explicit World(PokeHub::Limits limits = {}, Hears hears = Hears::everything)
      : hub(
            store,
            [this, hears]() -> std::unique_ptr<storage::MessageNews> {
              if (hears == Hears::nothing) return std::make_unique<DeafNews>();
              return store.listen();
            },
            observer, limits) {
    store.make_namespace("ns");
  }

  // Writes as another daemon would: the hub only hears of it from the store.
  std::vector<Poke> write_elsewhere(const std::string& stream, int count) {
    const auto other = store.open();
    std::vector<Poke> pokes;
    for (int i = 0; i < count; ++i) {
      const std::string id = fmt::format("00000000-0000-4000-8000-{:012x}", ++ids);
      storage::MessageWrite write;
      write.name_space = "ns";
      write.stream = stream;
      write.id = id;
      write.type = "T";
      write.data = "{}";
      const auto result = other->write({&write, 1}, {}).front();
      pokes.push_back({stream, result.position, result.global_position});
    }
    return pokes;
  }
  // The same, and hands it over.
  void write(const std::string& stream, int count) {
    for (const Poke& poke : write_elsewhere(stream, count)) hub.publish("ns", {&poke, 1});
  }

  metrics::Observer observer{quiet()};
  test::ScriptedMessages store;
  std::atomic<int> ids = 0;
  PokeHub hub;
};

// Follows a subscription as its source does, without the store.
struct Follower {
  explicit Follower(World& world, PokeFilter wanted = {})
      : subscription(world.hub.subscribe("ns", "")),
        filter(std::move(wanted)),
        cursor(subscription->head()) {}

  PokeHub::Subscription::Taken take() {
    auto taken = subscription->take(cursor, filter, 1000, [this] { ++woken; });
    cursor = taken.cursor;
    for (const Poke& poke : taken.pokes) got.push_back(poke.global_position);
    return taken;
  }
  bool has(std::size_t count) {
    return test::eventually([&] {
      take();
      return got.size() >= count;
    });
  }

  std::unique_ptr<PokeHub::Subscription> subscription;
  PokeFilter filter;
  std::int64_t cursor;
  std::vector<std::int64_t> got;
  std::atomic<int> woken = 0;
};

std::vector<std::int64_t> from_to(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> all;
  for (; first <= last; ++first) all.push_back(first);
  return all;
}

}  // namespace

TEST_CASE("poke hub: what is written after the subscription comes, once and in order",
          "[messages]") {
  World world;
  world.write("a-1", 3);
  Follower follower(world);
  CHECK(follower.cursor == 3);
  CHECK(follower.take().pokes.empty());
  world.write("a-1", 5);
  CHECK(follower.woken == 1);
  REQUIRE(follower.has(5));
  CHECK(follower.got == from_to(4, 8));
  CHECK(follower.take().pokes.empty());
}

TEST_CASE("poke hub: what others write comes as well, in its place", "[messages]") {
  World world;
  Follower follower(world);
  world.write_elsewhere("a-1", 3);
  REQUIRE(follower.has(3));
  // In turns: what is handed over does not follow on what is known.
  for (int i = 0; i < 50; ++i) {
    world.write_elsewhere("b-1", 2);
    world.write("a-1", 1);
  }
  REQUIRE(follower.has(153));
  CHECK(follower.got == from_to(1, 153));
}

TEST_CASE("poke hub: what is handed over while the store is read is not forgotten", "[messages]") {
  World world({}, Hears::nothing);
  Follower follower(world);
  // A new listener makes the hub look once.
  REQUIRE(test::eventually([&] { return world.store.poke_reads() > 0; }));
  const std::vector<Poke> first = world.write_elsewhere("a-1", 2);
  std::atomic<bool> written = false;
  world.store.set_after_pokes([&] {
    if (written.exchange(true)) return;
    const std::vector<Poke> more = world.write_elsewhere("a-1", 2);
    world.hub.publish("ns", {&more.back(), 1});
  });
  world.hub.publish("ns", {&first.back(), 1});
  REQUIRE(follower.has(4));
  CHECK(follower.got == from_to(1, 4));
}

TEST_CASE("poke hub: subscribing in the middle of writes loses nothing", "[messages]") {
  World world;
  Follower first(world);  // the namespace is known all the time
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    while (!stop) world.write("a-1", 1);
  });
  for (int i = 0; i < 20; ++i) {
    Follower follower(world);
    const std::int64_t from = follower.cursor + 1;
    REQUIRE(follower.has(20));
    CHECK(follower.got == from_to(from, from + static_cast<std::int64_t>(follower.got.size()) - 1));
  }
  stop = true;
  writer.join();
}

TEST_CASE("poke hub: who falls out of the history is told so", "[messages]") {
  PokeHub::Limits limits;
  limits.history = 10;
  World world(limits);
  Follower follower(world);
  world.write("a-1", 30);
  REQUIRE(test::eventually([&] { return follower.subscription->head() == 30; }));
  const auto taken = follower.take();
  CHECK(taken.lagged);
  CHECK(taken.cursor == 0);
  CHECK(taken.pokes.empty());
  // Who has caught up is fine again.
  follower.cursor = 25;
  REQUIRE(follower.has(5));
  CHECK(follower.got == from_to(26, 30));
}

TEST_CASE("poke hub: filters", "[messages]") {
  World world;
  PokeFilter stream;
  stream.kind = PokeFilter::Kind::stream;
  stream.name = "a-1";
  stream.position = 1;
  PokeFilter category;
  category.kind = PokeFilter::Kind::category;
  category.name = "a";
  PokeFilter member = category;
  member.group = storage::ConsumerGroup{0, 2};
  Follower one(world, stream), two(world, category), three(world, member);
  world.write("a-1", 2);  // member 0 of 2
  world.write("a-2", 1);  // member 1
  world.write("a", 1);    // of no member
  world.write("ab-1", 1);
  REQUIRE(two.has(4));
  one.take();
  three.take();
  CHECK(one.got == std::vector<std::int64_t>{2});
  CHECK(two.got == from_to(1, 4));
  CHECK(three.got == from_to(1, 2));
}

TEST_CASE("poke hub: a subscription ends with its token, and with the namespace", "[messages]") {
  World world;
  auto kept = world.hub.subscribe("ns", "hash");
  const auto ended = [&] {
    return test::eventually([&] { return kept->take(kept->head(), {}, 10, [] {}).ended; });
  };
  CHECK_FALSE(kept->take(kept->head(), {}, 10, [] {}).ended);
  SECTION("by another daemon") { world.store.set_token("ns", "other"); }
  SECTION("by this one") {
    world.store.set_token("ns", "other");
    world.hub.changed("ns");
    CHECK(kept->take(kept->head(), {}, 10, [] {}).ended);
  }
  SECTION("deleted") { world.store.delete_namespace("ns"); }
  CHECK(ended());
}

TEST_CASE("poke hub: a token that another daemon has just made opens a subscription",
          "[messages]") {
  World world;
  auto old = world.hub.subscribe("ns", "hash");
  world.store.set_token("ns", "other");
  auto fresh = world.hub.subscribe("ns", "other");
  CHECK_FALSE(fresh->take(fresh->head(), {}, 10, [] {}).ended);
  CHECK(old->take(old->head(), {}, 10, [] {}).ended);
  // So does one of a namespace that was deleted and made again.
  world.store.delete_namespace("ns");
  CHECK_THROWS_AS(world.hub.subscribe("ns", "other"), RpcError);
  world.store.make_namespace("ns", "third");
  auto third = world.hub.subscribe("ns", "third");
  CHECK_FALSE(third->take(third->head(), {}, 10, [] {}).ended);
}

TEST_CASE("poke hub: positions that begin anew are told anew", "[messages]") {
  World world;
  Follower follower(world);
  world.write("a-1", 5);
  REQUIRE(follower.has(5));
  world.store.clear("ns");
  world.hub.changed("ns");
  const auto taken = follower.take();
  CHECK(taken.lagged);
  CHECK(taken.cursor == 0);
  follower.got.clear();
  world.write("a-1", 2);
  REQUIRE(follower.has(2));
  CHECK(follower.got == from_to(1, 2));
}

TEST_CASE("poke hub: positions that begin anew are told where there are more than before",
          "[messages]") {
  for (const bool made_again : {false, true}) {
    World world;
    Follower follower(world);
    world.write("a-1", 2);
    REQUIRE(follower.has(2));
    follower.got.clear();
    const auto other = world.store.open();  // another daemon
    if (made_again) {
      storage::Namespace row = *other->find_namespace("ns");
      row.created_at += seconds(1);
      other->delete_namespace("ns");
      other->create_namespace(row);
    } else {
      other->clear("ns");
    }
    storage::MessageWrite write;
    write.name_space = "ns";
    write.stream = "a-1";
    write.type = "T";
    write.data = "{}";
    for (int i = 0; i < 5; ++i) {
      const std::string id = fmt::format("00000000-0000-4000-8000-00000000000{}", i);
      write.id = id;
      static_cast<void>(other->write({&write, 1}, {}));
    }
    world.hub.changed("ns");
    REQUIRE(follower.has(5));
    CHECK(follower.got == from_to(1, 5));
  }
}

TEST_CASE("poke hub: so many subscribers and no more", "[messages]") {
  PokeHub::Limits limits;
  limits.max_subscribers = 3;
  limits.max_per_namespace = 2;
  World world(limits);
  world.store.make_namespace("other");
  auto one = world.hub.subscribe("ns", "");
  auto two = world.hub.subscribe("ns", "");
  CHECK_THROWS_AS(world.hub.subscribe("ns", ""), RpcError);
  auto three = world.hub.subscribe("other", "");
  CHECK_THROWS_AS(world.hub.subscribe("other", ""), Error);
  CHECK(world.hub.subscribers() == 3);
  two.reset();
  CHECK_NOTHROW(world.hub.subscribe("ns", ""));
  CHECK(world.hub.subscribers() == 2);
  CHECK_THROWS_AS(world.hub.subscribe("nothing", ""), RpcError);
  CHECK(world.hub.subscribers() == 2);
}

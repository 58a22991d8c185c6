#include "tests/conformance/world.h"

#include <thread>

using namespace logctl;
using namespace logctl::test;
using storage::KeyRow;
using storage::KeyUse;

namespace {

KeyRow key_of(const std::string& id, Timestamp created) {
  KeyRow key;
  key.id = id;
  key.secret_hash = std::string(56, '0') + id;
  key.name = "key " + id;
  key.scopes = "ingest,read";
  key.created_at = created;
  return key;
}

}  // namespace

TEST_CASE("keys: a key comes back as it was stored, after reopening too", "[keys]") {
  World world;
  CHECK(world.keys().list().empty());
  KeyRow full = key_of("aaaaaaaa", world.clock.now());
  full.name = "Zoë's \"laptop\" 🦀";
  full.tenant = "team-a";
  full.rps = 12.5;
  full.burst = 4'000'000'000U;
  full.records_rate = 0.25;
  full.records_burst = 5'000'000'000U;
  full.bytes_rate = 1e9;
  full.bytes_burst = 10'000'000'000U;
  full.only = "service=payments\nmin_level=WARN";
  full.replaced_by = "zzzzzzzz";
  full.expires_at = world.clock.now() + std::chrono::hours(24);
  world.keys().insert(full);
  world.keys().insert(key_of("bbbbbbbb", world.clock.now() + seconds(1)));
  world.reopen();
  const std::vector<KeyRow> keys = world.keys().list();
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].id == full.id);
  CHECK(keys[0].secret_hash == full.secret_hash);
  CHECK(keys[0].name == full.name);
  CHECK(keys[0].scopes == full.scopes);
  CHECK(keys[0].tenant == "team-a");
  CHECK(keys[0].rps == full.rps);
  CHECK(keys[0].burst == full.burst);
  CHECK(static_cast<const storage::KeyLimits&>(keys[0]) == full);
  CHECK(keys[0].only == full.only);
  CHECK(keys[0].replaced_by == full.replaced_by);
  CHECK(keys[0].created_at == full.created_at);
  CHECK(keys[0].expires_at == full.expires_at);
  CHECK(keys[1].id == "bbbbbbbb");
  CHECK(keys[1].tenant == "default");
  CHECK_FALSE(keys[1].rps.has_value());
  CHECK(static_cast<const storage::KeyLimits&>(keys[1]) == storage::KeyLimits());
  CHECK(keys[1].only.empty());
  CHECK(keys[1].replaced_by.empty());
  CHECK_FALSE(keys[1].expires_at.has_value());
  CHECK_FALSE(keys[1].revoked_at.has_value());
  CHECK_FALSE(keys[1].last_used_at.has_value());
  CHECK(keys[1].use_count == 0);
}

TEST_CASE("keys: an id can be taken once", "[keys]") {
  World world;
  world.keys().insert(key_of("aaaaaaaa", world.clock.now()));
  const std::string version = world.keys().version();
  KeyRow second = key_of("aaaaaaaa", world.clock.now());
  second.secret_hash = std::string(64, 'f');
  CHECK(code_of([&] { world.keys().insert(second); }) == ErrorCode::conflict);
  CHECK(world.keys().list().size() == 1);
  CHECK(world.keys().list().front().secret_hash != second.secret_hash);
  CHECK(world.keys().version() == version);
}

TEST_CASE("keys: one hash belongs to one key", "[keys]") {
  World world;
  KeyRow first = key_of("aaaaaaaa", world.clock.now());
  world.keys().insert(first);
  KeyRow second = key_of("bbbbbbbb", world.clock.now());
  second.secret_hash = first.secret_hash;
  CHECK(code_of([&] { world.keys().insert(second); }) == ErrorCode::conflict);
  CHECK(world.keys().list().size() == 1);
}

TEST_CASE("keys: a key that is replaced ends then, or sooner if it was to end sooner", "[keys]") {
  World world;
  const Timestamp end = world.clock.now() + seconds(100);
  KeyRow soon = key_of("aaaaaaaa", world.clock.now());
  soon.expires_at = end - seconds(50);
  KeyRow late = key_of("bbbbbbbb", world.clock.now());
  late.expires_at = end + seconds(50);
  world.keys().insert(soon);
  world.keys().insert(late);
  world.keys().insert(key_of("cccccccc", world.clock.now()));
  const std::string version = world.keys().version();
  CHECK(world.keys().retire("aaaaaaaa", end, "xxxxxxxx"));
  CHECK(world.keys().version() != version);
  CHECK(world.keys().retire("bbbbbbbb", end, "yyyyyyyy"));
  CHECK(world.keys().retire("cccccccc", end, "zzzzzzzz"));
  CHECK_FALSE(world.keys().retire("nobody", end, "xxxxxxxx"));
  const std::vector<KeyRow> keys = world.keys().list();
  CHECK(keys[0].expires_at == soon.expires_at);
  CHECK(keys[0].replaced_by == "xxxxxxxx");
  CHECK(keys[1].expires_at == end);
  CHECK(keys[1].replaced_by == "yyyyyyyy");
  CHECK(keys[2].expires_at == end);
  CHECK_FALSE(keys[2].revoked_at.has_value());
}

TEST_CASE("keys: limits are set and taken away together, and everybody is told", "[keys]") {
  World world;
  storage::Backend other = world.another();
  world.keys().insert(key_of("aaaaaaaa", world.clock.now()));
  const std::string version = other.keys->version();
  storage::KeyLimits limits;
  limits.rps = 0;
  limits.records_rate = 1000.5;
  limits.bytes_rate = 10;
  limits.bytes_burst = 1;
  CHECK(world.keys().set_limits("aaaaaaaa", limits));
  CHECK(static_cast<const storage::KeyLimits&>(other.keys->list()[0]) == limits);
  CHECK(other.keys->version() != version);
  CHECK(world.keys().set_limits("aaaaaaaa", {}));
  CHECK(static_cast<const storage::KeyLimits&>(world.keys().list()[0]) == storage::KeyLimits());
  CHECK(world.keys().list()[0].name == "key aaaaaaaa");
  CHECK_FALSE(world.keys().set_limits("nobody", limits));
}

TEST_CASE("keys: forgetting says how many there were", "[keys]") {
  World world;
  storage::Backend other = world.another();
  for (const char* id : {"aaaaaaaa", "bbbbbbbb", "cccccccc"}) {
    world.keys().insert(key_of(id, world.clock.now()));
  }
  const std::string version = other.keys->version();
  const std::vector<std::string> ids = {"aaaaaaaa", "nobody", "cccccccc"};
  CHECK(world.keys().remove(ids) == 2);
  CHECK(other.keys->version() != version);
  REQUIRE(other.keys->list().size() == 1);
  CHECK(other.keys->list()[0].id == "bbbbbbbb");
  CHECK(world.keys().remove({}) == 0);
}

TEST_CASE("keys: revoking keeps the first time and says whether the key exists", "[keys]") {
  World world;
  world.keys().insert(key_of("aaaaaaaa", world.clock.now()));
  const Timestamp first = world.clock.now() + seconds(10);
  CHECK_FALSE(world.keys().revoke("nobody", first));
  CHECK(world.keys().revoke("aaaaaaaa", first));
  CHECK(world.keys().revoke("aaaaaaaa", first + seconds(10)));
  CHECK(world.keys().list().front().revoked_at == first);
}

TEST_CASE("keys: uses add up and the latest time is kept", "[keys]") {
  World world;
  world.keys().insert(key_of("aaaaaaaa", world.clock.now()));
  const Timestamp late = world.clock.now() + seconds(60);
  const std::vector<KeyUse> uses = {{"aaaaaaaa", 3, late}, {"unknown", 1, late}};
  world.keys().record_use(uses);
  const std::vector<KeyUse> earlier = {{"aaaaaaaa", 2, late - seconds(30)}};
  world.keys().record_use(earlier);
  world.keys().record_use({});
  const KeyRow key = world.keys().list().front();
  CHECK(key.use_count == 5);
  CHECK(key.last_used_at == late);
}

TEST_CASE("keys: the version tells every instance about changes, not about uses", "[keys]") {
  World world;
  storage::Backend other = world.another();
  const std::string empty = other.keys->version();
  world.keys().insert(key_of("aaaaaaaa", world.clock.now()));
  const std::string added = other.keys->version();
  CHECK(added != empty);
  CHECK(added == world.keys().version());
  const std::vector<KeyUse> uses = {{"aaaaaaaa", 1, world.clock.now()}};
  world.keys().record_use(uses);
  CHECK(other.keys->version() == added);
  world.keys().revoke("aaaaaaaa", world.clock.now());
  const std::string revoked = other.keys->version();
  CHECK(revoked != added);
  CHECK(revoked != empty);
}

TEST_CASE("keys: two instances use keys at once and no use is lost", "[keys]") {
  World world;
  world.keys().insert(key_of("aaaaaaaa", world.clock.now()));
  storage::Backend other = world.another();
  constexpr int kTimes = 50;
  const std::vector<KeyUse> uses = {{"aaaaaaaa", 1, world.clock.now()}};
  const auto use = [&](storage::KeyStore& keys) {
    for (int i = 0; i < kTimes; ++i) keys.record_use(uses);
  };
  std::thread second([&] { use(*other.keys); });
  use(world.keys());
  second.join();
  CHECK(world.keys().list().front().use_count == 2 * kTimes);
}

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
  CHECK(keys[0].created_at == full.created_at);
  CHECK(keys[0].expires_at == full.expires_at);
  CHECK(keys[1].id == "bbbbbbbb");
  CHECK(keys[1].tenant == "default");
  CHECK_FALSE(keys[1].rps.has_value());
  CHECK_FALSE(keys[1].burst.has_value());
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

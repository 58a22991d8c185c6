#include "shared/auth/remembered_keys.h"

#include "shared/auth/authenticator.h"
#include "shared/auth/key.h"
#include "shared/base/file.h"
#include "shared/base/hash.h"
#include "shared/base/ids.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"
#include "tests/support/temp_dir.h"

#include <filesystem>

using namespace logctl;

namespace {

storage::KeyRow sample() {
  storage::KeyRow key;
  key.id = "A1b2C3d4";
  key.secret_hash = "hash";
  key.name = "name with spaces\nand lines";
  key.scopes = "ingest,read";
  key.tenant = "acme";
  key.rps = 12.5;
  key.burst = 30;
  key.records_rate = 0.5;
  key.records_burst = 5'000'000'000U;
  key.bytes_rate = 1e6;
  key.bytes_burst = 7;
  key.only = "service=payments\nhost=a b";
  key.replaced_by = "Z9y8X7w6";
  key.created_at = from_micros(1'700'000'000'000'001);
  key.expires_at = from_micros(1'900'000'000'000'000);
  return key;
}

void ignore(const Error&) {}

}  // namespace

TEST_CASE("remembered keys: a copy holds every field", "[auth]") {
  storage::KeyRow revoked;
  revoked.id = "second";
  revoked.revoked_at = from_micros(5);
  const std::vector<storage::KeyRow> keys = {sample(), revoked};
  const std::vector<storage::KeyRow> read = auth::parse_keys(auth::format_keys(keys));
  REQUIRE(read.size() == 2);
  CHECK(read[0].id == keys[0].id);
  CHECK(read[0].secret_hash == keys[0].secret_hash);
  CHECK(read[0].name == keys[0].name);
  CHECK(read[0].scopes == keys[0].scopes);
  CHECK(read[0].tenant == keys[0].tenant);
  CHECK(static_cast<const storage::KeyLimits&>(read[0]) == keys[0]);
  CHECK(read[0].only == keys[0].only);
  CHECK(read[0].replaced_by == keys[0].replaced_by);
  CHECK(read[0].created_at == keys[0].created_at);
  CHECK(read[0].expires_at == keys[0].expires_at);
  CHECK_FALSE(read[0].revoked_at);
  CHECK(read[1].revoked_at == revoked.revoked_at);
  CHECK_FALSE(read[1].rps);
  CHECK(auth::parse_keys(auth::format_keys({})).empty());
}

TEST_CASE("remembered keys: a copy of the version before is still read", "[auth]") {
  // One key with id, hash, name, scopes, tenant and times, as that version wrote it.
  std::string text = "logctl keys 1\n";
  for (const char* field : {"A1b2C3d4", "hash", "web", "read", "acme", "2.5", "", "5", "", ""}) {
    text += base64url_encode(field) + ' ';
  }
  text += '\n';
  const std::vector<storage::KeyRow> keys = auth::parse_keys(text + sha256_hex(text) + '\n');
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].id == "A1b2C3d4");
  CHECK(keys[0].rps == 2.5);
  CHECK(keys[0].created_at == from_micros(5));
  CHECK(keys[0].only.empty());
  CHECK_FALSE(keys[0].records_rate);
}

TEST_CASE("remembered keys: a damaged copy is never believed", "[auth]") {
  const std::vector<storage::KeyRow> keys = {sample()};
  const std::string text = auth::format_keys(keys);
  for (std::size_t i = 0; i < text.size(); ++i) {
    CHECK_THROWS_AS(auth::parse_keys(std::string_view(text).substr(0, i)), Error);
    std::string flipped = text;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    CHECK_THROWS_AS(auth::parse_keys(flipped), Error);
  }
}

TEST_CASE("remembered keys: a daemon that starts while the store is away knows its keys",
          "[auth]") {
  test::TempDir dir;
  const auto file = dir.path() / "keys.copy";
  test::FakeKeys store;
  const auth::NewKey key = auth::generate_key(auth::Scopes(auth::Scope::ingest));
  storage::KeyRow row = sample();
  row.id = key.id;
  row.secret_hash = key.hash;
  row.expires_at.reset();
  store.insert(row);
  const config::Config config;
  {
    auth::RememberedKeys keys(store, file, ignore);
    auth::Authenticator authenticator(keys, config, system_clock());
    authenticator.refresh();
    CHECK(authenticator.check(key.secret).verdict == auth::Verdict::ok);
  }
  const auto permissions = std::filesystem::status(file).permissions();
  CHECK((permissions & std::filesystem::perms(0077)) == std::filesystem::perms::none);

  store.set_away(true);
  auth::RememberedKeys keys(store, file, ignore);
  auth::Authenticator authenticator(keys, config, system_clock());
  authenticator.refresh();
  CHECK(authenticator.check(key.secret).verdict == auth::Verdict::ok);
  // Back again: what the store says counts.
  store.set_away(false);
  store.revoke(key.id, system_clock().now());
  authenticator.refresh();
  CHECK(authenticator.check(key.secret).verdict == auth::Verdict::unknown);
  // Away later: the last snapshot stays, the copy is not read again.
  store.set_away(true);
  CHECK_THROWS_AS(authenticator.refresh(), Error);
}

TEST_CASE("remembered keys: without a copy the store's absence is an error", "[auth]") {
  test::TempDir dir;
  test::FakeKeys store;
  store.set_away(true);
  auth::RememberedKeys keys(store, dir.path() / "none", ignore);
  CHECK_THROWS_AS(keys.version(), Error);
}

TEST_CASE("remembered keys: a copy that cannot be written is told and costs nothing else",
          "[auth]") {
  test::TempDir dir;
  test::FakeKeys store;
  store.insert(sample());
  int failures = 0;
  auth::RememberedKeys keys(store, dir.path() / "no" / "such" / "folder",
                            [&failures](const Error&) { ++failures; });
  CHECK(keys.list().size() == 1);
  CHECK(failures == 1);
}

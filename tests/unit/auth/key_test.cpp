#include "shared/auth/key.h"

#include "shared/base/hash.h"
#include "tests/support/catch.h"

#include <array>
#include <set>

using namespace logctl;
using namespace logctl::auth;

TEST_CASE("key: the check sum is zlib's CRC-32 of everything before it, in base62", "[auth]") {
  // Computed apart from this program: crc32 of the first 46 characters is 0xac8c5e11.
  CHECK(key_id("lgc_i_A1b2C3d40123456789abcdefghijklmnopqrstuv39ucbJ") == "A1b2C3d4");
}

TEST_CASE("key: a generated key has the documented shape", "[auth]") {
  const auto f = [](Scopes scopes, std::string_view start) {
    const NewKey key = generate_key(scopes);
    INFO(key.secret);
    CHECK(key.secret.starts_with(start));
    CHECK(key.secret.size() == 52);
    CHECK(key.id == key.secret.substr(6, 8));
    CHECK(key_id(key.secret) == key.id);
    CHECK(key.hash == sha256_hex(key.secret));
    CHECK(key.hash == hash_key(key.secret));
    CHECK(key.hash.size() == 64);
  };
  f(Scope::ingest, "lgc_i_");
  f(Scope::read, "lgc_r_");
  f(Scope::admin, "lgc_a_");
  f(Scope::ingest | Scope::admin, "lgc_a_");
  f(Scope::ingest | Scope::read, "lgc_m_");
}

TEST_CASE("key: any single changed, lost or added character is found without a look-up", "[auth]") {
  const std::string key = generate_key(Scope::ingest).secret;
  for (std::size_t at = 0; at < key.size(); ++at) {
    for (int c = 1; c < 256; ++c) {
      if (static_cast<char>(c) == key[at]) continue;
      std::string changed = key;
      changed[at] = static_cast<char>(c);
      if (key_id(changed)) FAIL("accepted " + changed);
    }
    std::string shorter = key;
    shorter.erase(at, 1);
    CHECK_FALSE(key_id(shorter));
    std::string longer = key;
    longer.insert(at, "0");
    CHECK_FALSE(key_id(longer));
    if (at > 0 && key[at] != key[at - 1]) {
      std::string swapped = key;
      std::swap(swapped[at], swapped[at - 1]);
      CHECK_FALSE(key_id(swapped));
    }
  }
}

TEST_CASE("key: junk has no id", "[auth]") {
  for (const std::string& text :
       {std::string(), std::string("lgc_"), std::string("Bearer x"), std::string(52, '0'),
        std::string(52, '\0'), "lgc_i_" + std::string(46, '0'), std::string(100'000, 'a')}) {
    CHECK_FALSE(key_id(text));
  }
}

TEST_CASE("key: ten thousand ids and secrets are unique and use the whole alphabet", "[auth]") {
  std::set<std::string> ids;
  std::set<std::string> secrets;
  std::array<int, 128> seen{};
  constexpr int kKeys = 10'000;
  for (int i = 0; i < kKeys; ++i) {
    NewKey key = generate_key(Scope::read);
    for (const char c : key.secret.substr(14, 32)) ++seen[static_cast<unsigned char>(c)];
    ids.insert(std::move(key.id));
    secrets.insert(std::move(key.secret));
  }
  CHECK(ids.size() == kKeys);
  CHECK(secrets.size() == kKeys);
  // 320 000 draws from 62 characters: 5161 each, with a standard deviation of 71. Taking bytes
  // modulo 62 would give the first eight characters a quarter more than the others.
  int characters = 0;
  for (const int count : seen) {
    if (count == 0) continue;
    ++characters;
    CHECK(count > 5161 - 7 * 71);
    CHECK(count < 5161 + 7 * 71);
  }
  CHECK(characters == 62);
}

TEST_CASE("scope: names both ways", "[auth]") {
  const auto f = [](std::string_view text, std::optional<Scopes> expected) {
    INFO(text);
    CHECK(parse_scopes(text) == expected);
  };
  f("ingest", Scopes(Scope::ingest));
  f("read,ingest", Scope::ingest | Scope::read);
  f("ingest,ingest", Scopes(Scope::ingest));
  f("admin,read,ingest", Scope::ingest | Scope::read | Scope::admin);
  f("", std::nullopt);
  f("ingest,", std::nullopt);
  f(",ingest", std::nullopt);
  f("ingest, read", std::nullopt);
  f("Ingest", std::nullopt);
  f("write", std::nullopt);
  f("none", std::nullopt);
  CHECK(format_scopes(Scope::admin | Scope::ingest) == "ingest,admin");
  CHECK(format_scopes(Scopes()).empty());
  CHECK(scope_name(Scope::read) == "read");
  CHECK_FALSE(Scopes(Scope::admin).has(Scope::ingest));
  CHECK(Scopes(Scope::admin).has(Scope::none));
}

#include "shared/auth/authenticator.h"

#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"

#include <algorithm>
#include <thread>

using namespace logctl;
using namespace logctl::auth;

namespace {

const Timestamp kNow = from_micros(1'768'000'000'000'000);

struct Fixture {
  test::FakeKeys store;
  ManualClock clock{kNow};
  config::Config config;

  // A key in the store; the secret.
  std::string add(const std::string& name, const std::string& scopes = "ingest",
                  std::optional<Timestamp> expires_at = {}) {
    const NewKey key = generate_key(Scope::ingest);
    storage::KeyRow row;
    row.id = key.id;
    row.secret_hash = key.hash;
    row.name = name;
    row.scopes = scopes;
    row.tenant = "tenant of " + name;
    row.expires_at = expires_at;
    store.insert(row);
    return key.secret;
  }
  static std::string id(const std::string& secret) { return std::string(key_id(secret).value()); }
};

// A well-formed key with the id of `secret` and another secret.
std::string forge(const std::string& secret) {
  static constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string text = generate_key(Scope::ingest).secret;
  text.replace(6, 8, secret, 6, 8);
  // The check sum by trial on the last characters would take long: it is computed as documented.
  text.resize(46);
  std::uint32_t sum = 0xFFFFFFFFU;
  for (const char c : text) {
    sum ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  sum = ~sum;
  std::string digits;
  for (int i = 0; i < 6; ++i, sum /= 62) digits.insert(digits.begin(), kDigits[sum % 62]);
  return text + digits;
}

}  // namespace

TEST_CASE("authenticator: a stored key becomes its principal", "[auth]") {
  Fixture f;
  f.config.ratelimit.default_rps = 7;
  f.config.ratelimit.burst = 9;
  const std::string secret = f.add("web", "ingest,read", kNow + seconds(60));
  Authenticator authenticator(f.store, f.config, f.clock);
  authenticator.refresh();
  const Answer answer = authenticator.check(secret);
  REQUIRE(answer.verdict == Verdict::ok);
  CHECK(answer.principal->key_id == Fixture::id(secret));
  CHECK(answer.principal->name == "web");
  CHECK(answer.principal->tenant == "tenant of web");
  CHECK(answer.principal->scopes == (Scope::ingest | Scope::read));
  CHECK(answer.principal->rps == 7);
  CHECK(answer.principal->burst == 9);
  CHECK(answer.principal->expires_at == kNow + seconds(60));
}

TEST_CASE("authenticator: limits of the key go before the configured ones", "[auth]") {
  Fixture f;
  const NewKey key = generate_key(Scope::ingest);
  storage::KeyRow row;
  row.id = key.id;
  row.secret_hash = key.hash;
  row.scopes = "ingest,of-a-newer-version,read";
  row.rps = 0.5;
  row.burst = 3;
  f.store.insert(row);
  Authenticator authenticator(f.store, f.config, f.clock);
  authenticator.refresh();
  const Answer answer = authenticator.check(key.secret);
  REQUIRE(answer.verdict == Verdict::ok);
  CHECK(answer.principal->rps == 0.5);
  CHECK(answer.principal->burst == 3);
  CHECK(answer.principal->scopes == (Scope::ingest | Scope::read));
}

TEST_CASE("authenticator: what is not a good key", "[auth]") {
  Fixture f;
  const std::string secret = f.add("web");
  f.config.auth.api_keys = {"static"};
  Authenticator authenticator(f.store, f.config, f.clock);
  CHECK(authenticator.check(secret).verdict == Verdict::not_in_snapshot);
  authenticator.refresh();
  CHECK(authenticator.check(secret).verdict == Verdict::ok);
  CHECK(authenticator.check("").verdict == Verdict::missing);
  CHECK(authenticator.check("something").verdict == Verdict::unknown);
  CHECK(authenticator.check("Static").verdict == Verdict::unknown);
  CHECK(authenticator.check(secret + "x").verdict == Verdict::unknown);
  CHECK(authenticator.check("lgc_i_" + std::string(46, '0')).verdict == Verdict::unknown);
  CHECK(authenticator.check(forge(secret)).verdict == Verdict::unknown);
  CHECK(authenticator.check(generate_key(Scope::admin).secret).verdict == Verdict::not_in_snapshot);
  for (const std::string& token : {std::string(), std::string("x"), forge(secret)}) {
    CHECK(authenticator.check(token).principal == nullptr);
  }
}

TEST_CASE("authenticator: static keys have ingest and read, by the order in the configuration",
          "[auth]") {
  Fixture f;
  f.config.auth.api_keys = {"first", "second key of the old days", "first"};
  f.config.ratelimit.default_rps = 5;
  Authenticator authenticator(f.store, f.config, f.clock);
  const Answer answer = authenticator.check("second key of the old days");
  REQUIRE(answer.verdict == Verdict::ok);
  CHECK(answer.principal->key_id == "static-2");
  CHECK(answer.principal->tenant == "default");
  CHECK(answer.principal->scopes == (Scope::ingest | Scope::read));
  CHECK(answer.principal->rps == 5);
  CHECK(authenticator.check("first").principal->key_id == "static-1");

  // They survive a refresh, and a reload replaces them.
  authenticator.refresh();
  CHECK(authenticator.check("first").verdict == Verdict::ok);
  f.config.auth.api_keys = {"third"};
  f.config.ratelimit.default_rps = 6;
  authenticator.configure(f.config);
  CHECK(authenticator.check("first").verdict == Verdict::unknown);
  CHECK(authenticator.check("third").principal->rps == 6);
}

TEST_CASE("authenticator: a key ends with the microsecond of its expiry", "[auth]") {
  Fixture f;
  const std::string secret = f.add("web", "ingest", kNow + seconds(10));
  Authenticator authenticator(f.store, f.config, f.clock);
  authenticator.refresh();
  f.clock.set(kNow + seconds(10) - microseconds(1));
  CHECK(authenticator.check(secret).verdict == Verdict::ok);
  f.clock.advance(microseconds(1));
  CHECK(authenticator.check(secret).verdict == Verdict::expired);
  // Who does not know the secret does not learn that the key has expired.
  CHECK(authenticator.check(forge(secret)).verdict == Verdict::unknown);
}

TEST_CASE("authenticator: a revoked key is unknown after the refresh, and known to be so",
          "[auth]") {
  Fixture f;
  const std::string secret = f.add("web");
  const std::string other = f.add("other");
  Authenticator authenticator(f.store, f.config, f.clock);
  authenticator.refresh();
  f.store.revoke(Fixture::id(secret), kNow);
  CHECK(authenticator.check(secret).verdict == Verdict::ok);
  authenticator.refresh();
  CHECK(authenticator.check(secret).verdict == Verdict::unknown);
  CHECK(authenticator.check(other).verdict == Verdict::ok);
}

TEST_CASE("authenticator: the rows are read only when the version changed", "[auth]") {
  Fixture f;
  f.add("web");
  Authenticator authenticator(f.store, f.config, f.clock);
  for (int i = 0; i < 5; ++i) authenticator.refresh();
  CHECK(f.store.lists() == 1);
  const std::string fresh = f.add("fresh");
  CHECK(authenticator.check(fresh).verdict == Verdict::not_in_snapshot);
  authenticator.refresh();
  CHECK(authenticator.check(fresh).verdict == Verdict::ok);
  CHECK(f.store.lists() == 2);
}

TEST_CASE("authenticator: while the store is away the last snapshot stays in force", "[auth]") {
  Fixture f;
  const std::string secret = f.add("web");
  Authenticator authenticator(f.store, f.config, f.clock);
  authenticator.refresh();
  f.store.set_away(true);
  f.store.revoke(Fixture::id(secret), kNow);
  CHECK_THROWS_AS(authenticator.refresh(), Error);
  CHECK(authenticator.check(secret).verdict == Verdict::ok);
  f.store.set_away(false);
  authenticator.refresh();
  CHECK(authenticator.check(secret).verdict == Verdict::unknown);
}

TEST_CASE("authenticator: uses are counted across refreshes and outages, successes only",
          "[auth]") {
  Fixture f;
  f.config.auth.api_keys = {"static"};
  const std::string secret = f.add("web");
  const std::string id = Fixture::id(secret);
  Authenticator authenticator(f.store, f.config, f.clock);
  authenticator.refresh();
  for (int i = 0; i < 3; ++i) (void)authenticator.check(secret);
  (void)authenticator.check(forge(secret));
  (void)authenticator.check("static");
  f.add("another");
  authenticator.refresh();
  f.clock.advance(seconds(5));
  (void)authenticator.check(secret);

  f.store.set_away(true);
  CHECK_THROWS_AS(authenticator.flush_use(), Error);
  f.store.set_away(false);
  authenticator.flush_use();
  CHECK(f.store.row(id).use_count == 4);
  CHECK(f.store.row(id).last_used_at == kNow + seconds(5));

  authenticator.flush_use();
  CHECK(f.store.row(id).use_count == 4);

  // Uses before a revocation are still written after it.
  (void)authenticator.check(secret);
  f.store.revoke(id, kNow);
  authenticator.refresh();
  authenticator.flush_use();
  CHECK(f.store.row(id).use_count == 5);
}

TEST_CASE("authenticator: checks, refreshes and flushes at once lose no use", "[auth]") {
  Fixture f;
  const std::string secret = f.add("web");
  Authenticator authenticator(f.store, f.config, f.clock);
  authenticator.refresh();
  constexpr int kThreads = 3;
  constexpr int kChecks = 2000;
  std::atomic<int> good = 0;
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kChecks; ++i) {
        if (authenticator.check(secret).verdict == Verdict::ok) ++good;
      }
      --running;
    });
  }
  std::thread refresher([&] {
    for (int i = 0; i < 50 || running > 0; ++i) {
      if (i < 50) f.add("key " + std::to_string(i));
      authenticator.refresh();
      if (i % 10 == 0) authenticator.configure(f.config);
    }
  });
  std::thread flusher([&] {
    while (running > 0) authenticator.flush_use();
  });
  for (std::thread& thread : threads) thread.join();
  refresher.join();
  flusher.join();
  authenticator.flush_use();
  CHECK(good == kThreads * kChecks);
  CHECK(f.store.row(Fixture::id(secret)).use_count == kThreads * kChecks);
}

TEST_CASE("authenticator: a refresh that starts after a key was added sees the key", "[auth]") {
  Fixture f;
  Authenticator authenticator(f.store, f.config, f.clock);
  std::atomic<int> missed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        const std::string secret = f.add("key");
        authenticator.refresh();
        if (authenticator.check(secret).verdict != Verdict::ok) ++missed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(missed == 0);
}

TEST_CASE("authenticator: a key sees only its rows, and none when its rules cannot be read",
          "[auth]") {
  Fixture f;
  Authenticator authenticator(f.store, f.config, f.clock);
  const auto add = [&](const std::string& only) {
    const NewKey key = generate_key(Scope::read);
    storage::KeyRow row;
    row.id = key.id;
    row.secret_hash = key.hash;
    row.scopes = "ingest,read,admin";
    row.only = only;
    f.store.insert(row);
    authenticator.refresh();
    return authenticator.check(key.secret).principal;
  };
  const auto bound = add("service=payments\nlevel=ERROR");
  REQUIRE(bound->view().only.size() == 2);
  CHECK(bound->view().only[0].value == "payments");
  CHECK(bound->scopes.has(Scope::read));
  const auto strange = add("colour=blue");
  CHECK(strange->scopes == Scopes(Scope::ingest));
  CHECK(add("")->view().only.empty());
}

TEST_CASE("authenticator: limits of records and bytes come with the key", "[auth]") {
  Fixture f;
  Authenticator authenticator(f.store, f.config, f.clock);
  const std::string key = f.add("web");
  storage::KeyLimits limits;
  limits.records_rate = 0.25;
  limits.bytes_rate = 1000;
  limits.bytes_burst = 5;
  f.store.set_limits(Fixture::id(key), limits);
  authenticator.refresh();
  const auto principal = authenticator.check(key).principal;
  CHECK(principal->records.rate == 0.25);
  CHECK(principal->records.burst == 1);  // twice the rate, but at least one
  CHECK(principal->bytes.rate == 1000);
  CHECK(principal->bytes.burst == 5);
  f.store.set_limits(Fixture::id(key), {});
  authenticator.refresh();
  CHECK(authenticator.check(key).principal->records.rate == 0);
}

TEST_CASE("authenticator: a key of another form is known by its hash", "[auth]") {
  Fixture f;
  Authenticator authenticator(f.store, f.config, f.clock);
  storage::KeyRow row;
  row.id = "A1b2C3d4";
  row.secret_hash = hash_key("dev-api-key");
  row.scopes = "ingest";
  f.store.insert(row);
  authenticator.refresh();
  const Answer answer = authenticator.check("dev-api-key");
  REQUIRE(answer.verdict == Verdict::ok);
  CHECK(answer.principal->key_id == "A1b2C3d4");
  CHECK(authenticator.check("dev-api-kez").verdict == Verdict::unknown);
  CHECK(authenticator.check(row.secret_hash).verdict == Verdict::unknown);
  authenticator.flush_use();
  CHECK(f.store.row("A1b2C3d4").use_count == 1);
  f.store.revoke("A1b2C3d4", kNow);
  authenticator.refresh();
  CHECK(authenticator.check("dev-api-key").verdict == Verdict::unknown);

  // One of ours of which only the hash came along.
  const std::string ours = generate_key(Scope::ingest).secret;
  CHECK(authenticator.check(ours).verdict == Verdict::not_in_snapshot);
  row.id = "E5f6G7h8";
  row.secret_hash = hash_key(ours);
  f.store.insert(row);
  authenticator.refresh();
  CHECK(authenticator.check(ours).verdict == Verdict::ok);
}

TEST_CASE("authenticator: the census tells what ends soon", "[auth]") {
  Fixture f;
  Authenticator authenticator(f.store, f.config, f.clock);
  const microseconds notice = std::chrono::hours(24);
  CHECK_FALSE(authenticator.census(kNow, notice).next_end);
  f.add("for ever");
  f.add("far", "read", kNow + std::chrono::hours(48));
  f.add("soon", "read", kNow + std::chrono::hours(24));
  f.add("over", "read", kNow);
  f.store.revoke(Fixture::id(f.add("revoked", "read", kNow + seconds(1))), kNow);
  authenticator.refresh();
  const Census census = authenticator.census(kNow, notice);
  CHECK(census.active == 2);
  CHECK(census.ending == 1);
  CHECK(census.expired == 1);
  CHECK(census.revoked == 1);
  CHECK(census.next_end == kNow + std::chrono::hours(24));
}

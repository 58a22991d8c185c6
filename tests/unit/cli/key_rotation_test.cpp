#include "cli/key_rotation.h"

#include "cli/key_actions.h"
#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"

#include <optional>
#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::cli;

namespace {

// Takes nothing, like a full disk.
class FullSink final : public Sink {
 public:
  void write(std::string_view) override {}
  void flush() override { throw Error(ErrorCode::io, "write: No space left on device"); }
};

// Looks into the store when what was printed is on its way.
class WatchingSink final : public Sink {
 public:
  explicit WatchingSink(const test::FakeKeys& store, std::string id)
      : store_(store), id_(std::move(id)) {}
  void write(std::string_view text) override { text_ += text; }
  void flush() override {
    if (!text_.empty() && !replaced_then) replaced_then = !store_.row(id_).replaced_by.empty();
  }
  std::optional<bool> replaced_then;

 private:
  const test::FakeKeys& store_;
  const std::string id_;
  std::string text_;
};

struct Fixture {
  test::FakeKeys store;
  ManualClock clock{*parse_rfc3339("2026-01-15T10:30:00Z")};
  StringSink err;
  OutputSettings settings;

  Fixture() { settings.format = OutputFormat::plain; }

  std::string create(const std::string& name, const std::string& expires = "") {
    StringSink sink;
    Output output(sink, err, settings);
    CreateKey options;
    options.name = name;
    options.scopes = "read";
    options.tenant = "acme";
    options.only = {"service=payments"};
    options.limits.records = "5/s";
    options.expires = expires;
    create_key(&store, clock, output, options);
    return std::string(*auth::key_id(sink.text().substr(sink.text().find("lgc_"), 52)));
  }
  std::string rotate(const RotateKeys& options) {
    StringSink sink;
    Output output(sink, err, settings);
    CHECK(rotate_keys(store, clock, output, options) == 0);
    return sink.text();
  }
  void fails(const RotateKeys& options, ErrorCode code, const std::string& message,
             const std::string& hint) {
    StringSink sink;
    Output output(sink, err, settings);
    try {
      rotate_keys(store, clock, output, options);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == code);
      CHECK(error.message() == message);
      CHECK(error.hint() == hint);
    }
    CHECK(sink.text().empty());
  }
};

RotateKeys one(std::string id) {
  RotateKeys options;
  options.id = std::move(id);
  return options;
}
RotateKeys all(std::string age) {
  RotateKeys options;
  options.all_older_than = std::move(age);
  return options;
}

}  // namespace

TEST_CASE("rotate: the new key has the rights of the old one, which ends after the overlap",
          "[cli]") {
  Fixture f;
  const std::string old = f.create("web", "90d");
  f.clock.advance(std::chrono::hours(24 * 80));
  const std::string key = f.rotate(one(old));
  REQUIRE(key.size() == 53);
  const storage::KeyRow before = f.store.row(old);
  const storage::KeyRow after = f.store.row(*auth::key_id(key.substr(0, 52)));
  CHECK(after.secret_hash == auth::hash_key(key.substr(0, 52)));
  CHECK(after.name == "web");
  CHECK(after.scopes == "read");
  CHECK(after.tenant == "acme");
  CHECK(after.only == "service=payments");
  CHECK(after.records_rate == 5.0);
  CHECK(after.created_at == f.clock.now());
  // As long as the old one was made for; the old one ends in seven days.
  CHECK(after.expires_at == f.clock.now() + std::chrono::hours(24 * 90));
  CHECK(after.replaced_by.empty());
  CHECK(before.replaced_by == after.id);
  CHECK(before.expires_at == f.clock.now() + std::chrono::hours(24 * 7));
  CHECK(key_state(before, f.clock.now()) == "ending");
  CHECK_THAT(f.err.text(),
             Catch::EndsWith("Key " + old + " (web) works until 2026-04-12T10:30:00Z.\n"));
}

TEST_CASE("rotate: an old key that ends sooner keeps its end, and none may be left at once",
          "[cli]") {
  Fixture f;
  const std::string soon = f.create("web", "1h");
  f.rotate(one(soon));
  CHECK(f.store.row(soon).expires_at == f.clock.now() + std::chrono::hours(1));
  const std::string now = f.create("web");
  RotateKeys options = one(now);
  options.overlap = "0";
  options.expires = "2027-01-01T00:00:00Z";
  const std::string key = f.rotate(options);
  CHECK(key_state(f.store.row(now), f.clock.now()) == "expired");
  CHECK(f.store.row(*auth::key_id(key.substr(0, 52))).expires_at ==
        parse_rfc3339("2027-01-01T00:00:00Z"));
}

TEST_CASE("rotate: the answer in JSON says what takes whose place", "[cli]") {
  Fixture f;
  const std::string old = f.create("web");
  f.settings.format = OutputFormat::json;
  const std::string text = f.rotate(one(old));
  const std::string key = text.substr(8, 52);
  CHECK(text == "{\"key\":\"" + key + "\",\"id\":\"" + f.store.row(old).replaced_by +
                    "\",\"name\":\"web\",\"scopes\":\"read\",\"tenant\":\"acme\","
                    "\"only\":[\"service=payments\"],\"expires_at\":null,\"replaces\":\"" +
                    old + "\",\"old_expires_at\":\"2026-01-22T10:30:00Z\"}\n");
}

TEST_CASE("rotate: what cannot be rotated is named with what to do", "[cli]") {
  Fixture f;
  const std::string either = "expected either the ID of a key or --all-older-than DURATION";
  f.fails({}, ErrorCode::usage, either, "see `logctl keys rotate --help`");
  RotateKeys both = one("x");
  both.all_older_than = "90d";
  f.fails(both, ErrorCode::usage, either, "see `logctl keys rotate --help`");
  f.fails(one("nobody"), ErrorCode::not_found, "no key has the id 'nobody'",
          "`logctl keys list` shows the ids");
  f.fails(one("static-1"), ErrorCode::not_found, "no key has the id 'static-1'",
          "keys of auth.api_keys are not in the store; `logctl keys import` brings them in");
  const std::string id = f.create("web");
  RotateKeys bad = one(id);
  bad.overlap = "7";
  f.fails(bad, ErrorCode::usage,
          "--overlap: found '7', expected a duration such as 12h or 90d, at most 100 years", "");
  f.rotate(one(id));
  const std::string next = f.store.row(id).replaced_by;
  f.fails(one(id), ErrorCode::conflict,
          "key " + id + " (web) was rotated already, key " + next + " takes its place",
          "logctl keys rotate " + next);
  f.store.revoke(next, f.clock.now());
  f.fails(one(next), ErrorCode::conflict, "key " + next + " (web) is revoked",
          "`logctl keys create` makes a new one");
}

TEST_CASE("rotate: nobody's key ends before the new one was printed", "[cli]") {
  Fixture f;
  const std::string id = f.create("web");
  WatchingSink sink(f.store, id);
  Output output(sink, f.err, f.settings);
  rotate_keys(f.store, f.clock, output, one(id));
  CHECK(sink.replaced_then == false);
  CHECK_FALSE(f.store.row(id).replaced_by.empty());

  const std::string other = f.create("other");
  FullSink full;
  Output lost(full, f.err, f.settings);
  CHECK_THROWS_AS(rotate_keys(f.store, f.clock, lost, one(other)), Error);
  CHECK(f.store.row(other).replaced_by.empty());
  CHECK_FALSE(f.store.row(other).expires_at);
  CHECK(f.store.list().back().revoked_at.has_value());
}

TEST_CASE("rotate: all that are old, once", "[cli]") {
  Fixture f;
  const std::string first = f.create("first");
  const std::string second = f.create("second");
  const std::string ended = f.create("ended", "1d");
  const std::string revoked = f.create("revoked");
  f.store.revoke(revoked, f.clock.now());
  f.clock.advance(std::chrono::hours(24 * 90));
  const std::string young = f.create("young");

  f.settings.format = OutputFormat::jsonl;
  RotateKeys dry = all("90d");
  dry.dry_run = true;
  CHECK(f.rotate(dry).find("\"name\":\"second\"") != std::string::npos);
  CHECK(f.store.list().size() == 5);

  const std::string text = f.rotate(all("90d"));
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  for (const std::string& id : {first, second}) {
    const storage::KeyRow row = f.store.row(id);
    CHECK(text.find("\"replaces\":\"" + id + "\"") != std::string::npos);
    CHECK(text.find("\"id\":\"" + row.replaced_by + "\"") != std::string::npos);
    CHECK(row.expires_at == f.clock.now() + std::chrono::hours(24 * 7));
  }
  for (const std::string& id : {ended, revoked, young}) {
    CHECK(f.store.row(id).replaced_by.empty());
  }
  CHECK_THAT(f.err.text(), Catch::EndsWith("Rotated 2 keys older than 90d.\n"));
  // The next run of cron, a day later, finds nothing to do.
  f.clock.advance(std::chrono::hours(24));
  CHECK(f.rotate(all("89d12h")).empty());
  CHECK(f.store.list().size() == 7);
}

TEST_CASE("rotate: what was printed before a failure can be read", "[cli]") {
  Fixture f;
  f.create("first");
  f.clock.advance(std::chrono::hours(1));
  f.settings.format = OutputFormat::json;
  StringSink sink;
  Output output(sink, f.err, f.settings);
  const std::string second = f.create("second");
  f.store.fail_retire_of(second);
  CHECK_THROWS_AS(rotate_keys(f.store, f.clock, output, all("0s")), Error);
  CHECK(sink.text().ends_with("]\n"));
  CHECK(f.store.row(second).replaced_by.empty());
}

TEST_CASE("rotate: several keys do not fit a form for one", "[cli]") {
  Fixture f;
  RotateKeys options = all("1d");
  options.secret.format = SecretFormat::env;
  f.fails(options, ErrorCode::usage,
          "-o env and -o systemd-credential hold one key, --all-older-than may give several",
          "use -o json, -o jsonl or -o k8s-secret");
  options.secret = {SecretFormat::k8s_secret, "shop"};
  f.fails(options, ErrorCode::usage,
          "--secret-name is for one key, --all-older-than may give several",
          "use -o json, -o jsonl or -o k8s-secret");
  f.create("a");
  f.create("b");
  f.clock.advance(std::chrono::hours(48));
  options.secret.name.clear();
  const std::string text = f.rotate(options);
  CHECK(text.find("name: logctl-key-a\n") != std::string::npos);
  CHECK(text.find("name: logctl-key-b\n") != std::string::npos);
}

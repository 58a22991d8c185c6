#include "cli/key_actions.h"

#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"

#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::cli;

namespace {

struct Fixture {
  test::FakeKeys store;
  ManualClock clock{*parse_rfc3339("2026-01-15T10:30:00.25Z")};
  StringSink out, err;
  OutputSettings settings;

  Fixture() { settings.format = OutputFormat::plain; }
  std::string create(const CreateKey& options) {
    StringSink sink;
    Output output(sink, err, settings);
    CHECK(create_key(store, clock, output, options) == 0);
    return sink.text();
  }
  std::string list() {
    StringSink sink;
    Output output(sink, err, settings);
    CHECK(list_keys(store, clock, output) == 0);
    return sink.text();
  }
  std::string revoke(std::string_view id) {
    StringSink sink;
    Output output(sink, err, settings);
    CHECK(revoke_key(store, clock, output, id) == 0);
    return sink.text();
  }
};

CreateKey named(std::string name) {
  CreateKey options;
  options.name = std::move(name);
  return options;
}

// Takes nothing, like a full disk.
class FullSink final : public Sink {
 public:
  void write(std::string_view) override {}
  void flush() override { throw Error(ErrorCode::io, "write: No space left on device"); }
};

}  // namespace

TEST_CASE("keys: plain output is the key alone, and only its hash is stored", "[cli]") {
  Fixture f;
  CreateKey options = named("web");
  options.expires = "90d";
  options.rps = 10;
  options.burst = 20;
  const std::string text = f.create(options);
  REQUIRE(text.size() == 53);
  const std::string key = text.substr(0, 52);
  CHECK(key.starts_with("lgc_m_"));
  const auto rows = f.store.list();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].id == auth::key_id(key));
  CHECK(rows[0].secret_hash == auth::hash_key(key));
  CHECK(rows[0].name == "web");
  CHECK(rows[0].scopes == "ingest,read");
  CHECK(rows[0].tenant == "default");
  CHECK(rows[0].rps == 10.0);
  CHECK(rows[0].burst == 20U);
  CHECK(rows[0].created_at == f.clock.now());
  CHECK(format_rfc3339(rows[0].expires_at.value()) == "2026-04-15T10:30:01Z");
  CHECK(f.err.text().empty());
}

TEST_CASE("keys: JSON output has key, id and what was asked for", "[cli]") {
  Fixture f;
  f.settings.format = OutputFormat::json;
  CreateKey options = named("a \"b\"");
  options.scopes = "read";
  options.tenant = "team-1";
  const std::string text = f.create(options);
  const storage::KeyRow row = f.store.list().at(0);
  const std::string key = text.substr(8, 52);
  CHECK(auth::hash_key(key) == row.secret_hash);
  CHECK(text == "{\"key\":\"" + key + "\",\"id\":\"" + row.id +
                    "\",\"name\":\"a \\\"b\\\"\",\"scopes\":\"read\",\"tenant\":\"team-1\","
                    "\"expires_at\":null}\n");
}

TEST_CASE("keys: a person at a terminal is told that the key is not shown again", "[cli]") {
  Fixture f;
  f.settings.err_is_terminal = true;
  f.create(named("web"));
  CHECK(f.err.text() == "The key is shown this once; the store keeps only its hash.\n");
}

TEST_CASE("keys: a key that could not be printed is revoked", "[cli]") {
  Fixture f;
  FullSink full;
  Output output(full, f.err, f.settings);
  CHECK_THROWS_AS(create_key(f.store, f.clock, output, named("web")), Error);
  REQUIRE(f.store.list().size() == 1);
  CHECK(f.store.list()[0].revoked_at.has_value());
}

TEST_CASE("keys: wrong options are named with what is allowed, and store nothing", "[cli]") {
  Fixture f;
  struct Case {
    std::string message, hint;
    std::function<void(CreateKey&)> change;
  };
  const std::vector<Case> cases = {
      {"--name: is empty, expected a name for people", "", [](auto& o) { o.name = ""; }},
      {"--name: has 101 bytes, allowed are 100", "", [](auto& o) { o.name.assign(101, 'x'); }},
      {"--name: holds control characters or is not UTF-8", "", [](auto& o) { o.name = "a\nb"; }},
      {"--scopes: found 'reed', expected a list such as ingest,read out of ingest, read, admin",
       "did you mean 'read'?", [](auto& o) { o.scopes = "ingest,reed"; }},
      {"--scopes: found '', expected a list such as ingest,read out of ingest, read, admin", "",
       [](auto& o) { o.scopes = ""; }},
      {"--tenant: found 'a b', expected 1 to 64 of letters, digits, '.', '_' and '-'", "",
       [](auto& o) { o.tenant = "a b"; }},
      {"--expires: found '90', expected a duration such as 90d or a time such as "
       "2030-01-31T00:00:00Z",
       "", [](auto& o) { o.expires = "90"; }},
      {"--expires: 2026-01-15T10:30:00.25Z is not in the future", "",
       [](auto& o) { o.expires = "0"; }},
      {"--expires: 2020-01-01T00:00:00Z is not in the future", "",
       [](auto& o) { o.expires = "2020-01-01T00:00:00Z"; }},
      {"--expires: is more than 100 years ahead", "leave it out for a key that does not expire",
       [](auto& o) { o.expires = "15000000w"; }},
      {"--expires: is more than 100 years ahead", "leave it out for a key that does not expire",
       [](auto& o) { o.expires = "9999-01-01T00:00:00Z"; }},
      {"--rps: expected a number of requests a second above 0", "", [](auto& o) { o.rps = 0; }},
      {"--rps: expected a number of requests a second above 0", "",
       [](auto& o) { o.rps = std::numeric_limits<double>::quiet_NaN(); }},
      {"--burst: expected a whole number of requests, at least 1", "",
       [](auto& o) { o.burst = 0; }},
  };
  for (const Case& c : cases) {
    INFO(c.message);
    CreateKey options = named("web");
    c.change(options);
    Output output(f.out, f.err, f.settings);
    try {
      create_key(f.store, f.clock, output, options);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.message() == c.message);
      CHECK(error.hint() == c.hint);
    }
  }
  CHECK(f.store.list().empty());
  CHECK(f.out.text().empty());
}

TEST_CASE("keys: the list shows use and state, oldest first", "[cli]") {
  Fixture f;
  CreateKey options = named("one");
  options.expires = "1h";
  const std::string one(*auth::key_id(f.create(options).substr(0, 52)));
  f.clock.advance(seconds(1));
  const std::string two(*auth::key_id(f.create(named("two")).substr(0, 52)));
  const std::vector<storage::KeyUse> uses = {{two, 7, f.clock.now()}};
  f.store.record_use(uses);
  f.clock.advance(seconds(1));
  const std::string three(*auth::key_id(f.create(named("three")).substr(0, 52)));
  f.revoke(three);
  f.clock.set(*parse_rfc3339("2026-01-15T11:30:01Z"));  // the moment in which the first one ends

  f.settings.format = OutputFormat::csv;
  CHECK(f.list() ==
        "id,state,scopes,tenant,created_at,expires_at,last_used_at,uses,name\r\n" + one +
            ",expired,\"ingest,read\",default,2026-01-15T10:30:00.25Z,2026-01-15T11:30:01Z,,0,one"
            "\r\n" +
            two +
            ",active,\"ingest,read\",default,2026-01-15T10:30:01.25Z,,2026-01-15T10:30:01.25Z,7,two"
            "\r\n" +
            three + ",revoked,\"ingest,read\",default,2026-01-15T10:30:02.25Z,,,0,three\r\n");
}

TEST_CASE("keys: revoking", "[cli]") {
  Fixture f;
  const std::string key = f.create(named("web")).substr(0, 52);
  const std::string id(*auth::key_id(key));
  const auto fails = [&](std::string_view what, ErrorCode code, std::string_view message,
                         std::string_view hint) {
    Output output(f.out, f.err, f.settings);
    try {
      revoke_key(f.store, f.clock, output, what);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == code);
      CHECK(error.message() == message);
      CHECK(error.hint() == hint);
    }
  };
  fails("nobody", ErrorCode::not_found, "no key has the id 'nobody'",
        "`logctl keys list` shows the ids");
  fails(key, ErrorCode::usage, "that is a whole key, expected the id of one",
        "logctl keys revoke " + id);
  CHECK(info(ErrorCode::not_found).exit_status == 5);

  CHECK(f.revoke(id).empty());
  CHECK(f.err.text() ==
        "Key " + id + " (web) is revoked; running daemons refuse it within a second.\n");
  f.clock.advance(seconds(60));
  f.settings.format = OutputFormat::json;
  CHECK(f.revoke(id) == "{\"id\":\"" + id +
                            "\",\"name\":\"web\",\"state\":\"revoked\",\"revoked_at\":"
                            "\"2026-01-15T10:30:00.25Z\",\"already_revoked\":true}\n");
  CHECK_THAT(f.err.text(), Catch::EndsWith("(web) was revoked already, at "
                                           "2026-01-15T10:30:00.25Z.\n"));
}

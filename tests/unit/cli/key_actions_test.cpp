#include "cli/key_actions.h"

#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"

#include <functional>
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
    CHECK(create_key(&store, clock, output, options) == 0);
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
  options.limits.requests = "10";
  options.limits.burst = "20";
  options.limits.records = "6000/m";
  options.limits.bytes = "1MiB/s";
  options.limits.bytes_burst = "3MiB";
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
  CHECK(rows[0].records_rate == 100.0);
  CHECK_FALSE(rows[0].records_burst);
  CHECK(rows[0].bytes_rate == 1048576.0);
  CHECK(rows[0].bytes_burst == 3145728U);
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
  options.only = {"service=payments", "min_level=WARN"};
  const std::string text = f.create(options);
  const storage::KeyRow row = f.store.list().at(0);
  const std::string key = text.substr(8, 52);
  CHECK(auth::hash_key(key) == row.secret_hash);
  CHECK(text == "{\"key\":\"" + key + "\",\"id\":\"" + row.id +
                    "\",\"name\":\"a \\\"b\\\"\",\"scopes\":\"read\",\"tenant\":\"team-1\","
                    "\"only\":[\"service=payments\",\"min_level=WARN\"],\"expires_at\":null}\n");
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
  CHECK_THROWS_AS(create_key(&f.store, f.clock, output, named("web")), Error);
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
      {"--requests or --rps: found '0', expected a rate such as 100/s, or none", "",
       [](auto& o) { o.limits.requests = "0"; }},
      {"--only: found 'servce', expected one of service, host, event_type, event_name, user_id, "
       "session_id, app_version, priority, level, min_level",
       "did you mean 'service'?", [](auto& o) { o.only = {"servce=x"}; }},
      {"--only: cannot bind a key of scope admin, which is for the whole store", "",
       [](auto& o) {
         o.only = {"service=x"};
         o.scopes = "read,admin";
       }},
      {"--only: binds what a key reads, and this one has not the scope read", "",
       [](auto& o) {
         o.only = {"service=x"};
         o.scopes = "ingest";
       }},
      {"--secret-name goes with -o env, -o k8s-secret or -o systemd-credential", "",
       [](auto& o) { o.secret.name = "X"; }},
      {"--secret-name: found '1X', expected the name of a variable, such as LOGCTL_API_KEY", "",
       [](auto& o) {
         o.secret = {SecretFormat::env, "1X"};
       }},
      {"--secret-name: found 'My', expected the name of a Secret: lower-case letters, digits and "
       "'-', at most 63",
       "",
       [](auto& o) {
         o.secret = {SecretFormat::k8s_secret, "My"};
       }},
      {"--secret-name: found 'a/b', expected the name of a credential: letters, digits, '.', '_' "
       "and '-'",
       "",
       [](auto& o) {
         o.secret = {SecretFormat::systemd_credential, "a/b"};
       }},
  };
  for (const Case& c : cases) {
    INFO(c.message);
    CreateKey options = named("web");
    c.change(options);
    Output output(f.out, f.err, f.settings);
    try {
      create_key(&f.store, f.clock, output, options);
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
  CHECK(
      f.list() ==
      "id,state,scopes,tenant,only,created_at,expires_at,last_used_at,uses,replaced_by,name\r\n" +
          one +
          ",expired,\"ingest,read\",default,,2026-01-15T10:30:00.25Z,2026-01-15T11:30:01Z,,0,,one"
          "\r\n" +
          two +
          ",active,\"ingest,read\",default,,2026-01-15T10:30:01.25Z,,2026-01-15T10:30:01.25Z,7,,two"
          "\r\n" +
          three + ",revoked,\"ingest,read\",default,,2026-01-15T10:30:02.25Z,,,0,,three\r\n");
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

TEST_CASE("keys: forms for the one who uses the key", "[cli]") {
  Fixture f;
  CreateKey options = named("Web #1 (EU)");
  options.expires = "2030-01-31T00:00:00Z";
  const auto made = [&](SecretFormat format, std::string name) {
    options.secret = {format, std::move(name)};
    return f.create(options);
  };
  const auto secret_of = [&](std::string_view text) {
    const std::size_t at = text.find("lgc_");
    REQUIRE(at != std::string_view::npos);
    return std::string(text.substr(at, 52));
  };
  std::string text = made(SecretFormat::env, "");
  CHECK(text == "LOGCTL_API_KEY=" + secret_of(text) + "\n");
  text = made(SecretFormat::env, "SHOP_KEY");
  CHECK(text == "SHOP_KEY=" + secret_of(text) + "\n");
  text = made(SecretFormat::systemd_credential, "");
  CHECK(text == secret_of(text));
  text = made(SecretFormat::k8s_secret, "");
  const std::string key = secret_of(text);
  CHECK(text ==
        "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: logctl-key-web-1-eu\n"
        "  annotations:\n    logctl/key-id: \"" +
            std::string(*auth::key_id(key)) +
            "\"\n    logctl/key-name: \"Web #1 (EU)\"\n"
            "    logctl/expires-at: \"2030-01-31T00:00:00Z\"\n"
            "type: Opaque\nstringData:\n  LOGCTL_API_KEY: \"" +
            key + "\"\n");
  CHECK(made(SecretFormat::k8s_secret, "shop").find("  name: shop\n") != std::string::npos);
  CHECK(f.store.list().size() == 5);
}

TEST_CASE("keys: a dry run makes and changes nothing", "[cli]") {
  Fixture f;
  CreateKey options = named("web");
  options.dry_run = true;
  CHECK(f.create(options).empty());
  CHECK(f.store.list().empty());
  options.dry_run = false;
  const std::string id(*auth::key_id(f.create(options).substr(0, 52)));
  const std::string version = f.store.version();
  Output output(f.out, f.err, f.settings);
  CHECK(revoke_key(f.store, f.clock, output, id, true) == 0);
  TypedLimits limits;
  limits.records = "5/s";
  CHECK(limit_key(f.store, output, {}, id, limits, true) == 0);
  f.clock.advance(std::chrono::hours(24 * 400));
  CHECK(prune_keys(f.store, f.clock, output, "0s", true) == 0);
  CHECK(f.store.version() == version);
}

TEST_CASE("keys: limits are shown as they hold, and set one by one", "[cli]") {
  Fixture f;
  f.settings.format = OutputFormat::json;
  config::RateLimit defaults;
  const std::string id(*auth::key_id(f.create(named("web")).substr(8, 52)));
  const auto limit = [&](const TypedLimits& typed) {
    StringSink sink;
    Output output(sink, f.err, f.settings);
    CHECK(limit_key(f.store, output, defaults, id, typed, false) == 0);
    return sink.text();
  };
  const std::string head = "{\"id\":\"" + id + "\",\"name\":\"web\",";
  CHECK(limit({}) == head +
                         "\"requests_per_second\":100,\"requests_burst\":200,"
                         "\"records_per_second\":null,\"records_burst\":null,"
                         "\"bytes_per_second\":null,\"bytes_burst\":null}\n");
  TypedLimits typed;
  typed.requests = "none";
  typed.records = "5000/s";
  typed.bytes = "10MB/s";
  typed.bytes_burst = "1GB";
  const std::string all = limit(typed);
  CHECK(all == head +
                   "\"requests_per_second\":null,\"requests_burst\":null,"
                   "\"records_per_second\":5000,\"records_burst\":10000,"
                   "\"bytes_per_second\":10000000,\"bytes_burst\":1000000000}\n");
  TypedLimits some;
  some.requests = "default";
  some.bytes = "none";
  CHECK(limit(some) == head +
                           "\"requests_per_second\":100,\"requests_burst\":200,"
                           "\"records_per_second\":5000,\"records_burst\":10000,"
                           "\"bytes_per_second\":null,\"bytes_burst\":null}\n");
  CHECK(f.store.row(id).records_rate == 5000.0);
  CHECK_FALSE(f.store.row(id).bytes_burst);
}

TEST_CASE("keys: what ended long ago is forgotten, nothing else", "[cli]") {
  Fixture f;
  CreateKey options = named("short");
  options.expires = "1h";
  f.create(options);
  const std::string revoked(*auth::key_id(f.create(named("revoked")).substr(0, 52)));
  f.create(named("lasting"));
  f.revoke(revoked);
  f.clock.advance(std::chrono::hours(24));
  const auto prune = [&](std::string_view age) {
    StringSink sink;
    Output output(sink, f.err, f.settings);
    CHECK(prune_keys(f.store, f.clock, output, age, false) == 0);
    return sink.text();
  };
  CHECK(prune("2d").empty());
  CHECK(prune("23h59m").find("\trevoked\n") != std::string::npos);
  CHECK(f.store.list().size() == 2);
  CHECK(prune("1h").find("\tshort\n") != std::string::npos);
  REQUIRE(f.store.list().size() == 1);
  CHECK(f.store.list()[0].name == "lasting");
  CHECK_THAT(f.err.text(), Catch::EndsWith("Forgot 1 key that ended more than 1h ago.\n"));
}

TEST_CASE("keys: verifying says what a daemon would say", "[cli]") {
  Fixture f;
  config::Config config;
  config.auth.api_keys = {"static-secret"};
  const auto verify = [&](std::string_view key, auth::Scopes scopes = {}) {
    StringSink sink;
    Output output(sink, f.err, f.settings);
    CHECK(verify_key(f.store, f.clock, output, config, key, scopes) == 0);
    return sink.text();
  };
  const auto fails = [&](std::string_view key, auth::Scopes scopes, ErrorCode code,
                         const std::string& message, std::string_view hint = {}) {
    try {
      Output output(f.out, f.err, f.settings);
      verify_key(f.store, f.clock, output, config, key, scopes);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == code);
      CHECK(error.message() == message);
      CHECK(error.hint() == hint);
    }
  };
  CreateKey options = named("web");
  options.scopes = "read";
  options.expires = "1h";
  const std::string key = f.create(options).substr(0, 52);
  const std::string id(*auth::key_id(key));
  CHECK(verify(key, auth::Scope::read).starts_with("id\t" + id + "\nname\tweb\nstate\tactive\n"));
  CHECK(verify("static-secret").find("state\tstatic\n") != std::string::npos);
  CHECK(f.store.row(id).use_count == 0);
  fails(key, auth::Scope::ingest, ErrorCode::forbidden, "key '" + id + "' lacks the scope 'ingest'",
        "it has: read");
  fails("nonsense", {}, ErrorCode::unauthorized, "the store does not know this key");
  fails(key.substr(0, 51) + (key.back() == '0' ? '1' : '0'), {}, ErrorCode::unauthorized,
        "the store does not know this key", "its check sum is wrong: it was cut or mistyped");
  f.clock.advance(std::chrono::hours(2));
  fails(key, {}, ErrorCode::unauthorized, "key " + id + " (web) ended at 2026-01-15T11:30:01Z");
  f.revoke(id);
  fails(key, {}, ErrorCode::unauthorized,
        "key " + id + " (web) was revoked at 2026-01-15T12:30:00.25Z");
}

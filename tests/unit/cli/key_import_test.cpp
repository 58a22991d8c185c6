#include "cli/key_import.h"

#include "cli/key_list_file.h"
#include "shared/auth/authenticator.h"
#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"

#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::cli;

namespace {

std::vector<std::string> hashes(const std::string& text) {
  std::vector<std::string> found;
  for (const ListedKey& key : read_key_list(text, "keys.txt")) found.push_back(key.hash);
  return found;
}

std::vector<std::string> hashes_of(const std::vector<std::string>& keys) {
  std::vector<std::string> found;
  for (const std::string& key : keys) found.push_back(auth::hash_key(key));
  return found;
}

struct Fixture {
  test::FakeKeys store;
  ManualClock clock{*parse_rfc3339("2026-01-15T10:30:00Z")};
  StringSink err;
  OutputSettings settings;
  ImportKeys options;

  Fixture() {
    settings.format = OutputFormat::plain;
    options.file = "keys.txt";
  }
  std::string run(const std::string& text, int status = 0) {
    StringSink sink;
    Output output(sink, err, settings);
    CHECK(import_keys(&store, clock, output, options, text) == status);
    return sink.text();
  }
};

}  // namespace

TEST_CASE("key list: every form of the other servers gives the same keys", "[cli]") {
  const std::vector<std::string> expected = hashes_of({"your-api-key-1", "your-api-key-2"});
  CHECK(hashes("your-api-key-1\nyour-api-key-2\n") == expected);
  CHECK(hashes("# keys\r\n\r\n  your-api-key-1\r\nyour-api-key-2") == expected);
  CHECK(hashes("your-api-key-1, your-api-key-2,") == expected);
  CHECK(hashes("DB_PASSWORD=x\nAPI_KEYS=your-api-key-1,your-api-key-2\nDB_HOST=y\n") == expected);
  CHECK(hashes("export LOG_INGESTION_API_KEYS=\"your-api-key-1,your-api-key-2\"") == expected);
  CHECK(hashes("LOG_AGG_API_KEYS='your-api-key-1'\nLOGCTL_AUTH_API_KEYS=your-api-key-2") ==
        expected);
  CHECK(hashes("server:\n  port: 8080\nauth:\n  api_keys:\n    - \"your-api-key-1\"\n"
               "    - your-api-key-2\n") == expected);
  // A key may hold an equals sign.
  CHECK(hashes("c2VjcmV0LXNlY3JldA==\n") == hashes_of({"c2VjcmV0LXNlY3JldA=="}));
  const std::string hash = auth::hash_key("your-api-key-1");
  CHECK(hashes("sha256:" + hash) == std::vector<std::string>{hash});
}

TEST_CASE("key list: a key of YAML has the line that it is in", "[cli]") {
  const auto lines = [](const std::string& text) {
    std::vector<int> found;
    for (const ListedKey& key : read_key_list(text, "config.yaml")) found.push_back(key.line);
    return found;
  };
  CHECK(lines("auth:\n  api_keys:\n    - first\n    # one more\n    - \"second\"\n") ==
        std::vector<int>{3, 5});
  CHECK(lines("auth:\n  api_keys: [first,\n    second]\n") == std::vector<int>{2, 3});
  CHECK(lines("auth:\n  api_keys: first,second\n") == std::vector<int>{2, 2});
}

TEST_CASE("key list: what is no key says why", "[cli]") {
  const std::string ours = auth::generate_key(auth::Scope::read).secret;
  const std::vector<ListedKey> keys =
      read_key_list("good-and-long-enough\ntwo words\nsha256:abc\n" + ours + "\n" +
                        ours.substr(0, 51) + "\n" + std::string(513, 'x') + "\nshort\n",
                    "keys.txt");
  REQUIRE(keys.size() == 7);
  CHECK(keys[0].problem.empty());
  CHECK_FALSE(keys[0].weak);
  CHECK(keys[1].line == 2);
  CHECK(keys[1].problem == "holds spaces or characters that no header can carry");
  CHECK(keys[2].problem == "expected 64 hexadecimal digits behind sha256:");
  CHECK(keys[3].id == auth::key_id(ours));
  CHECK(keys[4].problem == "looks like a key of logctl, but its check sum is wrong");
  CHECK(keys[5].problem == "has 513 bytes, allowed are 512");
  CHECK(keys[6].weak);
  for (const char* nothing : {"", "# only a comment\n", "API_KEYS=\n", "auth:\n  api_keys: []\n"}) {
    INFO(nothing);
    CHECK_THROWS_AS(read_key_list(nothing, "keys.txt"), Error);
  }
}

TEST_CASE("key import: the keys work, with the rights they were given", "[cli]") {
  Fixture f;
  f.options.scopes = "read";
  f.options.tenant = "acme";
  f.options.only = {"service=payments"};
  f.options.limits.requests = "5/s";
  f.options.expires = "90d";
  const std::string ours = auth::generate_key(auth::Scope::read).secret;
  const std::string text = f.run("first-long-enough-key\n" + ours + "\nshort\n");
  CHECK(text.find("first-long-enough-key") == std::string::npos);
  config::Config config;
  auth::Authenticator authenticator(f.store, config, f.clock);
  authenticator.refresh();
  for (const std::string& key :
       {std::string("first-long-enough-key"), ours, std::string("short")}) {
    const auth::Answer answer = authenticator.check(key);
    REQUIRE(answer.verdict == auth::Verdict::ok);
    CHECK(answer.principal->tenant == "acme");
    CHECK(answer.principal->scopes == auth::Scopes(auth::Scope::read));
    CHECK(answer.principal->only.size() == 1);
    CHECK(answer.principal->rps == 5);
  }
  CHECK(f.store.list()[0].name == "imported-1");
  CHECK(f.store.list()[2].name == "imported-3");
  CHECK(f.store.list()[0].expires_at == f.clock.now() + std::chrono::hours(24 * 90));
  CHECK_THAT(f.err.text(), Catch::Contains("Imported 3 keys, 0 of 3 known before, 0 refused.\n"));
  CHECK_THAT(f.err.text(), Catch::Contains("1 key of less than 16 characters: rotate soon"));
}

TEST_CASE("key import: a second time changes nothing, a bad line costs no good one", "[cli]") {
  Fixture f;
  f.run("first-long-enough-key,first-long-enough-key");
  CHECK(f.store.list().size() == 1);
  const std::string version = f.store.version();
  CHECK(f.run("first-long-enough-key").starts_with("1\tknown\t" + f.store.list()[0].id + "\t"));
  CHECK(f.store.version() == version);
  const std::string text = f.run("not one\nsecond-long-enough-key\n", 3);
  CHECK(text.find("1\trefused\t") != std::string::npos);
  CHECK(text.find("2\timported\t") != std::string::npos);
  CHECK(f.store.list().size() == 2);
  StringSink sink;
  Output output(sink, f.err, f.settings);
  CHECK_THROWS_AS(import_keys(&f.store, f.clock, output, f.options, "not one\n"), Error);
}

TEST_CASE("key import: a dry run stores nothing", "[cli]") {
  Fixture f;
  f.options.dry_run = true;
  CHECK(f.run("first-long-enough-key").starts_with("1\tnew\t\timported"));
  CHECK(f.store.list().empty());
}

TEST_CASE("key list: a file of another kind is refused as a whole", "[cli]") {
  const auto problem = [](const std::string& text) {
    try {
      (void)read_key_list(text, "keys.txt");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::validation_error);
      return error.message();
    }
    return std::string("none");
  };
  CHECK(problem("auth:\n  foo: 1\n") ==
        "keys.txt: line 1 is a setting, not a key; nothing was imported");
  CHECK(problem("a-long-enough-old-key\nMY_KEYS=abc\n") ==
        "keys.txt: line 2 is a setting, not a key; nothing was imported");
  CHECK(problem("# Title\nsome words\n\nmore words\nword\nthe last words\n") ==
        "keys.txt: 3 of 4 entries hold spaces, so this is no list of keys; nothing was imported");
  CHECK(problem("c29tZSBrZXkgaW4gYmFzZTY0IQ==\nuser:secret-of-the-user\n") == "none");
}

#include "cli/run.h"
#include "shared/auth/authenticator.h"
#include "shared/config/config.h"
#include "shared/storage/backend.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <string>
#include <vector>

using namespace logctl;

namespace {

struct Answer {
  int status = 0;
  std::string out, err;
};

// The whole program on an embedded store of its own.
struct Fixture {
  test::TempDir folder;
  ManualClock clock{from_micros(1'768'000'000'000'000)};

  Answer run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--set=storage.data_dir=" + folder.path().string());
    cli::StringSink out, err;
    const cli::Surroundings surroundings{.out = out, .err = err, .environment = {}, .clock = clock};
    const int status = cli::run(arguments, surroundings);
    return {status, out.text(), err.text()};
  }
};

}  // namespace

TEST_CASE("keys: what the command makes and ends is what a daemon takes and refuses", "[cli]") {
  Fixture f;
  const Answer created = f.run({"keys", "create", "--name", "web", "--scopes", "ingest", "--tenant",
                                "acme", "--expires", "1h", "--rps", "2.5", "--burst", "4"});
  INFO(created.err);
  REQUIRE(created.status == 0);
  const std::string key = created.out.substr(0, created.out.size() - 1);

  config::Config config;
  config.storage.data_dir = f.folder.path();
  const storage::Backend backend = storage::open_backend(config, f.clock);
  auth::Authenticator authenticator(*backend.keys, config, f.clock);
  authenticator.refresh();
  const auth::Answer answer = authenticator.check(key);
  REQUIRE(answer.verdict == auth::Verdict::ok);
  CHECK(answer.principal->name == "web");
  CHECK(answer.principal->tenant == "acme");
  CHECK(answer.principal->scopes == auth::Scopes(auth::Scope::ingest));
  CHECK(answer.principal->rps == 2.5);
  CHECK(answer.principal->burst == 4);

  authenticator.flush_use();
  const Answer listed = f.run({"keys", "list", "-o", "csv"});
  CHECK_THAT(listed.out, Catch::Contains(",active,ingest,acme,"));
  CHECK_THAT(listed.out, Catch::Contains(",1,,web\r\n"));

  CHECK(f.run({"keys", "revoke", answer.principal->key_id}).status == 0);
  authenticator.refresh();
  CHECK(authenticator.check(key).verdict == auth::Verdict::unknown);
}

TEST_CASE("keys: exit statuses and messages of the whole program", "[cli]") {
  Fixture f;
  const auto fails = [&](std::vector<std::string> arguments, int status, std::string_view message) {
    const Answer answer = f.run(std::move(arguments));
    CHECK(answer.status == status);
    CHECK(answer.err == message);
    CHECK(answer.out.empty());
  };
  REQUIRE(f.run({"migrate", "up"}).status == 0);
  fails({"keys", "revoke", "nobody"}, 5,
        "logctl: no key has the id 'nobody'\nhint: `logctl keys list` shows the ids\n");
  fails({"keys", "create"}, 2,
        "logctl: --name is required\nhint: see `logctl keys create --help`\n");
  fails({"keys", "create", "--name", "x", "--scopes", "ingest,admni"}, 2,
        "logctl: --scopes: found 'admni', expected a list such as ingest,read out of ingest, read, "
        "admin\nhint: did you mean 'admin'?\n");
  CHECK(f.run({"keys", "list"}).out.empty());
}

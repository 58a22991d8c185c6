#include "service/instance.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <optional>
#include <unistd.h>

using namespace logctl;
using namespace logctl::test;
using Catch::Matchers::Contains;

namespace {

// What a second daemon is told.
std::string refusal(const std::filesystem::path& directory) {
  try {
    claim_directory(directory, system_clock());
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::locked);
    return error.message();
  }
  return {};
}

}  // namespace

TEST_CASE("a data directory has one daemon at a time") {
  const TempDir dir;
  const std::filesystem::path directory = dir.path() / "new" / "data";
  std::optional<storage::ProcessLock> first = claim_directory(directory, system_clock());
  CHECK_THAT(refusal(directory),
             Contains("'" + directory.string() + "' is in use by another daemon"));
  CHECK_THAT(refusal(directory), Contains("process " + std::to_string(::getpid())));
  first.reset();
  CHECK(refusal(directory).empty());
}

TEST_CASE("work that needs the daemon stopped says which one runs") {
  const TempDir dir;
  CHECK_NOTHROW(storage::require_no_daemon(dir.path(), "restore"));
  {
    const storage::ProcessLock daemon = claim_directory(dir.path(), system_clock());
    CHECK_THROWS_WITH(storage::require_no_daemon(dir.path(), "migrate down"),
                      Contains("migrate down: a daemon uses '" + dir.path().string() + "'"));
  }
  CHECK_NOTHROW(storage::require_no_daemon(dir.path(), "restore"));
}

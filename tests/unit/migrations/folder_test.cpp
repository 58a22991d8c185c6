#include "shared/migrations/folder.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/storage/sql_text.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <filesystem>
#include <functional>

using namespace logctl;
using namespace logctl::migrations;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error was thrown");
  return Error(ErrorCode::internal, "");
}

}  // namespace

TEST_CASE("step folder: created pairs are numbered on and read as steps", "[migrations]") {
  const test::TempDir dir;
  const StepFiles first = create_step(dir.path(), "add_users", true, false);
  CHECK(first.up.filename() == "0001_add_users.up.sql");
  CHECK(first.down.filename() == "0001_add_users.down.sql");
  const StepFiles second = create_step(dir.path(), "index_users", false, false);
  CHECK(second.up.filename() == "0002_index_users.up.sql");

  const StepFolder folder(dir.path(), "postgres");
  REQUIRE(folder.steps().size() == 2);
  CHECK(folder.steps()[0].name == "add_users");
  CHECK(storage::is_transactional(folder.steps()[0].up));
  CHECK_FALSE(storage::is_transactional(folder.steps()[1].up));
  CHECK_FALSE(storage::is_transactional(folder.steps()[1].down));
  CHECK(storage::statements_of(folder.steps()[1].up).empty());
}

TEST_CASE("step folder: a dry run says the names and makes nothing", "[migrations]") {
  const test::TempDir dir;
  CHECK(create_step(dir.path(), "x", true, true).up.filename() == "0001_x.up.sql");
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("step folder: a set's own folder goes before the files beside it", "[migrations]") {
  const test::TempDir dir;
  fs::create_directory(dir.path() / "sqlite");
  create_step(dir.path() / "sqlite", "inner", true, false);
  CHECK(StepFolder(dir.path(), "sqlite").steps().front().name == "inner");
  const Error error = error_of([&] { create_step(dir.path(), "x", true, false); });
  CHECK(error.code() == ErrorCode::usage);
  CHECK_THAT(error.hint(), Contains("--dir"));
}

TEST_CASE("step folder: what is wrong is named", "[migrations]") {
  const test::TempDir dir;
  CHECK(error_of([&] { StepFolder(dir.path() / "none", "s"); }).code() == ErrorCode::not_found);
  CHECK_THAT(error_of([&] { StepFolder(dir.path(), "s"); }).message(), Contains("holds no steps"));
  replace_file(dir.path() / "0001_a.up.sql", "x");
  const Error half = error_of([&] { StepFolder(dir.path(), "s"); });
  CHECK(half.code() == ErrorCode::config);
  CHECK_THAT(half.message(), Contains("step 1 'a' has no .down.sql"));
  for (const char* name : {"", "Add users", "a.b", "../x"}) {
    CHECK(error_of([&] { create_step(dir.path(), name, true, false); }).code() == ErrorCode::usage);
  }
  CHECK_THAT(error_of([&] { create_step(dir.path(), "Add users", true, false); }).hint(),
             Contains("add_users"));
}
